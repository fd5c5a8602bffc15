"""A document's own fields as sheets: what stands once, then each list under the words of its table.

A list within a list begins with the first columns of what it stands in.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from documents.fields import LIST, Field, fields_of
from documents.rendering import Chart
from rest.books import Sheet

from .words import Printed

LEADING = 2
ONCE = ("项目", "内容")
Row = Mapping[str, Any]


def sheets(kind: str, told: Row) -> Iterator[Sheet]:
    """The first with what stands once, the others in the order of the table of fields."""
    lists: dict[str, list[Field]] = defaultdict(list)
    for field in fields_of(kind):
        lists[field.path.rpartition(LIST)[0]].append(field)
    once = [field for field in lists.pop("") if not isinstance(told[field.path], Chart)]
    yield Sheet("概况", [ONCE, *([_called(field), *_cells(told, [field])] for field in once)], 1)
    for path, fields in lists.items():
        lead = lists.get(path.rpartition(LIST)[0], [])[:LEADING]
        head = [_called(field).replace("：", "") for field in lead]
        head += [_called(field).partition("：")[2] for field in fields]
        rows = (_cells(outer, lead) + _cells(row, fields) for outer, row in _rows(told, path))
        title = _called(fields[0]).partition("：")[0]
        yield Sheet(title, [head, *rows], len(lead) or 1)


def _rows(told: Row, path: str) -> Iterator[tuple[Row, Row]]:
    """The rows of a list, each with the row it stands in."""
    outer, _dot, name = path.rpartition(LIST)
    for before in [row for _before, row in _rows(told, outer)] if outer else [told]:
        yield from ((before, row) for row in before[name])


def _called(field: Field) -> str:
    """Its meaning without what is to be known of it beside."""
    return field.meaning.partition("；")[0]


def _cells(row: Row, fields: Iterable[Field]) -> list[Any]:
    values = (row[field.path.rpartition(LIST)[2]] for field in fields)
    return [value.cell if isinstance(value, Printed) else value for value in values]

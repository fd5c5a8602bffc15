"""What importing a table of school figures would do, or did: changes and problems by row."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import tablib
from django.utils.translation import gettext as _

from districts.models import User
from indicators import wording
from selfchecks.models import SelfCheck
from selfchecks.resources import SchoolRecordResource

FIRST_ROW = 2  # the row below the header, as spreadsheets count


@dataclass(frozen=True, slots=True)
class Problem:
    row: int | None
    column: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Change:
    row: int
    school: str
    is_new: bool


@dataclass(frozen=True, slots=True)
class RecordLook:
    changes: tuple[Change, ...]
    unchanged: int
    problems: tuple[Problem, ...]


def look_at(
    self_check: SelfCheck, table: tablib.Dataset, by: User, *, dry_run: bool = True
) -> RecordLook:
    """One path for looking and keeping; a table with any problem changes nothing."""
    resource = SchoolRecordResource(self_check, by)
    result = resource.import_data(table, dry_run=dry_run)
    return RecordLook(
        changes=tuple(_changes(result, table)),
        unchanged=result.totals["skip"],
        problems=tuple(_problems(result)),
    )


def _changes(result: Any, table: tablib.Dataset) -> Iterator[Change]:
    for place, row in enumerate(result.rows):
        if row.import_type in ("new", "update"):
            line = table.dict[place]
            name = f"{line['school_name']} {line['school_code']}"
            yield Change(place + FIRST_ROW, name, row.import_type == "new")


def _problems(result: Any) -> Iterator[Problem]:
    for failure in result.base_errors:
        yield Problem(None, "", str(failure.error))
    for place, failures in result.row_errors():
        for failure in failures:
            yield Problem(place + 1, "", _in_words(failure.error))
    for row in result.invalid_rows:
        for field, sentences in row.field_specific_errors.items():
            for sentence in sentences:
                yield Problem(row.number + 1, wording.label_of(field), str(sentence))
        for sentence in row.non_field_specific_errors:
            yield Problem(row.number + 1, "", str(sentence))


def _in_words(error: Exception) -> str:
    """Sentences of our own only: what a database says is for nobody's eyes."""
    if type(error).__name__ in ("Conflict", "Unusable"):
        return str(error)
    return _("这一行不能导入;请核对学校标识码是否已在名册登记。")

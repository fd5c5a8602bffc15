"""Columns of exchanged tables: how a model's value is written, read and refused in words."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from import_export import widgets
from import_export.fields import Field

from districts.models import District
from districts.wording import listed
from figures.table import COUNT, TEXT
from workbooks import entry
from workbooks.entry import DAY


class Column(Field):
    """A column by its Chinese header, also known by the names machines use.

    ``kind`` and ``options`` say to the reader of tables what its cells hold.
    """

    def __init__(
        self, attribute: str, header: str, *aliases: str, kind: str = TEXT, **options: Any
    ) -> None:
        field = {n: options.pop(n) for n in ("widget", "readonly") if n in options}
        super().__init__(attribute, header, **{"widget": WIDGETS.get(kind, Text)(), **field})
        self.entry = entry.Column(attribute, header, kind, aliases=aliases, **options)

    @property
    def required(self) -> bool:
        return self.entry.required

    def clean(self, row: Any, **kwargs: Any) -> Any:
        """The value of an answer; what could not be read has its finding already."""
        answer = row[self.column_name]
        if answer.failed or (answer.value is None and self.required):
            raise ValueError
        return self.widget.clean(answer.value, row=row, **kwargs)


def by_name(*columns: Column) -> dict[str, Column]:
    """The columns of a resource, in their order."""
    return {column.attribute: column for column in columns}


class Text(widgets.Widget):
    """Words; also codes and choices, which the reader has looked at already."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        return "" if value is None else value

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return "" if value is None else str(value)


class Choice(Text):
    def __init__(self, choices: Any) -> None:
        super().__init__()
        self.values = tuple(str(value) for value in choices.values)

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        if value and value not in self.values:
            raise ValueError(_("不是可选的值；请填写：%s。") % listed(self.values))
        return str(value)


class Number(Text):
    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        return value

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return "" if value is None else value


class Day(Text):
    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> date | None:
        return date.fromisoformat(value) if value else None


WIDGETS: dict[str, type[Text]] = {COUNT: Number, DAY: Day}


class Unit(Text):
    """A unit by name, full name or code; a name of two is that of the one there is today."""

    def __init__(self) -> None:
        super().__init__()
        self.known: dict[str, District] = {}

    def learn(self, districts: Iterable[District]) -> None:
        for district in sorted(districts, key=lambda unit: unit.valid_to is None):
            for name in (district.full_name, district.name, str(district), district.code):
                self.known[name] = district

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> District | None:
        if not value:
            return None
        if value not in self.known:
            raise ValueError(_("没有这个区县；请写全名（如 铜梁区）或代码（如 500151）。"))
        return self.known[value]

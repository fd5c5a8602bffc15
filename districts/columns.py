"""Columns of exchanged tables: known by header or code, their values exact, refused in words."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from import_export import widgets
from import_export.fields import Field

from districts.models import District
from districts.spreadsheet import Broken
from districts.wording import listed


class Column(Field):
    """A column by its Chinese header, also known by the names machines use."""

    def __init__(
        self, attribute: str, header: str, *aliases: str, required: bool = False, **options: Any
    ) -> None:
        super().__init__(attribute=attribute, column_name=header, **options)
        self.aliases = {key_of(name) for name in (header, attribute, *aliases)}
        self.required = required

    def clean(self, row: Any, **kwargs: Any) -> Any:
        text = row[self.column_name]
        if isinstance(text, Broken):
            raise ValueError(str(text.why))
        if not text:
            if self.required:
                raise ValueError(_("不能为空,请填写。"))
            return self.widget.clean("", row=row, **kwargs)
        return self.widget.clean(text, row=row, **kwargs)


def key_of(text: str) -> str:
    """A header without blanks, marks of necessity and case."""
    return re.sub(r"[\s**]", "", text).lower()


class Text(widgets.Widget):
    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        return str(value)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "" if value is None else str(value)


class Digits(Text):
    """A code of so many digits, kept as text; says how Excel spoils such codes."""

    def __init__(self, length: int) -> None:
        super().__init__()
        self.length = length

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        text = str(value)
        if re.fullmatch(r"\d+(\.\d+)?[eE]\+?\d+", text):
            raise ValueError(
                _("Excel 把它写成了科学计数法,末尾的数字可能已丢失;请把整列设为文本后重新填写。")
            )
        if not re.fullmatch(r"[0-9]+", text):
            raise ValueError(_("应为 %s 位数字。") % self.length)
        if len(text) != self.length:
            raise ValueError(
                _("应为 %(length)s 位数字,现在是 %(found)s 位;开头的 0 丢失时请把列设为文本。")
                % {"length": self.length, "found": len(text)}
            )
        return text


class Choice(Text):
    def __init__(self, choices: Any) -> None:
        super().__init__()
        self.values = tuple(str(value) for value in choices.values)

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        if value and value not in self.values:
            raise ValueError(_("不是可选的值;请填写:%s。") % listed(self.values))
        return str(value)


class Number(widgets.Widget):
    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> int | None:
        if not value:
            return None
        if not re.fullmatch(r"[0-9]{1,4}", str(value)):
            raise ValueError(_("应为不超过 4 位的整数。"))
        return int(value)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return "" if value is None else value


class Day(Text):
    """2026-11-23, 2026/11/23, 2026.11.23 or 2026年11月23日."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        if not value:
            return None
        match = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", str(value))
        try:
            return date(*map(int, match.groups())) if match else _unread_day()
        except ValueError as error:
            raise ValueError(_("日期读不懂;请写成 2026-11-23 这样的年-月-日。")) from error


def _unread_day() -> date:
    raise ValueError


class Unit(Text):
    """A unit by name, full name or code."""

    def __init__(self) -> None:
        super().__init__()
        self.known: dict[str, District] = {}

    def learn(self, districts: Iterable[District]) -> None:
        for district in districts:
            for name in (district.full_name, district.name, district.code):
                self.known[name] = district

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> District | None:
        if not value:
            return None
        if value not in self.known:
            raise ValueError(_("没有这个区县;请写全名(如 铜梁区)或代码(如 500151)。"))
        return self.known[value]

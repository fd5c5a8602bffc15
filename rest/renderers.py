"""Writes answers as JSON, and lists also as CSV and Excel tables that no spreadsheet executes."""

import csv
import json
import re
from abc import abstractmethod
from datetime import date, datetime
from decimal import Decimal
from io import StringIO
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.utils.encoders import JSONEncoder

from .books import Number, Sheet, write_book

# = + - @ as typed, and their full-width and small forms, which Excel reads alike.
_STARTS_FORMULA = frozenset("=+-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b")
_STARTS_CELL = frozenset("\t\r\n")
_NEGATIVE = re.compile(r"-\d+(\.\d+)?")


class _Encoder(JSONEncoder):
    """Moments in the portal's time zone, decimals as text."""

    def default(self, value: Any) -> Any:
        if isinstance(value, datetime):
            return moment(value)
        if isinstance(value, Decimal):
            return format(value, "f")
        return super().default(value)


def moment(value: datetime) -> str:
    """A moment as ``2026-11-23T09:00:00+08:00``."""
    return timezone.localtime(value).isoformat(timespec="seconds")


class JsonRenderer(JSONRenderer):
    encoder_class = _Encoder


class TableRenderer(BaseRenderer):
    """A whole list as one table: field names on top, one row each."""

    charset: str | None = None
    render_style = "binary"

    def render(self, data: Any, media_type: Any = None, renderer_context: Any = None) -> bytes:
        view, response = renderer_context["view"], renderer_context["response"]
        response["Content-Disposition"] = f'attachment; filename="{view.table_name}.{self.format}"'
        columns = view.table_columns()
        rows = [columns, *([row.get(name) for name in columns] for row in data)]
        return self.write(rows, str(view.table_title))

    @abstractmethod
    def write(self, rows: list[list[Any]], title: str = "") -> bytes:
        """The rows, header first, as the bytes of a file."""


class CsvRenderer(TableRenderer):
    """UTF-8 with BOM, so that Excel shows Chinese as Chinese."""

    media_type = "text/csv"
    format = "csv"
    charset = "utf-8"

    def write(self, rows: list[list[Any]], title: str = "") -> bytes:
        buffer = StringIO(newline="")
        writer = csv.writer(buffer, lineterminator="\r\n")
        writer.writerows([harmless(flat(value)) for value in row] for row in rows)
        return buffer.getvalue().encode("utf-8-sig")


class XlsxRenderer(TableRenderer):
    """Text is written as text, whatever it begins with; numbers can be summed."""

    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    format = "xlsx"

    def write(self, rows: list[list[Any]], title: str = "") -> bytes:
        table = [list(map(flat, row)) for row in rows]
        return write_book([Sheet(title or gettext("数据"), table)])


def flat(value: Any) -> Any:
    """A value as one cell holds it: lists joined, objects as JSON, moments as text."""
    if value is None or isinstance(value, (bool, int, Decimal, str, Number)):
        return value
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, (date, Promise)):
        return value if isinstance(value, date) else str(value)
    if isinstance(value, (list, tuple)) and all(isinstance(item, str) for item in value):
        return ";".join(value)
    return json.dumps(value, ensure_ascii=False, cls=_Encoder)


def harmless(value: Any) -> Any:
    """Text that a spreadsheet would take for a formula gets an apostrophe; numbers stay."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Number):
        return str(value)
    if not isinstance(value, str) or not value or _NEGATIVE.fullmatch(value):
        return value
    starts = value[0] in _STARTS_CELL or value.lstrip()[:1] in _STARTS_FORMULA
    return f"'{value}" if starts else value

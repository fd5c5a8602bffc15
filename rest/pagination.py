"""Pages of a list that neither skip nor repeat rows while others insert."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.utils.urls import replace_query_param

from .problems import BadParameters

SALT = "rest.cursor"
MOST = 500
_NOT_PART_OF_LIST = ("cursor", "page_size", "format")


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page begins: after the row with this key, or before it when going back."""

    key: Any = None
    is_backward: bool = False


class CursorPages(BasePagination):
    """Walks along one unique key (``cursor_key`` of the view, "-" for descending).

    The cursor is signed and belongs to one list: another list's or a made-up one is refused.
    """

    page_size = api_settings.PAGE_SIZE

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        self.request = request
        self._walk_along(view)
        cursor, size = self._cursor(), self._size()
        rows = self._rows(queryset, cursor, size + 1)
        has_more, rows = len(rows) > size, rows[:size]
        if cursor.is_backward:
            rows.reverse()
        has_next = bool(rows) and (cursor.is_backward or has_more)
        has_previous = bool(rows) and (has_more if cursor.is_backward else cursor.key is not None)
        self.next = self._link(rows[-1], False) if has_next else None
        self.previous = self._link(rows[0], True) if has_previous else None
        return rows

    def whole(self, source: Any, view: Any) -> list[Any]:
        """Every row, in the order the pages have."""
        self._walk_along(view)
        return self._rows(source, Cursor(), None)

    def _walk_along(self, view: Any) -> None:
        self.key = view.cursor_key.lstrip("-")
        self.descending = view.cursor_key.startswith("-")

    def _rows(self, source: Any, cursor: Cursor, most: int | None) -> list[Any]:
        is_down = self.descending != cursor.is_backward
        if isinstance(source, QuerySet):
            if cursor.key is not None:
                source = source.filter(**{f"{self.key}__{'lt' if is_down else 'gt'}": cursor.key})
            return list(source.order_by(f"-{self.key}" if is_down else self.key)[:most])
        return _from_rows(source, self.key, cursor, is_down)[:most]

    def _size(self) -> int:
        text = self.request.query_params.get("page_size", "")
        if not text:
            return int(self.page_size)
        if not (text.isascii() and text.isdigit() and len(text) < 6 and 1 <= int(text) <= MOST):
            raise BadParameters({"page_size": _("每页条数应是 1 到 %s 的整数。") % MOST})
        return int(text)

    def _cursor(self) -> Cursor:
        text = self.request.query_params.get("cursor", "")
        if not text:
            return Cursor()
        try:
            of_list, key, is_backward = signing.Signer(salt=SALT).unsign_object(text)
        except (signing.BadSignature, ValueError, TypeError):
            of_list, key, is_backward = None, None, None
        if of_list != self._list_name():
            raise BadParameters({"cursor": _("这个翻页标记不能用;请从第一页重新开始。")})
        return Cursor(key, is_backward)

    def _list_name(self) -> str:
        """Path and filters: what makes this list this list."""
        asked = sorted(
            (name, value)
            for name, value in self.request.query_params.items()
            if name not in _NOT_PART_OF_LIST
        )
        return f"{self.request.path}?{asked}"

    def _link(self, row: Any, is_backward: bool) -> str:
        place = [self._list_name(), _value(row, self.key), is_backward]
        text = signing.Signer(salt=SALT).sign_object(place, compress=True)
        return replace_query_param(self.request.build_absolute_uri(), "cursor", text)

    def get_paginated_response(self, data: Any) -> Response:
        links = [
            f'<{url}>; rel="{relation}"'
            for relation, url in (("next", self.next), ("prev", self.previous))
            if url
        ]
        return Response(
            {"next": self.next, "previous": self.previous, "results": data},
            headers={"Link": ", ".join(links)} if links else None,
        )

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": link, "previous": link, "results": schema},
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        return [
            {
                "name": "page_size",
                "in": "query",
                "description": _("每页条数,1 到 %s。") % MOST,
                "schema": {"type": "integer", "minimum": 1, "maximum": MOST},
            },
            {
                "name": "cursor",
                "in": "query",
                "description": _("翻页标记:请照用应答里 next 或 previous 的地址,不要自己拼。"),
                "schema": {"type": "string"},
            },
        ]


def _value(row: Any, key: str) -> Any:
    """The key's value; ``district__code`` follows relations as a queryset would."""
    if isinstance(row, Mapping):
        return row[key]
    for name in key.split("__"):
        row = getattr(row, name)
    return row


def _from_rows(rows: Sequence[Any], key: str, cursor: Cursor, is_down: bool) -> list[Any]:
    """The same walk over rows that were counted rather than selected."""
    ordered = sorted(rows, key=lambda row: _value(row, key), reverse=is_down)
    if cursor.key is None:
        return ordered
    return [
        row
        for row in ordered
        if (_value(row, key) < cursor.key if is_down else _value(row, key) > cursor.key)
    ]

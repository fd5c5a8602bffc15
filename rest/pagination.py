"""Pages of a list that neither skip nor repeat rows while others insert."""

from collections.abc import Mapping
from typing import Any

from django.core import signing
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from crypto.signing import ProfileSigner

from .problems import BadParameters

MOST = 500
_NOT_PART_OF_LIST = ("cursor", "page_size", "format", "fields")


class _Undated(ProfileSigner):
    """Without the second: a page that has not changed is the same page, and has the same ETag."""

    def timestamp(self) -> str:
        return "0"


_SIGNER = _Undated(salt="rest.cursor")


class CursorPages(CursorPagination):
    """DRF's own, along one unique key (``cursor_key`` of the view, "-" for descending).

    The cursor is signed and belongs to one list: another list's or a made-up one is refused.
    """

    page_size_query_param = "page_size"
    page_size_query_description = gettext_lazy("每页条数，1 到 500。")
    cursor_query_description = gettext_lazy(
        "翻页标记：请照用应答里 next 或 previous 的地址，不要自己拼。"
    )

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        self.request = request
        return list(super().paginate_queryset(walkable(queryset), request, view))

    def get_ordering(self, request: Request, queryset: Any, view: Any) -> tuple[str]:
        return (view.cursor_key,)

    def get_page_size(self, request: Request) -> int:
        """DRF's own takes what it cannot read for not asked."""
        text = request.query_params.get("page_size", "")
        if not text:
            return int(self.page_size)
        if not (text.isascii() and text.isdigit() and len(text) < 6 and 1 <= int(text) <= MOST):
            raise BadParameters({"page_size": _("每页条数应是 1 到 %s 的整数。") % MOST})
        return int(text)

    def decode_cursor(self, request: Request) -> Cursor | None:
        text = request.query_params.get("cursor", "")
        if not text:
            return None
        try:
            of_list, *place = _SIGNER.unsign_object(text)
        except (signing.BadSignature, ValueError, TypeError):
            of_list = None
        if of_list != self._list_name():
            raise BadParameters({"cursor": _("这个翻页标记不能用；请从第一页重新开始。")})
        return Cursor(*place)

    def encode_cursor(self, cursor: Cursor) -> str:
        text = _SIGNER.sign_object([self._list_name(), *cursor], compress=True)
        return str(replace_query_param(self.base_url, "cursor", text))

    def _list_name(self) -> str:
        """Path and filters: what makes this list this list."""
        asked = sorted(
            (name, value)
            for name, value in self.request.query_params.items()
            if name not in _NOT_PART_OF_LIST
        )
        return f"{self.request.path}?{asked}"

    def _get_position_from_instance(self, instance: Any, ordering: tuple[str]) -> Any:
        return _value(instance, ordering[0].lstrip("-"))

    def get_paginated_response(self, data: Any) -> Response:
        response = super().get_paginated_response(data)
        links = {"next": response.data["next"], "prev": response.data["previous"]}
        if any(links.values()):
            response["Link"] = ", ".join(
                f'<{url}>; rel="{rel}"' for rel, url in links.items() if url
            )
        return response

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": link, "previous": link, "results": schema},
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        cursor, page_size = super().get_schema_operation_parameters(view)
        page_size["schema"] |= {"minimum": 1, "maximum": MOST}
        return [page_size, cursor]


def walkable(rows: Any) -> Any:
    return rows if isinstance(rows, QuerySet) else _Rows(rows)


class _Rows(list[Any]):
    """Rows that were counted rather than selected, walked as a queryset is."""

    def order_by(self, key: str) -> "_Rows":
        name = key.lstrip("-")
        return _Rows(sorted(self, key=lambda row: _value(row, name), reverse=key != name))

    def filter(self, **bound: Any) -> "_Rows":
        ((lookup, limit),) = bound.items()
        name, _sep, direction = lookup.rpartition("__")
        is_up = direction == "gt"
        values = ((row, _value(row, name)) for row in self)
        return _Rows(row for row, value in values if (value > limit if is_up else value < limit))


def _value(row: Any, key: str) -> Any:
    """The key's value; ``district__code`` follows relations as a queryset would."""
    for name in key.split("__"):
        row = row[name] if isinstance(row, Mapping) else getattr(row, name)
    return row

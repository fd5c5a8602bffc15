"""Which members of an answer the reader wants: the others are neither computed nor sent."""

from collections.abc import Iterable, MutableMapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiParameter
from rest_framework.permissions import SAFE_METHODS
from rest_framework.response import Response

from .problems import BadParameters

FIELDS = "fields"
PARAMETER = OpenApiParameter(
    FIELDS,
    description=gettext_lazy(
        "只要哪几项，用英文逗号隔开；写了它，应答里每一条就只有这几项，按原来的顺序。"
    ),
)


class ChoosesFields:
    """Lists and their members, as JSON and as tables, with the members that ``fields`` names."""

    request: Any

    @property
    def asked_fields(self) -> str:
        is_reading = self.request.method in SAFE_METHODS
        return self.request.query_params.get(FIELDS, "") if is_reading else ""

    def allowed_parameters(self) -> set[str]:
        names: set[str] = super().allowed_parameters()  # type: ignore[misc]
        return names | {FIELDS} if self.request.method in SAFE_METHODS else names

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        serializer = super().get_serializer(*args, **kwargs)  # type: ignore[misc]
        if self.asked_fields:
            fields = getattr(serializer, "child", serializer).fields
            readable = [name for name, field in fields.items() if not field.write_only]
            _keep(fields, self.asked_fields, readable)
        return serializer

    def chosen(self, whole: Response) -> Response:
        """Of an answer that is made at once."""
        if self.asked_fields:
            _keep(whole.data, self.asked_fields, list(whole.data))
        return whole


def _keep(members: MutableMapping[str, Any], asked: str, known: Iterable[str]) -> None:
    """Raises BadParameters for a name that is none of them."""
    names = asked.split(",")
    if unknown := [name for name in names if name not in known]:
        words = {"found": unknown[0][:60], "known": ", ".join(known)}
        raise BadParameters({FIELDS: _("没有「%(found)s」这一项；可选的有 %(known)s。") % words})
    for name in [name for name in members if name not in names]:
        del members[name]

"""What was known on a day: the rows of a list as they stood at its end, whatever was corrected
since; a list that cannot say so refuses, with the reason."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.permissions import SAFE_METHODS

from .problems import BadParameters

KNOWN_ON = "known_on"
BESIDE = {"format", "page_size", "cursor", "fields", "version", KNOWN_ON}
PARAMETER = OpenApiParameter(
    KNOWN_ON,
    type=OpenApiTypes.DATE,
    description=gettext_lazy(
        "到这一天结束时门户里是什么，例如 2026-11-23；以后再更正、再补录，应答也不变。"
        "不能和筛选一起用。"
    ),
)


class KnowsPast:
    """``past`` makes of what the reader may see the rows as they were at the end of a day, and
    raises Unusable for a day about which it cannot be said."""

    request: Any
    kwargs: Any
    past: Any = None

    @property
    def known_on(self) -> date | None:
        is_reading = self.request.method in SAFE_METHODS
        text = self.request.query_params.get(KNOWN_ON) if is_reading else None
        return _day(text) if text else None

    def allowed_parameters(self) -> set[str]:
        names: set[str] = super().allowed_parameters()  # type: ignore[misc]
        return names | {KNOWN_ON} if self.request.method in SAFE_METHODS else names

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)  # type: ignore[misc]
        if self.known_on is None:
            return
        if self.past is None:
            sentence = _(
                "这个列表不能查某一天知道什么：它的内容会就地改动，或者取自会改动的内容，"
                "审计记录不够还原当天的全部；可用的列表见接口说明。"
            )
            raise BadParameters({KNOWN_ON: sentence})
        if others := sorted(set(request.query_params) - BESIDE):
            sentence = _("known_on 不能和筛选「%s」一起用：筛选按现在的内容进行；请去掉其中一个。")
            raise BadParameters({KNOWN_ON: sentence % others[0]})

    def filter_queryset(self, queryset: Any) -> Any:
        rows = super().filter_queryset(queryset)  # type: ignore[misc]
        return self.past(rows, self.known_on) if self.past and self.known_on else rows

    def get_object(self) -> Any:
        if not self.known_on:
            return super().get_object()  # type: ignore[misc]
        name: Any = self.lookup_field  # type: ignore[attr-defined]
        wanted = self.kwargs[getattr(self, "lookup_url_kwarg", None) or name]
        rows = self.filter_queryset(self.get_queryset())  # type: ignore[attr-defined]
        if isinstance(rows, QuerySet):
            return get_object_or_404(rows, **{name: wanted})
        for row in rows:
            value = row
            for part in name.split("__"):
                value = getattr(value, part)
            if str(value) == wanted:
                return row
        raise Http404


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        sentence = _("日期「%s」读不懂，请写成 2026-11-23 这样的年-月-日。") % text[:40]
        raise BadParameters({KNOWN_ON: sentence})
    if day > timezone.localdate():
        raise BadParameters({KNOWN_ON: _("%s 还没有到；最晚可查今天。") % text})
    return day

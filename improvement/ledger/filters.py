"""What the ledger may be asked for: the same words on its page, in its workbook and in the API."""

from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, FilterSet

from districts.models import District
from improvement.models import Problem
from improvement.models.ledger import AT_BUREAU, Kind, Source, State
from indicators.services.rules import known_codes
from rest.filters import FlagFilter, OneOfFilter, one_of
from selfchecks import clock

LONGEST = 80  # of what is looked for
# What a page may sort by; problems without a day come last, the newest first among equals.
SORTS: dict[str, tuple[Any, ...]] = {
    "due": (F("due_on").asc(nulls_last=True), "-pk"),
    "-due": (F("due_on").desc(nulls_last=True), "-pk"),
    "indicator": ("indicator", "-pk"),
    "-indicator": ("-indicator", "-pk"),
    "school": ("school_name", "-pk"),
    "-school": ("-school_name", "-pk"),
    "new": ("-pk",),
}


def late() -> Q:
    """Problems whose day has passed while the next move is the bureau's."""
    return Q(state__in=AT_BUREAU, due_on__lt=timezone.localdate(clock.now()))


def _units() -> list[str]:
    return list(District.objects.values_list("code", flat=True))


class ProblemFilter(FilterSet):
    district = CharFilter("district__code", validators=[one_of(_units)], label=_("区县"))
    state = OneOfFilter(field_name="state", choices=State.choices, label=_("状态"))
    late = FlagFilter(method="by_late", label=_("逾期"))
    undated = FlagFilter("due_on", "isnull", label=_("没有期限"))
    source = OneOfFilter(field_name="source", choices=Source.choices, label=_("来源"))
    kind = OneOfFilter(field_name="kind", choices=Kind.choices, label=_("销号依据"))
    indicator = CharFilter("indicator", validators=[one_of(known_codes)], label=_("指标"))
    school = CharFilter(method="by_school", max_length=LONGEST, label=_("学校名称或标识码"))

    def by_late(self, rows: QuerySet[Problem], name: str, value: bool) -> QuerySet[Problem]:
        return rows.filter(late()) if value else rows.exclude(late())

    def by_school(self, rows: QuerySet[Problem], name: str, value: str) -> QuerySet[Problem]:
        text = value.strip()
        return rows.filter(Q(school_code=text) | Q(school_name__contains=text))

"""One page of the ledger for its reader: what was asked for, how many there are, which are here."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django import forms
from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from audit.refusals import one_of
from districts.models import District, User
from districts.scope import CITY
from improvement.ledger.filters import SORTS, ProblemFilter, late
from improvement.models import Problem
from improvement.models.ledger import AT_BUREAU, State
from indicators.choosing import choices

PAGE = 30  # on a phone too they are read in a few screens
MOST = 5000  # rows of one workbook


_TABS = ("state", "late", "undated", "sort")


class Tab(NamedTuple):
    """``is_on`` where the reader looks at just these."""

    label: str
    total: int
    query: str
    is_on: bool


class Ledger:
    """``asked`` are the parameters of the address. Raises Unusable for a sort there is not."""

    def __init__(self, viewer: User, asked: Mapping[str, Any]) -> None:
        self.viewer = viewer
        names = ProblemFilter.base_filters
        self.asked = {name: asked[name] for name in (*names, "sort") if asked.get(name)}
        self.sort = one_of(asked, "sort", SORTS) or "due"
        self.number = asked.get("page", "1")
        self.found = ProblemFilter(self.asked, self._rows)
        self.found.form.label_suffix = ""
        self._offer_names()

    def _offer_names(self) -> None:
        fields = self.found.form.fields
        fields["indicator"].widget = forms.Select(choices=[("", _("全部")), *choices()])
        field = fields["district"]
        if self.viewer.reach != CITY:
            del fields["district"]
            return
        names = [(row.code, row.display_name) for row in District.objects.order_by("order", "code")]
        field.widget = forms.Select(choices=[("", _("全部")), *names])

    @property
    def _rows(self) -> QuerySet[Problem]:
        return Problem.objects.visible_to(self.viewer)

    @property
    def is_citywide(self) -> bool:
        return self.viewer.reach == CITY

    @property
    def form(self) -> forms.Form:
        """The filters that are inputs; states and lateness are tabs."""
        return self.found.form

    @property
    def inputs(self) -> list[forms.BoundField]:
        shown = ("district", "school", "indicator", "source", "kind")
        return [self.form[name] for name in shown if name in self.form.fields]

    @property
    def kept(self) -> list[tuple[str, Any]]:
        """What the form of the filters hands on."""
        return [(name, self.asked[name]) for name in _TABS if name in self.asked]

    @property
    def rows(self) -> QuerySet[Problem]:
        """Everything that was asked for; nothing where the asking was wrong."""
        return self.found.qs if self.found.is_valid() else Problem.objects.none()

    @property
    def sorted(self) -> QuerySet[Problem]:
        return self.rows.select_related("district").order_by(*SORTS[self.sort])

    @cached_property
    def page(self) -> Page[Problem]:
        order = SORTS[self.sort]
        paginator = Paginator(self.rows.order_by(*order).values("pk"), PAGE)
        paginator.count = self.total  # counted with the tabs already
        page: Page[Any] = paginator.get_page(self.number)
        # Far pages are found by sorting keys; whole rows would be sorted with all they carry.
        found = Problem.objects.filter(pk__in=page.object_list).select_related("district")
        page.object_list = found.order_by(*order)
        return page

    @cached_property
    def _counts(self) -> dict[str, int]:
        """State, or late → how many under the other filters; in one statement."""
        others = {k: v for k, v in self.asked.items() if k not in _TABS[:3]}
        asked = self.found if others == self.asked else ProblemFilter(others, self._rows)
        rows = asked.qs if asked.is_valid() else Problem.objects.none()
        counted = {"count": Count("pk"), "of_late": Count("pk", filter=late())}
        found = list(rows.order_by().values_list("state").annotate(**counted))
        counts = dict.fromkeys(State.values, 0) | {state: count for state, count, _late in found}
        return counts | {"all": sum(counts.values()), "late": sum(row[2] for row in found)}

    @cached_property
    def total(self) -> int:
        if set(self.asked) & {"late", "undated"} or not self.found.is_valid():
            return self.rows.count()
        return self._counts[str(self.asked.get("state", "all"))]

    def has_any(self, states: Iterable[str]) -> bool:
        """Whether a problem that was asked for is in one of the states."""
        shown = {str(self.asked["state"])} if self.asked.get("state") else {*State.values}
        if self.asked.get("late"):
            shown &= {*AT_BUREAU}
        return any(self._counts[state] for state in shown & {*states})

    @property
    def tabs(self) -> list[Tab]:
        """All of them, what is late, then by state."""
        chosen = self.asked.get("state", "late" if self.asked.get("late") else "all")
        labels = {"all": _("全部"), "late": _("逾期"), **dict(State.choices)}
        asked = {"all": {}, "late": {"late": "true"}}
        return [
            Tab(
                str(label),
                self._counts[name],
                self.query(drop=_TABS[:3], **asked.get(name, {"state": name})),
                name == chosen,
            )
            for name, label in labels.items()
        ]

    def query(self, drop: tuple[str, ...] = (), **more: Any) -> str:
        kept = {name: value for name, value in self.asked.items() if name not in drop}
        return urlencode({**kept, **more})

    @property
    def columns(self) -> list[tuple[str, str, str]]:
        """Columns that sort: name, the address that sorts by it, and how it stands now."""
        names = {
            "indicator": pgettext("finding", "问题"),
            "school": _("学校"),
            "due": _("整改期限"),
        }
        found = []
        for name, label in names.items():
            is_up = self.sort == name
            order = "ascending" if is_up else "descending" if self.sort == f"-{name}" else "none"
            found.append((label, self.query(sort=f"-{name}" if is_up else name), order))
        return found

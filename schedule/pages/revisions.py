"""What the public figures have said since when: plan, lists, certifications, and corrections."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cached_property
from itertools import groupby
from typing import Any, NamedTuple

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from audit.models import Entry
from audit.wording import changes_of
from districts.access import for_everybody
from districts.models import Succession
from districts.sources import Link, source_of, translated, web
from districts.wording import listed
from schedule import progress, wording
from schedule.atlas import one_of, understood
from schedule.knowing import CORRECTING
from schedule.models import CertificationEvent, CertificationList, Recorded
from schedule.pages.question import ask
from schedule.progress import Event, Listing, Unit
from schedule.services.plans import impact_of
from schedule.services.reading import carried
from selfchecks.files import offered_table

# Why somebody corrected it stands in the record; the evidence is a unit's own.
TOLD = {"name", "year", "batch", "announced_on", "date_note", "units_in_city", "units_in_nation"}
TOLD |= {"sources", "list", "list_year", "date", "document_number", "source", "source_note", "note"}


class Pair(NamedTuple):
    """A figure as it was before, and as it is since."""

    what: str
    before: str
    after: str


class Revision(NamedTuple):
    """One thing the figures say since they know of it; it was true from ``day`` on."""

    since: date
    day: date
    title: str
    source: Link | None = None
    units: tuple[Link, ...] = ()
    pairs: tuple[Pair, ...] = ()


class Since(NamedTuple):
    """All that the figures say since one day, and how many were certified before and then."""

    day: date
    before: int
    after: int
    revisions: list[Revision]


class Revisions:
    """Until the day of the question, newest first."""

    def __init__(self, asked: Mapping[str, str]) -> None:
        self.question = ask({"as_of": asked.get("as_of", "")})
        self.format = one_of(asked, "format", ("csv",))
        self.lists = list(CertificationList.objects.all())
        self.events = list(
            CertificationEvent.objects.select_related("district", "step", "list").order_by(
                "date", "step__order", "pk"
            )
        )

    @cached_property
    def corrections(self) -> list[Entry]:
        """What reference data completed is no news: it was as well known before."""
        until = Q(action__in=CORRECTING, at__date__lte=self.question.as_of)
        return list(Entry.objects.filter(until).exclude(actor="").order_by("number"))

    @property
    def days(self) -> list[Since]:
        found = [*self._editions(), *self._announced(), *self._named(), *self._corrected()]
        found += self._reorganised()
        known = sorted(
            (one for one in found if one.since <= self.question.as_of),
            key=lambda one: (one.since, one.day),
        )
        days, before = [], 0
        for day, group in groupby(known, key=lambda one: one.since):
            after = self._certified(day)
            days.append(Since(day, before, after, list(group)[::-1]))
            before = after
        return days[::-1]

    # -- one by one ------------------------------------------------------------------------------

    def _editions(self) -> Iterator[Revision]:
        for version in self.question.versions:
            impact = impact_of(version)
            title = _("第 %(number)s 版规划发布") % {"number": version.number}
            pairs = []
            if impact:
                pairs = [_pair(m.district.display_name, m.before, m.after) for m in impact.moves]
                pairs += [
                    _pair(
                        _("到 %s 年底应有") % year.year,
                        year.cumulative_before,
                        year.cumulative_after,
                    )
                    for year in impact.years
                    if year.is_changed
                ]
            day = version.published_on
            yield Revision(day, day, title, source_of(version), pairs=tuple(pairs))

    def _announced(self) -> Iterator[Revision]:
        for one in self.lists:
            facts = {"name": one.display_name, "count": self._was(one, "units_in_city")}
            title = _("国家公布认定名单「%(name)s」：重庆 %(count)s 个") % facts
            links = (Link(words or url, web(url), lang="zh-Hans") for url, words in one.links)
            yield Revision(_since(one), self._day(one), title, next(links, None))

    def _named(self) -> Iterator[Revision]:
        """Facts that were announced together and became known together, as one."""

        def together(event: CertificationEvent) -> tuple[Any, ...]:
            facts = event.result, event.step_id, event.document_number, event.source
            return (_since(event), self._day(event), *facts)

        for key, group in groupby(sorted(self.events, key=together), together):
            events = sorted(group, key=lambda event: event.district.code)
            units = tuple(self._link(event.district.code) for event in events)
            title = wording.event_words(events[0])
            yield Revision(*key[:2], title, source_of(events[0]), units)

    def _corrected(self) -> Iterator[Revision]:
        rows = {_place(row): row for row in (*self.lists, *self.events)}
        for entry in self.corrections:
            row = rows[entry.object_type, entry.object_id]
            entry.changes = {name: pair for name, pair in entry.changes.items() if name in TOLD}
            pairs = tuple(
                _pair(change.name, translated(change.before or ""), translated(change.after))
                for change in changes_of(entry)
            )
            if pairs:
                day = localdate(entry.at)
                yield Revision(day, self._day(row), self._title(row), None, (), pairs)

    def _title(self, row: Recorded) -> str:
        if isinstance(row, CertificationList):
            return _("更正：认定名单「%s」") % row.display_name
        facts = {"unit": row.district.display_name, "words": wording.event_words(row)}
        return _("更正：%(unit)s %(words)s") % facts

    def _reorganised(self) -> Iterator[Revision]:
        for one in Succession.objects.select_related("predecessor", "successor"):
            words, units = wording.succession_words(one), (self._link(one.predecessor.code),)
            yield Revision(one.known_on, one.date, words, source_of(one), units)
            if day := one.withdrawn_on:
                yield Revision(day, one.date, _("撤回：%s") % words, None, units)

    def _link(self, code: str) -> Link:
        unit = self.question.position.districts[code]
        return Link(unit.display_name, self.question.address(unit))

    @property
    def table(self) -> list[list[Any]]:
        """One row a figure; what has none says who or what is new."""
        head = [_("门户从这天起这样写"), _("事实的日期"), _("内容"), _("单位")]
        rows = [[*head, _("数"), _("原来"), _("现在"), _("来源")]]
        for since in self.days:
            day = since.day.isoformat()
            if since.before != since.after:
                total = [since.before, since.after]
                rows.append([day, day, _("首页的数"), "", _("已通过国家认定"), *total, ""])
            for one in since.revisions:
                units = listed(unit.text for unit in one.units)
                source = one.source and (one.source.url or one.source.text)
                facts = [day, one.day.isoformat(), one.title, units]
                rows += [[*facts, *pair, source or ""] for pair in one.pairs or [("", "", "")]]
        return rows

    # -- what was known on a day -----------------------------------------------------------------

    @cached_property
    def _corrections_of(self) -> dict[tuple[str, str], list[Entry]]:
        found = defaultdict(list)
        for entry in self.corrections:
            found[entry.object_type, entry.object_id].append(entry)
        return found

    def _was(self, row: Recorded, name: str, day: date | None = None) -> Any:
        """What a column said at the end of a day, or at first, as the trail keeps it."""
        for entry in self._corrections_of[_place(row)]:
            if name in entry.changes and (day is None or localdate(entry.at) > day):
                return entry.changes[name][0]
        return getattr(row, name)

    def _day(self, row: Recorded, day: date | None = None) -> date:
        name = "announced_on" if isinstance(row, CertificationList) else "date"
        found = self._was(row, name, day)
        return found if isinstance(found, date) else date.fromisoformat(found)

    def _certified(self, day: date) -> int:
        """How many the home page counted that day, by what was known then."""
        position = self.question.position
        lists = [
            Listing(one.name, self._day(one, day), self._was(one, "units_in_city", day))
            for one in self.lists
            if _since(one) <= day
        ]
        events = [
            Event(e.district.code, self._day(e, day), e.result, "", self._on(e, day))
            for e in self.events
            if _since(e) <= day
        ]
        known = [one for one in position.successions if max(one.known_on, one.date) <= day]
        units = [Unit(row.code, row.planned_year, None) for row in position.progress.standings]
        counted = progress.measure(units, (), carried(events, known), as_of=day, lists=lists)
        return counted.certified

    def _on(self, event: CertificationEvent, day: date) -> str:
        found = self._was(event, "list", day)
        return "" if found is None else found["name"] if isinstance(found, dict) else found.name


def _place(row: Recorded) -> tuple[str, str]:
    return row._meta.label_lower, str(row.pk)


def _since(fact: Recorded) -> date:
    """Nobody could read it here before it was recorded; reference data says when it was known."""
    recorded = localdate(fact.recorded_at)
    return max(fact.known_on, recorded) if fact.recorded_by_id else fact.known_on


def _pair(what: object, before: object, after: object) -> Pair:
    empty = _("空")
    return Pair(str(what), str(before or empty), str(after or empty))


# -- as a page and as a file --------------------------------------------------------------------


@for_everybody
def revisions(request: HttpRequest) -> HttpResponse:
    found, problem = understood(Revisions, request.GET.dict(), {})
    question = found.question
    problem = problem or question.problem
    if found.format and not problem:
        return offered_table(found.table, f"revisions-{question.as_of.isoformat()}.csv")
    context = {
        "page": found,
        "question": question,
        "problem": problem,
        "origin": request.build_absolute_uri("/").removesuffix("/"),
        "picture": request.build_absolute_uri(reverse("home-picture")),
    }
    return render(request, "schedule/revisions.html", context, status=400 if problem else 200)

"""What the public figures have said since when: plan, lists, certifications, and corrections."""

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from audit.refusals import one_of, understood
from audit.wording import changes_of
from districts.access import for_everybody
from districts.models import Succession
from districts.sources import Link, source_of, translated, web
from districts.wording import listed
from schedule import progress, wording
from schedule.knowing import Facts, place, since
from schedule.models import CertificationEvent, CertificationList
from schedule.pages.question import Question, ask
from schedule.progress import Unit
from schedule.services.plans import impact_of
from schedule.services.reading import carried
from selfchecks.files import offered_table


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

    def __init__(self, question: Question) -> None:
        self.question = question
        self.facts = Facts(question.as_of)

    @property
    def days(self) -> list[Since]:
        found = [*self._editions(), *self._announced(), *self._named(), *self.corrected()]
        found += self._reorganised()
        known = [one for one in found if one.since <= self.question.as_of]
        known.sort(key=lambda one: (one.since, one.day), reverse=True)
        days = [(day, list(group)) for day, group in groupby(known, key=lambda one: one.since)]
        counts = [*(self._certified(day) for day, _group in days), 0]
        return [
            Since(day, before, after, group)
            for (day, group), after, before in zip(days, counts, counts[1:], strict=False)
        ]

    def _certified(self, day: date) -> int:
        """How many the home page counted that day, by what was known then."""
        position = self.question.position
        known = [one for one in position.successions if max(one.known_on, one.date) <= day]
        units = [Unit(row.code, row.planned_year, None) for row in position.progress.standings]
        events, lists = self.facts.told_on(day)
        events = carried(events, known)
        return progress.measure(units, (), events, as_of=day, lists=lists).certified

    # -- one by one ------------------------------------------------------------------------------

    def _editions(self) -> Iterator[Revision]:
        for version in self.question.versions:
            impact = impact_of(version)
            title = _("第 %(number)s 版规划发布") % {"number": version.number}
            pairs = []
            if impact:
                pairs = [_pair(m.district.display_name, m.before, m.after) for m in impact.moves]
                due = [(_("到 %s 年底应有") % each.year, each) for each in impact.years]
                pairs += [
                    _pair(what, each.cumulative_before, each.cumulative_after)
                    for what, each in due
                    if each.is_changed
                ]
            day = version.published_on
            yield Revision(day, day, title, source_of(version), pairs=tuple(pairs))

    def _announced(self) -> Iterator[Revision]:
        for one in self.facts.lists:
            facts = {"name": one.display_name, "count": self.facts.was(one, "units_in_city")}
            title = _("国家公布认定名单「%(name)s」：重庆 %(count)s 个") % facts
            source = next(iter(pages_of(one)), None)
            yield Revision(since(one), self.facts.day_of(one), title, source)

    def _named(self) -> Iterator[Revision]:
        """Facts that were announced together and became known together, as one."""

        def together(event: CertificationEvent) -> tuple[Any, ...]:
            return (since(event), self.facts.day_of(event), *announcement_of(event))

        for key, group in groupby(sorted(self.facts.events, key=together), together):
            events = sorted(group, key=lambda event: event.district.code)
            units = tuple(self._link(event.district.code) for event in events)
            title = wording.event_words(events[0])
            yield Revision(key[0], key[1], title, source_of(events[0]), units)

    def corrected(self) -> Iterator[Revision]:
        rows = {place(row): row for row in self.facts.rows} if self.facts.corrections else {}
        for entry in self.facts.corrections:
            row = rows[entry.object_type, entry.object_id]
            pairs = tuple(
                _pair(change.name, translated(change.before or ""), translated(change.after))
                for change in changes_of(entry)
            )
            if pairs:
                day = localdate(entry.at)
                yield Revision(day, self.facts.day_of(row), self._title(row), pairs=pairs)

    def _title(self, row: CertificationList | CertificationEvent) -> str:
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
        rows: list[list[Any]] = [[*head, _("数"), _("原来"), _("现在"), _("来源")]]
        for when in self.days:
            day = when.day.isoformat()
            if when.before != when.after:
                total = [when.before, when.after]
                rows.append([day, day, _("首页的数"), "", _("已通过国家认定"), *total, ""])
            for one in when.revisions:
                units = listed(unit.text for unit in one.units)
                source = one.source and (one.source.url or one.source.text)
                facts = [day, one.day.isoformat(), one.title, units]
                rows += [[*facts, *pair, source or ""] for pair in one.pairs or [("", "", "")]]
        return rows


def announcement_of(event: CertificationEvent) -> tuple[str, int, str, str]:
    """Facts of one day that are alike in this were announced together."""
    return event.result, event.step_id, event.document_number, event.source


def pages_of(one: CertificationList) -> list[Link]:
    """Where a list was announced."""
    return [Link(words or url, web(url), lang="zh-Hans") for url, words in one.links]


def _pair(what: object, before: object, after: object) -> Pair:
    then, now = (_("空") if value in (None, "") else str(value) for value in (before, after))
    return Pair(str(what), then, now)


# -- as a page and as a file --------------------------------------------------------------------


@for_everybody
def revisions(request: HttpRequest) -> HttpResponse:
    asked = request.GET.dict()
    format, problem = understood(lambda asked: one_of(asked, "format", ("csv",)), asked, {})
    question = ask({"as_of": asked.get("as_of", "")})
    found, problem = Revisions(question), problem or question.problem
    if format and not problem:
        return offered_table(found.table, f"revisions-{question.as_of.isoformat()}.csv")
    context = {
        "page": found,
        "question": question,
        "problem": problem,
        "origin": request.build_absolute_uri("/").removesuffix("/"),
        "picture": request.build_absolute_uri(reverse("home-picture")),
    }
    return render(request, "schedule/revisions.html", context, status=400 if problem else 200)

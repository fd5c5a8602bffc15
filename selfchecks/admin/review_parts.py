"""The review page in parts with addresses: what needs eyes first, the rest one click away."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

from django.core.paginator import Paginator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from districts.models import User
from indicators.calculation.judged import ORDER
from indicators.calculation.outcome import Outcome
from indicators.calculation.scheme import STAGES
from indicators.presenting import Presented
from indicators.wording import stage_name
from selfchecks.attention import TITLES, Line, Words, working
from selfchecks.models import ReviewComment, SelfCheck, State
from selfchecks.remarks import Thread, names_of, remarks_of, threads, with_parts
from selfchecks.results import ResultPage, verdicts_in_words
from selfchecks.services import looking, reviews
from selfchecks.services.attention import Item, Kind
from selfchecks.services.differences import Changes, since_decision
from selfchecks.services.documents import documents_of
from selfchecks.services.findings import in_words

from .review_page import ReviewForm
from .review_tables import judgements, stages

MOST_CHANGES, MOST_ROWS, MOST_UNSEEN = 200, 100, 3
KINDS = frozenset(kind.value for kind in Kind)


PARTS: dict[str, Any] = {
    "": gettext_lazy("需留意"),
    "indicators": gettext_lazy("各指标和意见"),
    "strips": gettext_lazy("分布图"),
    "changes": gettext_lazy("改了什么"),
    "threads": gettext_lazy("复核意见"),
    "trail": gettext_lazy("办理记录"),
}


@dataclass(frozen=True)
class Part:
    """One part of the page and its address; ``count`` is what stands in it."""

    name: str
    label: str
    count: int | None = None
    is_here: bool = False

    @property
    def query(self) -> str:
        return f"part={self.name}" if self.name else ""


class Review:
    """One submission as its inspector reads it: the part asked for is worked out, no other."""

    def __init__(self, self_check: SelfCheck, viewer: User, form: ReviewForm) -> None:
        self.self_check, self.viewer, self.form = self_check, viewer, form
        self.newest = looking.newest(self_check, viewer)
        self.evaluation = None if self_check.awaits_district else self.newest

    @cached_property
    def result(self) -> ResultPage:
        assert self.evaluation is not None
        return ResultPage(self.self_check, self.evaluation, self.looked[0].outcome)

    @cached_property
    def looked(self) -> looking.Look:
        assert self.evaluation is not None
        return looking.look(self.self_check, self.evaluation)

    @cached_property
    def seen(self) -> list[str]:
        """Keys of the items looked at in this very result."""
        return (self.evaluation and self.evaluation.looked) or []

    @cached_property
    def remarks(self) -> list[ReviewComment]:
        return remarks_of(self.self_check)

    def threads(self, **on: str) -> list[Thread]:
        """All of them, or those on one place."""
        is_here = partial(_is_on, on)
        return threads(self.self_check, is_here, self.remarks)

    def mark_seen(self, key: str) -> None:
        """What is not listed is no item."""
        if self.evaluation and any(str(item.key) == key for item in self.listed):
            looking.mark_looked(evaluation=self.evaluation, item=key, by=self.viewer)

    @property
    def listed(self) -> list[Item]:
        return self.looked[1].listed

    @property
    def unseen(self) -> list[Item]:
        """What is listed and this person has not looked at yet."""
        return [item for item in self.listed if str(item.key) not in self.seen]

    def unseen_lines(self) -> tuple[Line, ...]:
        """The most pressing of them in words: nobody decides without having met these."""
        return Words(self.result).lines(self.unseen[:MOST_UNSEEN])

    def build(self) -> dict[str, Any] | None:
        """None unless a submitted result is there."""
        if self.evaluation is None:
            return None
        part = self.part
        return {
            "result": self.result,
            "evaluation": self.evaluation,
            "parts": list(self._parts(part)),
            "part": part,
            "unseen": len(self.unseen),
            "before_year": self.self_check.year - 1 if self.before else None,
            **self._content(part),
        }

    @cached_property
    def part(self) -> str:
        """A form with words on indicators that came back shows them again."""
        known = {*PARTS, *KINDS, *(f"units-{stage}" for stage in STAGES)}
        asked = self.form.part or ("indicators" if self.form.words else "")
        return asked if asked in known else ""

    def _parts(self, here: str) -> Iterator[Part]:
        counts: dict[str, int | None] = {
            "": len(self.listed),
            "threads": sum(row.parent_id is None for row in self.remarks),
            "trail": len(self.self_check.trail.all()),
        }
        for name, label in PARTS.items():
            yield Part(name, str(label), counts.get(name), name == here)
            if name == "indicators":
                yield from self._schools(here)

    def _schools(self, here: str) -> Iterator[Part]:
        """Counted without laying out their tables, which only their own part shows."""
        for stage in STAGES:
            if own := [unit for unit in self.result.outcome.units if unit.stage == stage]:
                name, label = f"units-{stage}", _("%s各校") % stage_name(stage)
                yield Part(name, label, sum(unit.counted for unit in own), name == here)

    def _content(self, part: str) -> dict[str, Any]:
        if part.startswith("units-"):
            tables = [each for each in self.result.stages if part == f"units-{each.stage}"]
            return {"stages": list(stages(self.self_check, tables, self.before))}
        if part in KINDS:
            return self._everything(Kind(part))
        pages = {"": self._eyes, "indicators": self._indicators, "changes": self._changes}
        return pages[part]() if part in pages else {}

    def _eyes(self) -> dict[str, Any]:
        words, found = Words(self.result), self.looked[1]
        item = found.find(self.form.item) or next(iter([*self.unseen, *self.listed]), None)
        return {
            "sections": words.sections(found),
            "seen": self.seen,
            "seen_count": len(self.listed) - len(self.unseen),
            "open": self._open(words, item) if item else None,
        }

    def _open(self, words: Words, item: Item) -> dict[str, Any]:
        """All on one item: the working, the documents, the remarks so far, what comes next."""
        at = next((n for n, each in enumerate(self.listed, 1) if each.key == item.key), None)
        rests_on = [row.code for row in self.result.indicators if item.key.field in row.raw_fields]
        codes, key = [item.key.indicator, *rests_on], item.key
        work = working(self.looked[0], item, self.result)
        names = with_parts(self.result.names)
        places = {"indicator": key.indicator, "school_code": key.school, "field": key.field}
        return {
            "line": words.line(item),
            "at": at,
            "working": work,
            "findings": [in_words(finding) for finding in item.findings],
            "turned": verdicts_in_words(work.turned, names) if work else [],
            "target": key.target,
            "place": looking.place_of(self.self_check, key),
            "facts": self.result.facts(key.indicator) if not key.school else (),
            "strip": self.result.strip(key.indicator, key.rest) if key.rest in STAGES else None,
            "evidence": list(self.self_check.evidence.filter(indicator__in=codes)),
            "threads": self.threads(**places) if key.target else [],
            "next": self._next(item, at or 0),
        }

    def _next(self, item: Item, at: int) -> Item | None:
        """The next of the list not looked at yet; after the last the list begins again."""
        around = [*self.listed[at:], *self.listed[:at]]
        after = (each for each in around if each.key != item.key)
        return next((each for each in after if str(each.key) not in self.seen), None)

    def _everything(self, kind: Kind) -> dict[str, Any]:
        """All items of one kind, a hundred a page."""
        own = self.looked[1].by_kind.get(kind, [])
        rows = Paginator(own, MOST_ROWS).get_page(self.form.data.get("page"))
        words = Words(self.result)
        return {"kind": TITLES[kind], "rows": rows, "lines": words.lines(rows), "seen": self.seen}

    @cached_property
    def before(self) -> Outcome | None:
        return self.looked[0].outcome_of(Kind.YEAR)

    def _indicators(self) -> dict[str, Any]:
        """Words typed stand in place of those stored."""
        before = Presented(self.before, self.result.indicators) if self.before else None
        assert self.evaluation is not None
        stored = reviews.words_for(self.evaluation, self.viewer)
        words = {row.indicator: (row.word, row.note) for row in stored}
        if self.self_check.state == State.IN_REVIEW:  # afterwards they are shown as not saved
            words |= self.form.words
        documents = documents_of(self.self_check)
        found = judgements(self.self_check, self.result, before, words, documents)
        rows = sorted(found, key=lambda row: ORDER[row.verdict])
        met = [row for row in rows if row.verdict == "met"]
        failing = [row for row in rows if row.verdict != "met"]
        return {"failing": failing, "met": met, "unassigned": documents.waiting}

    def _changes(self) -> dict[str, Any]:
        assert self.evaluation is not None
        return changes_in(self.self_check, since_decision(self.self_check, self.evaluation))


def changes_in(self_check: SelfCheck, found: Changes | None) -> dict[str, Any]:
    """What differs between two versions; empty without an earlier one."""
    if found is None:
        return {}
    names = names_of(self_check)
    return {
        "differences": found.figures,
        "shown_items": found.figures.items[:MOST_CHANGES],
        "verdicts": verdicts_in_words(found.verdicts, names),
        "units": verdicts_in_words(found.units, names),
    }


def _is_on(place: Mapping[str, str], remark: ReviewComment) -> bool:
    return all(getattr(remark, name) == value for name, value in place.items())

"""What stood before this round: the version last decided on, and which words still hold.

A word holds when nothing its indicator rests on was changed since it was given.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.functional import Promise

from indicators.models import Indicator
from indicators.models.indicator import Group
from selfchecks.models import Evaluation, SelfCheck
from selfchecks.services.differences import (
    Comparison,
    Difference,
    VerdictChange,
    compare,
    compare_verdicts,
)
from selfchecks.services.reported import from_payload
from selfchecks.workbook.layout import SCHOOLS, VETO
from selfchecks.workflow import DECIDING

RESOURCES, VETO_CODE = Group.RESOURCES.value, "V"
NO_FIGURE = ("school_name",)


@dataclass(frozen=True)
class Changes:
    """What differs between two stored versions of one self-check."""

    seen: Evaluation
    newest: Evaluation

    @cached_property
    def figures(self) -> Comparison:
        return compare(from_payload(self.seen.inputs), from_payload(self.newest.inputs))

    @cached_property
    def verdicts(self) -> list[VerdictChange]:
        return compare_verdicts(self.seen.result, self.newest.result)

    def touched(self, indicators: list[Indicator]) -> frozenset[str]:
        """Codes of the indicators whose figures changed, A for part A as a whole, V the veto."""
        every = {row.code for row in indicators} | {RESOURCES, VETO_CODE}
        if self._is_another_question():
            return frozenset(every)
        fields = {(row.code, field) for row in indicators for field in row.raw_fields}
        found: set[str] = set()
        for item in self.figures.items:
            found |= set(_touched_by(item, fields)) or every
        resources = {row.code for row in indicators if row.group == Group.RESOURCES}
        return frozenset(found | ({RESOURCES} if found & resources else set()))

    def _is_another_question(self) -> bool:
        """Other schools, special cases or rules: then nothing said before holds."""
        figures = self.figures
        before, after = (
            (side.inputs["standard"], side.inputs["special_cases"], side.rules)
            for side in (self.seen, self.newest)
        )
        return bool(figures.added or figures.removed) or before != after


def _touched_by(item: Difference, fields: set[tuple[str, str]]) -> Iterator[str]:
    """Empty when it is not known what rests on the value."""
    if item.part == VETO.name:
        yield VETO_CODE
    elif item.part != SCHOOLS.name:
        yield item.key.partition(".")[0]
    elif item.column in NO_FIGURE:
        yield ""
    else:
        yield from (code for code, field in fields if field == item.column)


def since_decision(self_check: SelfCheck, newest: Evaluation) -> Changes | None:
    """What changed since the version that was last returned or approved; None on the first one."""
    entries = self_check.trail.filter(step__in=DECIDING, evaluation__number__lt=newest.number)
    entry = entries.select_related("evaluation").last()
    return Changes(entry.evaluation, newest) if entry else None


@dataclass(frozen=True, slots=True)
class EarlierWord:
    """A word of the last round; ``holds`` when the figures of its indicator did not change."""

    word: str
    label: str | Promise
    note: str
    holds: bool


def earlier_words(
    self_check: SelfCheck, newest: Evaluation, indicators: list[Indicator]
) -> dict[str, EarlierWord]:
    """The inspector's words on the last version that has any, by indicator."""
    rows: Any = self_check.evaluations.filter(number__lt=newest.number)
    seen = rows.filter(indicator_reviews__isnull=False).order_by("-number").first()
    if seen is None:
        return {}
    touched = Changes(seen, newest).touched(indicators)
    return {
        row.indicator: EarlierWord(
            row.word, row.get_word_display(), row.note, row.indicator not in touched
        )
        for row in seen.indicator_reviews.all()
    }

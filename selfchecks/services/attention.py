"""What needs eyes before a decision: items in their order, and what they are found in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from itertools import groupby
from math import inf
from typing import Any, NamedTuple

from figures.table import NOT_APPLICABLE
from indicators.calculation.intake import Inputs
from indicators.calculation.outcome import Outcome
from indicators.calculation.rules import Rules
from indicators.calculation.what_if import Effect
from selfchecks.services.differences import Comparison, Difference


class Kind(StrEnum):
    """Why something is listed, the most pressing first."""

    RESTS = "rests"  # a verdict rests on one changed figure
    WARNING = "warning"
    VERSION = "version"
    YEAR = "year"
    BLANK = "blank"
    RATIO = "ratio"
    NEAR = "near"
    SURVEY = "survey"
    FAILING = "failing"


class Key(NamedTuple):
    """What an item speaks of; as text the address of its place in the list."""

    indicator: str = ""
    school: str = ""
    field: str = ""
    rest: str = ""  # a stage, or what has none of the others

    def __str__(self) -> str:
        return f"{self.indicator}|{self.school}|{self.field}|{self.rest}"

    @property
    def target(self) -> str:
        """What a remark on it is tied to; empty where a remark could name nothing."""
        target = f"{self.indicator}|{self.school}|{self.field}"
        return target if self.indicator or self.school else ""


@dataclass(frozen=True, slots=True)
class Change:
    """One figure against an earlier one, and the verdicts that would differ with that one."""

    past: Kind
    figure: Difference
    effect: Effect = field(default_factory=dict)

    @property
    def share(self) -> Decimal | None:
        """The difference as a part of what it was; None where that says nothing."""
        before, after = map(number, (self.figure.before, self.figure.after))
        return None if not before or after is None else (after - before) / before

    @property
    def weight(self) -> float:
        """What cannot be told as a share, such as an answer or a blank, weighs most."""
        share = self.share
        return inf if share is None else abs(float(share))

    @property
    def decides(self) -> int | None:
        """0: meets the standard, or is left out, only so; 1: misses it only so; None: neither."""
        if not self.effect:
            return None
        found = {_turn(*verdicts) for key, verdicts in self.effect.items() if _is_whole(*key)}
        return min((each for each in found if each is not None), default=None)


def _is_whole(indicator: str, stage: str) -> bool:
    """Whether a verdict is on a school or an indicator, not on one of the seven of a unit."""
    return indicator == "A" or not stage


def _turn(then: str | None, now: str | None) -> int | None:
    if then in ("not_met", "unknown") and now in ("met", None):
        return 0
    return 1 if then in ("met", None) and now in ("not_met", "unknown") else None


def number(text: str | None) -> Decimal | None:
    try:
        return Decimal(text) if text and text != NOT_APPLICABLE else None
    except ArithmeticError:
        return None


@dataclass(frozen=True, slots=True)
class Item:
    """``order`` sorts within its kind; ``facts`` are what its kind knows beyond the figure."""

    kind: Kind
    key: Key
    order: tuple[int, float, Key]
    school_name: str = ""
    changes: tuple[Change, ...] = ()
    findings: tuple[Mapping[str, Any], ...] = ()
    reasons: tuple[str, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Past:
    """What it is compared with: the last version or the last year, judged where it was stored."""

    kind: Kind
    figures: Comparison
    outcome: Outcome | None = None


@dataclass(frozen=True)
class Basis:
    """Everything attention rests on; ``rows`` are the codes of schools by sheet and row."""

    inputs: Inputs
    rules: Rules
    outcome: Outcome
    pasts: tuple[Past, ...] = ()
    findings: Sequence[Mapping[str, Any]] = ()
    reasons: Mapping[str, str] = field(default_factory=dict)
    rows: Mapping[tuple[str, int], str] = field(default_factory=dict)

    def outcome_of(self, past: Kind) -> Outcome | None:
        """How it came out then, where that was stored."""
        return next((each.outcome for each in self.pasts if each.kind == past), None)

    @cached_property
    def names(self) -> dict[str, str]:
        return {row["school_code"]: row["school_name"] for row in self.inputs.schools}


MOST = {Kind.RESTS: 12, Kind.WARNING: 8}  # shown at once; of the others:
FEW = 4


@dataclass(frozen=True)
class Attention:
    """Every item in its order."""

    items: tuple[Item, ...]

    @cached_property
    def by_kind(self) -> dict[Kind, list[Item]]:
        return {kind: list(own) for kind, own in groupby(self.items, key=lambda item: item.kind)}

    @cached_property
    def listed(self) -> list[Item]:
        """The first few of each kind: what is looked at before a decision."""
        shown = (own[: MOST.get(kind, FEW)] for kind, own in self.by_kind.items())
        return [item for own in shown for item in own]

    def find(self, key: str) -> Item | None:
        return next((item for item in self.items if str(item.key) == key), None)

"""What publishing a draft would change: stored figures judged again by the draft's rules."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from indicators.calculation.evaluate import evaluate
from indicators.calculation.outcome import Outcome, standard_order
from indicators.calculation.problems import UnusableInput
from indicators.calculation.rules import Rules
from indicators.calculation.scheme import Verdict
from indicators.models import Standard

from .rules import rules_of


@dataclass(frozen=True, slots=True)
class StoredInputs:
    """The inputs of a stored evaluation and what to call it; ``outcome`` as it was stored."""

    label: str
    payload: Mapping[str, Any]
    outcome: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class SchoolChange:
    """One school in one indicator, A for the school as a whole; A1–A7 by ``stage``.

    Without a verdict the school is not asked, or not counted.
    """

    school_code: str
    school_name: str
    stage: str
    indicator: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Change:
    """One stored evaluation: verdicts before and after, and the indicators that change.

    ``after`` is None when the draft cannot read the stored figures.
    """

    label: str
    before: Verdict
    after: Verdict | None
    indicators: tuple[tuple[str, Verdict, Verdict], ...] = ()
    schools: tuple[SchoolChange, ...] = ()

    @property
    def is_changed(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class Impact:
    """How a draft would judge what is stored, beside the version it is based on."""

    checked: int
    changes: tuple[Change, ...]

    @property
    def verdict_changes(self) -> tuple[Change, ...]:
        """Those whose verdict on the whole district differs."""
        return tuple(change for change in self.changes if change.is_changed)


Provider = Callable[[Standard], Iterable[StoredInputs]]
_provider: Provider = lambda base: ()  # noqa: E731


def stored_inputs_come_from(provider: Provider) -> None:
    """Let the room that stores evaluations hand over their inputs; this room stores none."""
    global _provider
    _provider = provider


def stored_inputs(draft: Standard) -> Iterable[StoredInputs]:
    """What was judged by the version this one is based on, or by those before it."""
    return _provider(draft.based_on) if draft.based_on else ()


def impact_of(draft: Standard, stored: Iterable[StoredInputs]) -> Impact:
    """Which of the stored evaluations the draft would judge differently; writes nothing."""
    if draft.based_on is None:
        return Impact(0, ())
    old, new = rules_of(draft.based_on), rules_of(draft)
    compared = [_compare(item, old, new) for item in stored]
    changed = [each for each in compared if each.is_changed or each.indicators or each.schools]
    return Impact(len(compared), tuple(changed))


def _compare(item: StoredInputs, old: Rules, new: Rules) -> Change:
    before = Outcome.from_json(item.outcome) if item.outcome else _judged(item, old)
    try:
        after = _judged(item, new)
    except UnusableInput:
        return Change(item.label, before.verdict, None)
    old_verdicts, new_verdicts = before.verdicts, after.verdicts
    codes = ("A", *before.indicators, "V")
    pairs = ((code, old_verdicts[code, ""], new_verdicts[code, ""]) for code in codes)
    differing = tuple(pair for pair in pairs if pair[1] != pair[2])
    return Change(item.label, before.verdict, after.verdict, differing, _schools(before, after))


def _schools(before: Outcome, after: Outcome) -> tuple[SchoolChange, ...]:
    old, new = _by_school(before), _by_school(after)
    names = {unit.school_code: unit.school_name for unit in (*before.units, *after.units)}
    keys = sorted(old.keys() | new.keys(), key=lambda key: (key[0], standard_order(key[2]), key[1]))
    pairs = ((key, old.get(key, _unnamed(key)), new.get(key, _unnamed(key))) for key in keys)
    return tuple(
        SchoolChange(code, names.get(code, code), stage, indicator, was, now)
        for (code, stage, indicator), was, now in pairs
        if was != now
    )


def _by_school(outcome: Outcome) -> dict[tuple[str, str, str], str]:
    """What is said of a school: of its units in A, elsewhere where it fails or lacks a figure."""
    found: dict[tuple[str, str, str], str] = {}
    for unit in outcome.units:
        for code, cell in unit.indicators.items():
            found[unit.school_code, unit.stage, code] = cell["verdict"]
        found[unit.school_code, unit.stage, "A"] = unit.verdict or ""
    for code, each in outcome.indicators.items():
        for item in each.missing:
            if item.school_code:
                found[item.school_code, "", code] = "unknown"
        for check in each.checks:
            found |= {(short.school_code, "", code): "not_met" for short in check.failing}
    return found


def _unnamed(key: tuple[str, str, str]) -> str:
    """Outside A a school nothing is said of does what is asked."""
    return "" if key[1] else "met"


def _judged(item: StoredInputs, rules: Rules) -> Outcome:
    return evaluate({**item.payload, "standard": rules.standard}, rules, is_stored=True)

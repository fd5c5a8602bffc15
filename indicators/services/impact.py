"""What publishing a draft would change: stored figures judged again by the draft's rules."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from indicators.calculation.evaluate import evaluate
from indicators.calculation.outcome import Outcome
from indicators.calculation.problems import UnusableInput
from indicators.calculation.rules import Rules
from indicators.calculation.scheme import Verdict
from indicators.models import Standard

from .rules import rules_of


@dataclass(frozen=True, slots=True)
class StoredInputs:
    """The inputs of a stored evaluation and what to call it."""

    label: str
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """One stored evaluation: verdicts before and after, and the indicators that change.

    ``after`` is None when the draft cannot read the stored figures.
    """

    label: str
    before: Verdict
    after: Verdict | None
    indicators: tuple[tuple[str, Verdict, Verdict], ...] = ()

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
    """Inputs of the evaluations judged by the version the draft is based on."""
    return _provider(draft.based_on) if draft.based_on else ()


def impact_of(draft: Standard, stored: Iterable[StoredInputs]) -> Impact:
    """Which of the stored evaluations the draft would judge differently; writes nothing."""
    if draft.based_on is None:
        return Impact(0, ())
    old, new = rules_of(draft.based_on), rules_of(draft)
    compared = [_compare(item, old, new) for item in stored]
    changed = [change for change in compared if change.is_changed or change.indicators]
    return Impact(len(compared), tuple(changed))


def _compare(item: StoredInputs, old: Rules, new: Rules) -> Change:
    before = _judged(item, old)
    try:
        after = _judged(item, new)
    except UnusableInput:
        return Change(item.label, before.verdict, None)
    old_verdicts, new_verdicts = before.verdicts, after.verdicts
    pairs = ((c, old_verdicts[c, ""], new_verdicts[c, ""]) for c in ("A", *before.indicators))
    differing = tuple(pair for pair in pairs if pair[1] != pair[2])
    return Change(item.label, before.verdict, after.verdict, differing)


def _judged(item: StoredInputs, rules: Rules) -> Outcome:
    return evaluate({**item.payload, "standard": rules.standard}, rules, is_stored=True)

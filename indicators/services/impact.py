"""What publishing a draft would change: stored figures judged again by the draft's rules."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from indicators.calculation.evaluate import evaluate
from indicators.calculation.problems import UnusableInput
from indicators.models import Standard

from .rules import rules_of


@dataclass(frozen=True, slots=True)
class StoredInputs:
    """The inputs of a stored evaluation and what to call it."""

    label: str
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class VerdictChange:
    """One stored evaluation: verdicts before and after, and the indicators that change.

    ``after`` is empty when the draft cannot read the stored figures.
    """

    label: str
    before: str
    after: str
    indicators: tuple[tuple[str, str, str], ...]

    @property
    def is_changed(self) -> bool:
        return self.before != self.after

    @property
    def touches_indicators(self) -> bool:
        return bool(self.indicators)


@dataclass(frozen=True, slots=True)
class Impact:
    """How a draft would judge what is stored, beside the version it is based on."""

    checked: int
    changes: tuple[VerdictChange, ...]

    @property
    def verdict_changes(self) -> tuple[VerdictChange, ...]:
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
    compared = list(_compare(draft, draft.based_on, stored))
    changed = [change for change in compared if change.is_changed or change.touches_indicators]
    return Impact(len(compared), tuple(changed))


def _compare(
    draft: Standard, base: Standard, stored: Iterable[StoredInputs]
) -> Iterator[VerdictChange]:
    old, new = rules_of(base), rules_of(draft)
    for item in stored:
        before = evaluate({**item.payload, "standard": base.code}, old, is_stored=True)
        try:
            after = evaluate({**item.payload, "standard": draft.code}, new, is_stored=True)
        except UnusableInput:
            yield VerdictChange(item.label, before["verdict"], "", ())
            continue
        yield VerdictChange(
            item.label, before["verdict"], after["verdict"], _indicators(before, after)
        )


def _indicators(
    before: Mapping[str, Any], after: Mapping[str, Any]
) -> tuple[tuple[str, str, str], ...]:
    pairs = (
        (code, found["verdict"], after["indicators"][code]["verdict"])
        for code, found in before["indicators"].items()
    )
    return tuple(pair for pair in pairs if pair[1] != pair[2])

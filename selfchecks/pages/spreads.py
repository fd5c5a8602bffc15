"""The 差异系数 of every indicator and stage as a table, with what decides nothing beside it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from indicators import wording

ORDER = {"not_met": 0, "unknown": 1, "met": 2}
COMPOSITE = "composite"
_SHOWN = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Spread:
    """The 差异系数 of one indicator in one stage; ``unweighted`` counts every school alike."""

    code: str
    name: str
    stage: str
    cv: str
    limit: str
    mean: str
    sd: str
    verdict: str
    words: str
    is_borderline: bool
    unweighted: str
    unweighted_words: str


@dataclass(frozen=True, slots=True)
class Composite:
    """The plain mean of a stage's seven coefficients (综合), for information only."""

    stage: str
    cv: str


def spreads_of(outcome: Mapping[str, Any], names: Mapping[str, str]) -> tuple[Spread, ...]:
    """What fails stands first."""
    rows = [
        _spread(code, names.get(code, code), wording.stage_name(stage), found)
        for stage, table in outcome["dispersion"].items()
        for code, found in table.items()
        if code != COMPOSITE
    ]
    return tuple(sorted(rows, key=lambda row: ORDER[row.verdict]))


def composites_of(outcome: Mapping[str, Any]) -> tuple[Composite, ...]:
    return tuple(_composites(outcome))


def _composites(outcome: Mapping[str, Any]) -> Iterator[Composite]:
    for stage, table in outcome["dispersion"].items():
        if table.get(COMPOSITE):
            yield Composite(wording.stage_name(stage), table[COMPOSITE])


def _spread(code: str, name: str, stage: str, found: Mapping[str, Any]) -> Spread:
    differs = found["unweighted_differs"]
    return Spread(
        code=code,
        name=name,
        stage=stage,
        cv=found["cv"] or "",
        limit=found["limit"],
        mean=_rounded(found["mean"]),
        sd=_rounded(found["sd"]),
        verdict=found["verdict"],
        words=str(wording.VERDICTS[found["verdict"]]),
        is_borderline=found["borderline"],
        unweighted=found["unweighted_cv"] or "",
        unweighted_words=str(wording.VERDICTS[found["unweighted_verdict"]]) if differs else "",
    )


def _rounded(number: str | None) -> str:
    """Two places are enough beside a coefficient; the API and the tables to download have six."""
    return str(Decimal(number).quantize(_SHOWN)) if number else ""

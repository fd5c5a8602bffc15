"""The outcome of an evaluation, with one JSON for answer, digest and snapshot."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from indicators.calculation.judged import (
    Check,
    IndicatorOutcome,
    LeftOut,
    Missing,
    PartA,
    StageSpread,
    UnitOutcome,
    Veto,
)
from indicators.calculation.scheme import Verdict
from indicators.calculation.special_cases import SpecialCase


@dataclass(frozen=True, slots=True)
class SpecialCases:
    """Special cases that were applied, and every verdict that would differ without them."""

    applied: tuple[SpecialCase, ...] = ()
    without: dict[str, Any] | None = None

    def as_dict(self) -> dict[str, Any]:
        """As the contract has it."""
        return {"applied": [case.as_dict() for case in self.applied], "without": self.without}


@dataclass(frozen=True)
class Outcome:
    """The whole verdict on a district; ``indicators`` are B, C and D1 in the standard's order."""

    standard: str
    engine: str
    verdict: Verdict
    units: tuple[UnitOutcome, ...]
    dispersion: dict[str, StageSpread]
    part_a: PartA
    indicators: dict[str, IndicatorOutcome]
    veto: Veto
    missing: tuple[Missing, ...]
    warnings: tuple[LeftOut, ...]
    special_cases: SpecialCases = SpecialCases()
    digest: str = ""

    @property
    def verdicts(self) -> dict[tuple[str, str], Verdict]:
        """Everything a page lists, by code and, for a coefficient, stage: A, B1 …, the veto V."""
        found: dict[tuple[str, str], Verdict] = {("A", ""): self.part_a.verdict}
        found |= {(code, ""): each.verdict for code, each in self.indicators.items()}
        for stage, table in self.dispersion.items():
            found |= {(code, stage): each.verdict for code, each in table.coefficients.items()}
        return found | {("V", ""): self.veto.verdict}

    def _shape(self) -> dict[str, Any]:
        """As the contract has it; without ``digest`` while there is none."""
        shown = vars(self) | {
            "dispersion": {stage: table.as_dict() for stage, table in self.dispersion.items()},
            "indicators": {"A": self.part_a}
            | {code: found.as_dict() for code, found in self.indicators.items()},
            "special_cases": self.special_cases.as_dict(),
        }
        hidden = {"part_a"} if self.digest else {"part_a", "digest"}
        return {key: value for key, value in shown.items() if key not in hidden}

    def to_json(self) -> bytes:
        """Canonical, for digest and answer."""
        return canonical(self._shape())

    def as_dict(self) -> dict[str, Any]:
        """The same as plain values in the standard's order, to be stored."""
        return dict(orjson.loads(orjson.dumps(self._shape())))

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Outcome":
        """Read a stored outcome."""
        indicators, veto = dict(stored["indicators"]), stored["veto"]
        part_a = indicators.pop("A")
        return cls(
            stored["standard"],
            stored["engine"],
            stored["verdict"],
            tuple(UnitOutcome(**unit) for unit in stored["units"]),
            {stage: StageSpread.read(table) for stage, table in stored["dispersion"].items()},
            PartA(**{**part_a, "stages_without_units": tuple(part_a["stages_without_units"])}),
            {
                code: IndicatorOutcome(code, tuple(map(Check.read, indicators[code]["checks"])))
                for code in sorted(indicators, key=standard_order)
            },
            Veto(tuple(veto["missing"]), tuple(veto["raised"]), veto["verdict"]),
            tuple(Missing(**item) for item in stored["missing"]),
            tuple(LeftOut(**item) for item in stored["warnings"]),
            _read_cases(stored["special_cases"]),
            stored["digest"],
        )


def standard_order(code: str) -> tuple[str, int]:
    """Sorts indicators as the standard lists them: a part before its indicators, B2 before B10."""
    return code[0], int(code[1:] or 0)


def _read_cases(stored: Mapping[str, Any]) -> SpecialCases:
    return SpecialCases(tuple(SpecialCase(**case) for case in stored["applied"]), stored["without"])


def canonical(value: Any) -> bytes:
    """JSON with sorted keys and no spaces, UTF-8.

    Raises TypeError for what no input or result holds, such as whole numbers beyond 64 bits.
    """
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)

"""What an outcome is made of: units, coefficients, indicators with their checks, what is missing.

What a result has many of has its fields in alphabetical order and no slots: orjson then writes it
as it stands, with sorted keys, at the speed of a dict (with slots five times slower).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from indicators.calculation.scheme import UnitVerdict, Verdict

# What must be looked at first.
ORDER: dict[Verdict, int] = {"not_met": 0, "unknown": 1, "met": 2}


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """All must be met: one failure decides, else one unknown leaves it open, nothing is no pass."""
    return min(verdicts, key=ORDER.__getitem__, default="unknown")


@dataclass(frozen=True)
class Cell:
    """One indicator of one unit: its value against threshold and floor, and what is short.

    ``share`` is the unit's part of the variance, ``adding`` what more would do to the coefficient.
    """

    adding: str | None
    borderline: bool
    denominator: str | None
    floor: str
    numerator: str | None
    share: str | None
    shortfall: str | None
    shortfall_to_floor: str | None
    threshold: str
    value: str | None
    verdict: UnitVerdict

    @property
    def is_short(self) -> bool:
        """Whether the value is known to lie below its threshold."""
        return self.verdict in ("floor", "below")


@dataclass(frozen=True)
class UnitOutcome:
    """One school in one stage; ``reason`` says why it is not counted.

    ``indicators`` are its cells as they are written: typed ones for 5,000 schools cost a fifth of
    the evaluation, half of that in garbage collection, and only readers need them.
    """

    counted: bool
    indicators: dict[str, dict[str, Any]]
    met_count: int | None
    pupils: str | None
    reason: str | None
    school_code: str
    school_name: str
    stage: str
    verdict: Verdict | None

    @property
    def cells(self) -> dict[str, Cell]:
        """Its seven indicators; none for a unit that is not counted."""
        return {code: Cell(**self.indicators[code]) for code in sorted(self.indicators)}


@dataclass(frozen=True)
class Coefficient:
    """The 差异系数 of one indicator in one stage; ``unweighted_*`` count every unit alike."""

    borderline: bool
    cv: str | None
    limit: str
    mean: str | None
    missing: tuple[str, ...]
    pivot: str | None
    pupils: str | None
    sd: str | None
    units: int
    unweighted_cv: str | None
    unweighted_differs: bool
    unweighted_verdict: Verdict
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class StageSpread:
    """The seven coefficients of a stage and their plain mean; empty without counted units."""

    coefficients: dict[str, Coefficient]
    composite: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """As the contract has it."""
        return {**self.coefficients, "composite": self.composite} if self.coefficients else {}

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> "StageSpread":
        """What ``as_dict`` wrote."""
        found = {
            code: Coefficient(**{**table, "missing": tuple(table["missing"])})
            for code, table in sorted(stored.items())
            if code != "composite"
        }
        return cls(found, stored.get("composite"))


@dataclass(frozen=True)
class PartA:
    """Part A as a whole: how many units and coefficients are met."""

    by_indicator: dict[str, dict[UnitVerdict, int]]
    dispersion: dict[Verdict, int]
    stages_without_units: tuple[str, ...]
    units: dict[Verdict, int]
    verdict: Verdict


@dataclass(frozen=True)
class Missing:
    """A figure that would be needed; ``school_code`` None for a figure of the district."""

    field: str
    school_code: str | None = None

    def __str__(self) -> str:
        return self.field if self.school_code is None else f"{self.school_code}.{self.field}"

    @classmethod
    def read(cls, text: str) -> "Missing":
        """What ``str`` wrote; codes of the district begin with a letter."""
        code, _dot, field = text.partition(".")
        return cls(field, code) if code.isdigit() else cls(text)


@dataclass(frozen=True)
class Failing:
    """A school that misses a requirement: the field, what was found and what is needed."""

    field: str
    found: str
    needed: str
    school_code: str
    school_name: str


@dataclass(frozen=True, slots=True)
class Check:
    """One requirement of an indicator. ``inputs`` are the figures in it, as text, for the page."""

    name: str
    verdict: Verdict
    inputs: dict[str, Any]
    failing: tuple[Failing, ...] = ()
    missing: tuple[Missing, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """As the contract has it: figures beside the verdict."""
        return {
            "name": self.name,
            "verdict": self.verdict,
            **self.inputs,
            "failing": self.failing,
            "missing": [str(item) for item in self.missing],
        }

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> "Check":
        """What ``as_dict`` wrote."""
        own = {field.name for field in fields(cls)}
        return cls(
            stored["name"],
            stored["verdict"],
            {key: value for key, value in stored.items() if key not in own},
            tuple(Failing(**item) for item in stored["failing"]),
            tuple(map(Missing.read, stored["missing"])),
        )


@dataclass(frozen=True, slots=True)
class IndicatorOutcome:
    """One indicator outside part A: met when every check is, not met as soon as one is not."""

    code: str
    checks: tuple[Check, ...]

    @property
    def verdict(self) -> Verdict:
        """The worst of its checks."""
        return worst(check.verdict for check in self.checks)

    @property
    def missing(self) -> list[Missing]:
        """What its checks lack, each once."""
        return list(dict.fromkeys(item for check in self.checks for item in check.missing))

    def as_dict(self) -> dict[str, Any]:
        """As the contract has it."""
        return {
            "verdict": self.verdict,
            "checks": [check.as_dict() for check in self.checks],
            "missing": [str(item) for item in self.missing],
        }


@dataclass(frozen=True)
class Veto:
    """Which veto items are there and which nobody answered."""

    missing: tuple[str, ...]
    raised: tuple[str, ...]
    verdict: Verdict


@dataclass(frozen=True)
class LeftOut:
    """A unit of a stage the school type has but nobody attends."""

    code: str
    school_code: str
    stage: str

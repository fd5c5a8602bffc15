"""What an indicator outside part A says, with the figures it rests on."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from indicators.calculation.figures import write_decimal, write_ratio, write_steps
from indicators.calculation.rules import Rules
from indicators.calculation.scheme import worst
from indicators.calculation.school_intake import School


@dataclass(frozen=True, slots=True)
class Missing:
    """A figure that would be needed; ``school_code`` None for a figure of the district."""

    school_code: str | None
    field: str

    def __str__(self) -> str:
        return self.field if self.school_code is None else f"{self.school_code}.{self.field}"


@dataclass(frozen=True, slots=True)
class Failing:
    """A school that misses a requirement: the field, what was found and what is needed."""

    school: School
    field: str
    found: str
    needed: str

    def as_dict(self) -> dict[str, str]:
        """For the result."""
        return {
            "school_code": self.school["school_code"],
            "school_name": self.school["school_name"],
            "field": self.field,
            "found": self.found,
            "needed": self.needed,
        }


@dataclass(frozen=True, slots=True)
class Check:
    """One requirement of an indicator. ``inputs`` are the figures in it, as text, for the page."""

    name: str
    verdict: str
    inputs: dict[str, Any]
    failing: tuple[Failing, ...] = ()
    missing: tuple[Missing, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """For the result."""
        return {
            "name": self.name,
            "verdict": self.verdict,
            **self.inputs,
            "failing": [item.as_dict() for item in self.failing],
            "missing": [str(item) for item in self.missing],
        }


@dataclass(frozen=True, slots=True)
class Outcome:
    """One indicator: met when every check is, not met as soon as one is not."""

    code: str
    checks: tuple[Check, ...]

    @property
    def verdict(self) -> str:
        """met, not_met or unknown."""
        return worst([check.verdict for check in self.checks])

    @property
    def missing(self) -> list[Missing]:
        """What its checks lack, each once."""
        return list(dict.fromkeys(item for check in self.checks for item in check.missing))

    def as_dict(self) -> dict[str, Any]:
        """For the result."""
        return {
            "verdict": self.verdict,
            "checks": [check.as_dict() for check in self.checks],
            "missing": [str(item) for item in self.missing],
        }


@dataclass(frozen=True, slots=True)
class Facts:
    """What the judges of parts B, C and D look at."""

    rules: Rules
    schools: tuple[School, ...]
    district: dict[str, int]
    qualitative: dict[str, str]


def check_schools(
    name: str,
    facts: Facts,
    judge: Callable[[School, Rules], Iterable[Failing | Missing]],
    **inputs: Any,
) -> Check:
    """Every school must pass: one known failure decides, one absent figure leaves it open."""
    code = name.partition(".")[0]
    exempt = facts.rules.exempt_types.get(code, ())
    covered = [school for school in facts.schools if school["school_type"] not in exempt]
    findings = [finding for school in covered for finding in judge(school, facts.rules)]
    failing = tuple(item for item in findings if isinstance(item, Failing))
    missing = tuple(item for item in findings if isinstance(item, Missing))
    verdict = "not_met" if failing else "unknown" if missing or not covered else "met"
    return Check(name, verdict, {"schools": len(covered), **inputs}, failing, missing)


def lacking(school: School, *fields: str) -> list[Missing]:
    """Those of the fields the school has not reported."""
    return [Missing(school["school_code"], field) for field in fields if field not in school]


def check_ratio(
    name: str,
    figures: Sequence[int | None],
    needed: Fraction,
    missing: Iterable[Missing] = (),
    places: int = 0,
) -> Check:
    """Numerator / denominator ≥ needed, exactly; cannot be said without both or over nothing."""
    numerator, denominator = figures
    absent = tuple(missing)
    verdict, value = "unknown", None
    if numerator is not None and denominator is not None and denominator > 0 and not absent:
        verdict = "met" if numerator >= needed * denominator else "not_met"
        value = write_signed_ratio(numerator, denominator)
    inputs = {
        "numerator": None if numerator is None else write_signed(numerator, places),
        "denominator": None if denominator is None else write_signed(denominator, places),
        "value": value,
        "needed": write_fraction(needed),
        "comparison": ">=",
    }
    return Check(name, verdict, inputs, (), absent)


def write_signed_ratio(numerator: int, denominator: int) -> str:
    """Six places, also below zero (more leavers than graduates)."""
    sign = "-" if numerator < 0 else ""
    return sign + write_ratio(abs(numerator), denominator)


def write_signed(steps: int, places: int) -> str:
    """Steps as text, also below zero."""
    return ("-" if steps < 0 else "") + write_steps(abs(steps), places)


def write_fraction(number: Fraction) -> str:
    """A threshold as short decimal text; thresholds are decimals, so this is exact."""
    return write_decimal(Decimal(number.numerator) / number.denominator)


def check_statement(facts: Facts, code: str) -> Check:
    """The conclusion a district drew itself and must prove with documents."""
    verdict = facts.qualitative.get(code, "unknown")
    missing = (Missing(None, code),) if verdict == "unknown" else ()
    return Check(f"{code}.statement", verdict, {}, (), missing)

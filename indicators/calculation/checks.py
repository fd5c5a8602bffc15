"""The requirements of parts B, C and D: of every school, of a ratio, of a statement."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Any

from indicators.calculation.judged import Check, Failing, Missing
from indicators.calculation.problems import write_decimal, write_ratio, write_steps
from indicators.calculation.rules import Rules
from indicators.calculation.scheme import Verdict
from indicators.calculation.school_intake import School


@dataclass(frozen=True, slots=True)
class Facts:
    """What the judges of parts B, C and D look at."""

    rules: Rules
    schools: tuple[School, ...]
    district: dict[str, int]
    qualitative: dict[str, Verdict]
    year: int | None = None


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
    short = tuple(item for item in findings if isinstance(item, Failing))
    missing = tuple(item for item in findings if isinstance(item, Missing))
    verdict: Verdict = "not_met" if short else "unknown" if missing or not covered else "met"
    return Check(name, verdict, {"schools": len(covered), **inputs}, short, missing)


def lacking(school: School, *fields: str) -> list[Missing]:
    """Those of the fields the school has not reported."""
    return [Missing(field, school["school_code"]) for field in fields if field not in school]


def failing(school: School, field: str, found: str, needed: str) -> Failing:
    """A school that misses a requirement."""
    return Failing(field, found, needed, school["school_code"], school["school_name"])


def check_ratio(
    name: str,
    figures: Sequence[int | None],
    needed: Fraction,
    missing: Iterable[Missing] = (),
    places: int = 0,
    shown_digits: int | None = None,
) -> Check:
    """Numerator / denominator ≥ needed, exactly; cannot be said without both or over nothing.

    With the ``shown_digits`` of a percentage it is also said whether rounding would flip it (临界).
    """
    numerator, denominator = figures
    absent = tuple(missing)
    verdict: Verdict = "unknown"
    value = None
    if numerator is not None and denominator is not None and denominator > 0 and not absent:
        verdict = "met" if numerator >= needed * denominator else "not_met"
        value = write_signed_ratio(numerator, denominator)
    inputs: dict[str, Any] = {
        "numerator": None if numerator is None else write_signed(numerator, places),
        "denominator": None if denominator is None else write_signed(denominator, places),
        "value": value,
        "needed": write_fraction(needed),
        "comparison": ">=",
    }
    if shown_digits is not None:
        inputs["borderline"] = verdict != "unknown" and flips(
            Fraction(numerator or 0, denominator or 1), needed, shown_digits
        )
    return Check(name, verdict, inputs, (), absent)


def flips(rate: Fraction, needed: Fraction, digits: int) -> bool:
    """Whether a rate printed as a percentage would seem to meet what it misses, or the reverse."""
    unit = 100 * 10**digits
    shown = Fraction(floor(rate * unit + Fraction(1, 2)), unit)
    return (shown >= needed) != (rate >= needed)


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
    missing = (Missing(code),) if verdict == "unknown" else ()
    return Check(f"{code}.statement", verdict, {}, (), missing)

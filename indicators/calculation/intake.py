"""Read a payload strictly: every problem at once, or figures the calculation can trust.

Blank, null and absent mean 未填报 and stay missing; 0 is zero. A figure of a stage the school does
not teach must be left out (a plain 0 there says the same and is let pass).
"""

from dataclasses import asdict, dataclass, field
from typing import Any

from indicators.calculation.district_intake import read_district, read_statements, read_veto
from indicators.calculation.problems import Problem, UnusableInput, escape, shown
from indicators.calculation.school_intake import School, read_schools
from indicators.calculation.special_cases import SpecialCase, read_cases

MAX_SCHOOLS = 5_000

_KEYS = ("standard", "schools", "district", "qualitative", "veto", "special_cases", "year")


@dataclass(frozen=True, slots=True)
class Inputs:
    """Figures as whole steps of their raw field, keyed by field code; absent means missing.

    ``schools`` come in order of 学校标识码. ``qualitative`` holds met or not_met per indicator,
    ``veto`` whether an item was raised.
    """

    standard: str
    schools: tuple[School, ...]
    district: dict[str, int] = field(default_factory=dict)
    qualitative: dict[str, str] = field(default_factory=dict)
    veto: dict[str, bool] = field(default_factory=dict)
    special_cases: tuple[SpecialCase, ...] = ()
    year: int | None = None

    def as_dict(self) -> dict[str, Any]:
        """JSON-safe, for the digest and the stored snapshot."""
        return {
            "standard": self.standard,
            "schools": list(self.schools),
            "district": self.district,
            "qualitative": self.qualitative,
            "veto": self.veto,
            "special_cases": [asdict(case) for case in self.special_cases],
            "year": self.year,
        }


def read_payload(payload: object, standard: str, max_schools: int = MAX_SCHOOLS) -> Inputs:
    """Check a payload of the API's shape against a standard; raises UnusableInput with all reasons.

    Keys: ``standard``, ``schools`` (required), ``district``, ``qualitative``, ``veto``, and beyond
    the public shape ``special_cases`` with the ``year`` they are judged in.
    """
    if not isinstance(payload, dict):
        raise UnusableInput([Problem("", "not_object")])
    problems = [
        Problem(f"/{escape(name)}", "unknown_field", {"name": shown(name)})
        for name in payload
        if name not in _KEYS
    ]
    _check_standard(payload.get("standard"), standard, problems)
    year = _read_year(payload.get("year"), problems)
    schools = read_schools(payload.get("schools"), max_schools, problems)
    inputs = Inputs(
        standard,
        tuple(sorted(schools, key=_school_code)),
        read_district(payload.get("district"), problems),
        read_statements(payload.get("qualitative"), problems),
        read_veto(payload.get("veto"), problems),
        read_cases(payload.get("special_cases"), schools, year, problems),
        year,
    )
    if problems:
        raise UnusableInput(problems)
    return inputs


def _school_code(school: School) -> Any:
    return school.get("school_code", "")


def _check_standard(found: object, wanted: str, problems: list[Problem]) -> None:
    if found is None:
        problems.append(Problem("/standard", "missing", {"label": "标准版本"}))
    elif not isinstance(found, str):
        params = {"label": "标准版本", "found": shown(found)}
        problems.append(Problem("/standard", "not_text", params))
    elif found != wanted:
        params = {"found": shown(found), "wanted": wanted}
        problems.append(Problem("/standard", "wrong_standard", params))


def _read_year(found: object, problems: list[Problem]) -> int | None:
    if found is None or (type(found) is int and 2000 <= found <= 2100):
        return found
    problems.append(Problem("/year", "not_number", {"label": "年份", "found": shown(found)}))
    return None

"""What does one figure decide? The ordinary judges, asked again with another value in its place."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from figures.relations import DISTRICT_RELATIONS, SCHOOL_RELATIONS, excesses
from indicators.calculation.checks import Facts
from indicators.calculation.district_outcomes import judge_district_indicators
from indicators.calculation.evaluate import evaluate_inputs
from indicators.calculation.intake import Inputs
from indicators.calculation.outcome import Outcome
from indicators.calculation.resources import judge_resources
from indicators.calculation.rules import Rules
from indicators.calculation.scheme import CODES, RATIOS, STAGES, UNIT_VERDICTS, VERDICTS
from indicators.calculation.school_intake import School
from indicators.calculation.school_outcomes import judge_limits
from indicators.calculation.special_cases import apply_cases
from indicators.calculation.units import as_columns, list_units

# Parts beyond their whole that no judge could work with: one is taken from the other, or a share.
_IMPOSSIBLE = tuple(rule for rule in SCHOOL_RELATIONS if rule.wholes == ("teaching_area",))

_OF_RATIOS = frozenset(name for ratio in RATIOS for s in STAGES for name in ratio.inputs_in(s))
# Figures of a school that some verdict on it alone rests on.
DECIDING = _OF_RATIOS.union(
    ("school_type", "music_rooms", "art_rooms")
    + tuple(f"{kind}_{s}" for kind in ("pupils", "classes", "largest_class") for s in STAGES)
)
Judged = tuple[str, str]  # indicator and stage; A is the school as a whole in that stage
Effect = dict[Judged, tuple[str | None, str | None]]  # the verdict with the other value, and now


@dataclass(frozen=True, slots=True)
class Other:
    """Another value of one figure, in steps or as a word; None: not reported.

    Without ``school_code`` it is a figure of the district.
    """

    school_code: str
    field: str
    value: Any


def judge_other(inputs: Inputs, rules: Rules, other: Other) -> Outcome | None:
    """The whole verdict on the district with that one figure replaced; None where it cannot be."""
    changed = _with_other(inputs, other)
    return evaluate_inputs(changed, rules) if changed else None


def _with_other(inputs: Inputs, other: Other) -> Inputs | None:
    if not other.school_code:
        district = _replaced(inputs.district, other)
        return replace(inputs, district=district) if district else None
    schools = [
        _replaced(school, other) if school["school_code"] == other.school_code else school
        for school in inputs.schools
    ]
    return None if None in schools else replace(inputs, schools=tuple(filter(None, schools)))


def effects(inputs: Inputs, rules: Rules, others: Sequence[Other]) -> list[Effect]:
    """What each figure alone decides: verdicts on its school, or on the indicator of a district.

    Nothing where it contradicts the other figures. Hundreds cost a few milliseconds: each school
    is judged by itself, all of them in one call.
    """
    found: list[Effect] = [{} for _each in others]
    asked = {at: other for at, other in enumerate(others) if other.school_code}
    for at, effect in _of_schools(inputs, rules, asked):
        found[at] = effect
    now = _indicators(inputs.district, inputs, rules) if len(asked) < len(others) else {}
    for at, other in enumerate(others):
        if at not in asked and (district := _replaced(inputs.district, other)):
            found[at] = _apart(_indicators(district, inputs, rules), now)
    return found


def _of_schools(
    inputs: Inputs, rules: Rules, asked: dict[int, Other]
) -> Iterator[tuple[int, Effect]]:
    worked_in, _applied = apply_cases(inputs.schools, inputs.special_cases, inputs.year, rules)
    present = {school["school_code"]: school for school in worked_in}
    named = {code for case in inputs.special_cases for code in (case.school_code, case.to)}
    special = replace(inputs, schools=tuple(s for s in inputs.schools if s["school_code"] in named))
    changed = {
        at: _in_full(special, rules, other)
        if other.school_code in named
        else _replaced(present[other.school_code], other)
        for at, other in asked.items()
    }
    possible = {at: school for at, school in changed.items() if school}
    codes = list(dict.fromkeys(asked[at].school_code for at in possible))
    schools = [*((present[code], "") for code in codes)]
    schools += [(school, asked[at].field) for at, school in possible.items()]
    verdicts = _judge(schools, rules)
    now = dict(zip(codes, verdicts, strict=False))
    for at, then in zip(possible, verdicts[len(codes) :], strict=True):
        yield at, _apart(then, now[asked[at].school_code])


def _in_full(special: Inputs, rules: Rules, other: Other) -> School | None:
    """A school of a special case: what is granted may hang on the very figure."""
    changed = _with_other(special, other)
    if changed is None:
        return None
    schools, _applied = apply_cases(changed.schools, changed.special_cases, changed.year, rules)
    return next(school for school in schools if school["school_code"] == other.school_code)


def _replaced(figures: dict[str, Any], other: Other) -> dict[str, Any] | None:
    """None when the value contradicts the other figures."""
    kept = {**figures, other.field: other.value}
    if other.value is None:
        del kept[other.field]
    relations = _IMPOSSIBLE if other.school_code else DISTRICT_RELATIONS
    return None if any(excesses(kept, relations)) else kept


def _judge(schools: Iterable[tuple[School, str]], rules: Rules) -> list[dict[Judged, str | None]]:
    """Of each school by itself: its units, their seven indicators, the limits it must keep.

    Numbered instead of named, so that one school can stand there in several shapes; with a field,
    limits that do not rest on it are not asked.
    """
    numbered = [
        ({**each, "school_code": str(at)}, field) for at, (each, field) in enumerate(schools)
    ]
    found: list[dict[Judged, str | None]] = [{} for _each in numbered]
    counted = [unit for unit in list_units((each for each, _f in numbered), rules) if unit.counted]
    if counted:
        judged = judge_resources(as_columns(counted), rules)
        columns = zip(judged.unit_verdicts.tolist(), judged.ratios.verdicts.T.tolist(), strict=True)
        for unit, (verdict, cells) in zip(counted, columns, strict=True):
            own, stage = found[int(unit.school["school_code"])], unit.stage
            own["A", stage] = VERDICTS[verdict]
            own.update(
                {(code, stage): UNIT_VERDICTS[c] for code, c in zip(CODES, cells, strict=True)}
            )
    for own, (school, field) in zip(found, numbered, strict=True):
        if field not in _OF_RATIOS:
            own.update({(code, ""): verdict for code, verdict in judge_limits(school, rules)})
    return found


def _indicators(district: dict[str, Any], inputs: Inputs, rules: Rules) -> dict[Judged, str | None]:
    stated: Any = inputs.qualitative
    facts = Facts(rules, (), district, stated, inputs.year)
    return {(found.code, ""): found.verdict for found in judge_district_indicators(facts)}


def _apart(then: dict[Judged, str | None], now: dict[Judged, str | None]) -> Effect:
    """A limit that was not asked again is as it was."""
    return {
        key: (then.get(key), now.get(key))
        for key in dict.fromkeys([*now, *then])
        if then.get(key) != now.get(key) and (key[1] or key in then)
    }

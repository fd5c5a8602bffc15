"""Indicators a district answers for: the rest of B and C, 社会认可度 D1 and the veto."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from figures.relations import DISTRICT_RELATIONS
from figures.table import DISTRICT_ITEM, RESPONDENT_GROUPS
from indicators.calculation.checks import Facts, check_ratio, check_statement, write_fraction
from indicators.calculation.judged import Check, IndicatorOutcome, Missing, Veto
from indicators.calculation.problems import write_decimal, write_steps
from indicators.calculation.rules import ENGINES
from indicators.calculation.scheme import Verdict

# Part → the whole it is a share of.
_WHOLE = {parts[0]: wholes[0] for parts, wholes in DISTRICT_RELATIONS}


def judge_district_indicators(facts: Facts) -> list[IndicatorOutcome]:
    """Outcomes of the indicators that rest on figures and statements of the district."""
    statements = [IndicatorOutcome(code, (check_statement(facts, code),)) for code in _STATED]
    return [
        *statements,
        IndicatorOutcome("B2", (check_statement(facts, "B2"), *_quotas(facts))),
        IndicatorOutcome("B7", (_special_budget(facts),)),
        IndicatorOutcome("B8", (_pay(facts), check_statement(facts, "B8"))),
        IndicatorOutcome("B11", _rotation(facts)),
        IndicatorOutcome("B14", (_ratio(facts, "B14.allocated"), check_statement(facts, "B14"))),
        IndicatorOutcome("B15", (_ratio(facts, "B15.enrolled"), check_statement(facts, "B15"))),
        IndicatorOutcome("C1", (_retention(facts),)),
        IndicatorOutcome("C2", (_ratio(facts, "C2.enrolled"),)),
        IndicatorOutcome("C9", tuple(_subject(facts, subject) for subject in _subjects(facts))),
        IndicatorOutcome("D1", (judge_satisfaction(facts), *_visits(facts))),
    ]


_STATED = ("B1", "B10", "C3", "C5", "C6", "C7", "C8")


def _absent(facts: Facts, *items: str) -> list[Missing]:
    return [Missing(item) for item in items if item not in facts.district]


def _rotation(facts: Facts) -> tuple[Check, Check]:
    backbone = _ratio(facts, "B11.backbone", "B11.exchanged_backbone")
    return _ratio(facts, "B11.exchanged"), backbone


def _ratio(facts: Facts, name: str, part: str = "") -> Check:
    """A part's share of its whole; check and limit have the name of the part, unless given."""
    items = (part or name, _WHOLE[part or name])
    values = [facts.district.get(item) for item in items]
    return _rate(facts, name, values, _absent(facts, *items))


def _rate(
    facts: Facts, name: str, figures: Sequence[int | None], absent: Sequence[Missing] = ()
) -> Check:
    """A rate held against the limit of its name."""
    rules = facts.rules
    return check_ratio(name, figures, rules.limit(name), absent, shown_digits=rules.rate_digits)


def _quotas(facts: Facts) -> list[Check]:
    """Base quotas are optional and shown; they decide nothing."""
    items = ("B2.quota_primary", "B2.quota_junior")
    given = {item: write_steps(facts.district[item], 2) for item in items if item in facts.district}
    return [Check("B2.quota", "met", given)] if given else []


def _special_budget(facts: Facts) -> Check:
    item = "B7.special_budget_per_pupil"
    per_yuan = 10 ** DISTRICT_ITEM[item].places
    needed, found = facts.rules.limit("B7.special_budget"), facts.district.get(item)
    verdict: Verdict = "unknown"
    if found is not None:
        verdict = "met" if found >= needed * per_yuan else "not_met"
    value = None if found is None else write_steps(found, DISTRICT_ITEM[item].places)
    inputs = {"value": value, "needed": write_fraction(needed), "comparison": ">="}
    inputs |= _advice(facts, found, per_yuan)
    return Check("B7.special_budget", verdict, inputs, (), tuple(_absent(facts, item)))


def _advice(facts: Facts, found: int | None, per_yuan: int) -> dict[str, Any]:
    """What is granted by now although the threshold asks less: less than that is warned of."""
    advised = facts.rules.limits.get("B7.advised")
    if advised is None or _is_before(facts.year, facts.rules.limit("B7.advised_from")):
        return {}
    below = found is not None and found < advised * per_yuan
    return {"advised": write_decimal(advised), "below_advised": below}


def _is_before(year: int | None, first: Fraction) -> bool:
    return year is not None and year < first


def _pay(facts: Facts) -> Check:
    items = ("B8.teacher_pay", "B8.civil_servant_pay")
    values = [facts.district.get(item) for item in items]
    needed, absent = facts.rules.limit("B8.pay_ratio"), _absent(facts, *items)
    return check_ratio("B8.pay", values, needed, absent, DISTRICT_ITEM[items[0]].places)


def _retention(facts: Facts) -> Check:
    """初中三年巩固率 = (毕业 − 转入 + 转出) / (初一在校生 − 死亡)."""
    names = ("graduates", "transferred_in", "transferred_out", "entrants", "deceased")
    items = tuple(f"C1.{name}" for name in names)
    if absent := _absent(facts, *items):
        return _rate(facts, "C1.retained", (None, None), absent)
    graduates, moved_in, moved_out, entrants, deceased = (facts.district[item] for item in items)
    stayed = graduates - moved_in + moved_out
    return _rate(facts, "C1.retained", (stayed, entrants - deceased))


def _subjects(facts: Facts) -> list[str]:
    """Subjects of the national quality monitoring: those required and those reported."""
    reported = {code.split(".")[1] for code in facts.district if code.startswith("C9.")}
    return sorted(reported | set(facts.rules.monitored_subjects)) or [""]


def _subject(facts: Facts, subject: str) -> Check:
    """Level Ⅲ or better, and differing between schools by *less than* 0.15."""
    if not subject:
        return Check("C9", "unknown", {}, (), (Missing("C9"),))
    names = (f"C9.{subject}.level", f"C9.{subject}.difference")
    level, difference = (facts.district.get(name) for name in names)
    rules, absent = facts.rules, _absent(facts, *names)
    low = level is not None and level < rules.limit("C9.level")
    wide = difference is not None and Fraction(difference, 10_000) >= rules.limit("C9.difference")
    verdict: Verdict = "not_met" if low or wide else "unknown" if absent else "met"
    inputs = {
        "level": None if level is None else str(level),
        "needed_level": write_fraction(rules.limit("C9.level")),
        "difference": None if difference is None else write_steps(difference, 4),
        "needed_difference": write_fraction(rules.limit("C9.difference")),
        "comparison": "<",
    }
    return Check(f"C9.{subject}", verdict, inputs, (), tuple(absent))


def judge_satisfaction(facts: Facts) -> Check:
    """D1 满意度 over all respondents; a pass whose Wilson lower bound is under 85 % is flagged."""
    items = ("D1.satisfied", "D1.sample")
    satisfied, sample = (facts.district.get(item) for item in items)
    needed = facts.rules.limit("D1.satisfied")
    check = _rate(facts, "D1.satisfied", (satisfied, sample), _absent(facts, *items))
    inputs = check.inputs | {"lower_bound": None, "uncertain": False, "groups": _groups(facts)}
    if satisfied is not None and sample:
        z = facts.rules.limits["D1.z"]
        inputs["lower_bound"] = write_lower_bound(satisfied, sample, z)
        lower = lower_bound_is_under(satisfied, sample, needed, Fraction(z))
        inputs["uncertain"] = check.verdict == "met" and lower
    return Check(check.name, check.verdict, inputs, (), check.missing)


def _visits(facts: Facts) -> list[Check]:
    """Since engine 2 people visited are asked as much as questionnaires, where any were visited."""
    items = ("D1.visited_satisfied", "D1.visited")
    values, rules = [facts.district.get(item) for item in items], facts.rules
    if rules.engine == ENGINES[0] or values == [None, None]:
        return []
    needed, digits = rules.limit("D1.satisfied"), rules.rate_digits
    return [check_ratio("D1.visited", values, needed, _absent(facts, *items), shown_digits=digits)]


def _groups(facts: Facts) -> dict[str, dict[str, str | None]]:
    found: dict[str, dict[str, str | None]] = {}
    for group in RESPONDENT_GROUPS:
        sample = facts.district.get(f"D1.{group}.sample")
        satisfied = facts.district.get(f"D1.{group}.satisfied")
        if sample is not None or satisfied is not None:
            check = check_ratio(group, (satisfied, sample), Fraction(0))
            keys = {"denominator": "sample", "numerator": "satisfied", "value": "rate"}
            found[group] = {name: check.inputs[key] for key, name in keys.items()}
    return found


def lower_bound_is_under(satisfied: int, sample: int, needed: Fraction, z: Fraction) -> bool:
    """Whether the Wilson lower bound is under ``needed``, without a root.

    Equivalent to rate − needed < z √(needed (1 − needed) / sample).
    """
    ahead = Fraction(satisfied, sample) - needed
    return ahead < 0 or ahead * ahead * sample < z * z * needed * (1 - needed)


def write_lower_bound(satisfied: int, sample: int, z: Decimal) -> str:
    """The Wilson score interval's lower end with six places."""
    rate, square = Decimal(satisfied) / sample, z * z / sample
    centre = rate + square / 2
    margin = (square * rate * (1 - rate) + square * square / 4).sqrt()
    return write_decimal(((centre - margin) / (1 + square)).quantize(Decimal("1e-6")), 6)


def judge_veto(veto: dict[str, bool], asked: Sequence[str]) -> Veto:
    """Any item raised refuses the district; an item nobody answered leaves it open."""
    raised = tuple(item for item in asked if veto.get(item))
    missing = tuple(item for item in asked if item not in veto)
    return Veto(missing, raised, "not_met" if raised else "unknown" if missing else "met")

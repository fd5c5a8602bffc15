"""Indicators every school must meet: B3–B6, B9, B12, B13 and C4 of 教督〔2017〕6号."""

from collections.abc import Collection, Iterator
from fractions import Fraction

from figures.table import NOT_APPLICABLE
from indicators.calculation.checks import (
    Facts,
    check_ratio,
    check_schools,
    failing,
    lacking,
    write_fraction,
)
from indicators.calculation.judged import Check, Failing, IndicatorOutcome, Missing
from indicators.calculation.problems import write_steps
from indicators.calculation.rules import Rules
from indicators.calculation.scheme import COMPULSORY_STAGES, STAGES, Verdict
from indicators.calculation.school_intake import School
from indicators.calculation.special_cases import LARGER_LIMIT

Findings = Iterator[Failing | Missing]


def judge_school_indicators(facts: Facts) -> list[IndicatorOutcome]:
    """Outcomes of the indicators that rest on figures of schools."""
    rules = facts.rules
    return [
        IndicatorOutcome("B3", (check_schools("B3.rooms", facts, _rooms, **_room_areas(rules)),)),
        IndicatorOutcome("B4", (check_schools("B4.size", facts, _size),)),
        IndicatorOutcome("B5", (check_schools("B5.classes", facts, _class_size),)),
        IndicatorOutcome("B6", (check_schools("B6.funding", facts, _funding),)),
        IndicatorOutcome(
            "B9", (check_schools("B9.trained", facts, _trained), _share(facts, "trained", "B9"))
        ),
        IndicatorOutcome(
            "B12",
            (check_schools("B12.certified", facts, _certified), _share(facts, "certified", "B12")),
        ),
        IndicatorOutcome("B13", tuple(_intake_checks(facts))),
        IndicatorOutcome("C4", (_training_check(facts),)),
    ]


def judge_limits(school: School, rules: Rules) -> Iterator[tuple[str, Verdict]]:
    """What one school meets or misses by itself; shares move with their whole and are left out."""
    for code, judge in (("B3", _rooms), ("B4", _size), ("B5", _class_size)):
        if school["school_type"] not in rules.exempt_types.get(code, ()):
            found = list(judge(school, rules))
            short = any(isinstance(item, Failing) for item in found)
            yield code, "not_met" if short else "unknown" if found else "met"


def _least(share: Fraction, whole: int) -> int:
    """The smallest whole number that is at least a share of a whole."""
    return -(-share.numerator * whole // share.denominator)


def _teaches(school: School, stage: str) -> bool:
    """Whether a stage has pupils, or may have: only a reported zero says nobody is there."""
    return stage in COMPULSORY_STAGES[school["school_type"]] and school.get(f"pupils_{stage}") != 0


def _taught(school: School) -> list[str]:
    return [stage for stage in STAGES if _teaches(school, stage)]


def _room_areas(rules: Rules) -> dict[str, str]:
    return {kind: write_fraction(rules.limit(f"B3.{kind}")) for kind in ("music_area", "art_area")}


def _rooms(school: School, rules: Rules) -> Findings:
    """One music and one art room per 12 classes begun; known classes alone may already ask more."""
    fields = [f"classes_{stage}" for stage in _taught(school)]
    classes = sum(school.get(field, 0) for field in fields)
    per_room = rules.limit("B3.classes_per_room")
    needed = -(-classes * per_room.denominator // per_room.numerator)
    for field in ("music_rooms", "art_rooms"):
        if field in school and school[field] < needed:
            yield failing(school, field, str(school[field]), str(needed))
    yield from lacking(school, *fields, "music_rooms", "art_rooms")


def _size(school: School, rules: Rules) -> Findings:
    """Pupils of compulsory education against the limit for one stage or several."""
    stages = COMPULSORY_STAGES[school["school_type"]]
    kind = "several_stages" if len(stages) > 1 else "one_stage"
    if LARGER_LIMIT in school:
        kind = f"larger_{kind}"
    fields = [f"pupils_{stage}" for stage in stages]
    pupils = sum(school.get(field, 0) for field in fields)
    if pupils > rules.limit(f"B4.{kind}"):
        needed = write_fraction(rules.limit(f"B4.{kind}"))
        yield failing(school, "+".join(fields), str(pupils), needed)
    yield from lacking(school, *fields)


def _class_size(school: School, rules: Rules) -> Findings:
    for stage in _taught(school):
        field, limit = f"largest_class_{stage}", rules.limit(f"B5.{stage}")
        if school.get(field, 0) > limit:
            yield failing(school, field, str(school[field]), write_fraction(limit))
        yield from lacking(school, field)


def _funding(school: School, rules: Rules) -> Findings:
    """Village schools and teaching points under 100 pupils are funded as if they had 100."""
    needed = rules.limit("B6.pupils")
    if not _may_be_small_village(school) or school.get("pupils_primary", 0) >= needed:
        return
    funded = school.get("funded_pupils")
    if funded is not None and funded >= needed:
        return
    unsure = list(lacking(school, "pupils_primary", "funded_pupils"))
    if school["school_type"] == "小学":
        unsure += lacking(school, "location")
    if unsure:
        yield from unsure
    else:
        yield failing(school, "funded_pupils", str(funded), write_fraction(needed))


def _may_be_small_village(school: School) -> bool:
    kind, location = school["school_type"], school.get("location")
    return kind == "教学点" or (kind == "小学" and location in (None, "乡村"))


def _trained(school: School, rules: Rules) -> Findings:
    return _all_teachers(school, "teachers_trained", rules.limit("B9.trained"))


def _certified(school: School, rules: Rules) -> Findings:
    return _all_teachers(school, "teachers_certified", rules.limit("B12.certified"))


def _all_teachers(school: School, field: str, share: Fraction) -> Findings:
    if field in school and "teachers" in school:
        needed = _least(share, school["teachers"])
        if school[field] < needed:
            yield failing(school, field, str(school[field]), str(needed))
    yield from lacking(school, field, "teachers")


def _share(facts: Facts, kind: str, code: str) -> Check:
    """The district's rate beside the schools', from all schools' totals."""
    fields = (f"teachers_{kind}", "teachers")
    missing = [item for school in facts.schools for item in lacking(school, *fields)]
    totals = [sum(school.get(field, 0) for school in facts.schools) for field in fields]
    needed, digits = facts.rules.limit(f"{code}.{kind}"), facts.rules.rate_digits
    return check_ratio(f"{code}.rate", totals, needed, missing, shown_digits=digits)


def _intake_checks(facts: Facts) -> Iterator[Check]:
    """就近划片入学 of public day schools: by stage over 城区 and 镇区, or by place and stage."""
    for name, limit, places, stage in _INTAKES[facts.rules.nearby_intake_by]:
        check = _intake_check(facts, places, stage, name, facts.rules.limit(limit))
        if check is not None:
            yield check


# Reading of B13 → name of the check, its limit, the places and the stage it is about.
_INTAKES = {
    "place": tuple(
        (f"{limit}_{stage}", limit, (place,), stage)
        for place, limit in (("城区", "B13.urban"), ("镇区", "B13.town"))
        for stage in STAGES
    ),
    "stage": tuple((f"B13.{stage}", f"B13.{stage}", ("城区", "镇区"), stage) for stage in STAGES),
}


def unused_limits(reading: str) -> set[str]:
    """Limits of B13 that only the other reading asks: kept in the version, deciding nothing."""
    asked = {name: {row[1] for row in rows} for name, rows in _INTAKES.items()}
    return set().union(*asked.values()) - asked[reading]


def _intake_check(
    facts: Facts, places: Collection[str], stage: str, name: str, needed: Fraction
) -> Check | None:
    fields = (f"nearby_intake_{stage}", f"intake_{stage}")
    schools = [s for s in facts.schools if _may_take_nearby(s, places) and _teaches(s, stage)]
    asked = [s for s in schools if NOT_APPLICABLE not in [s.get(field) for field in fields]]
    if not asked:
        return None
    traits = ("location", "ownership", "boarding")
    missing = [item for school in asked for item in lacking(school, *traits, *fields)]
    certain = [s for s in asked if all(field in s for field in (*traits, *fields))]
    totals = [sum(s[field] for s in certain) for field in fields]
    short = tuple(
        failing(s, fields[0], str(s[fields[0]]), str(_least(needed, s[fields[1]])))
        for s in certain
        if s[fields[0]] < _least(needed, s[fields[1]])
    )
    check = check_ratio(name, totals, needed, missing, shown_digits=facts.rules.rate_digits)
    # Where everyone must be taken, one school is enough to fail, whatever the others report.
    verdict: Verdict = "not_met" if short and needed == 1 else check.verdict
    return Check(name, verdict, check.inputs, short, check.missing)


def _may_take_nearby(school: School, places: Collection[str]) -> bool:
    """Public day schools of these places; an unreported trait may yet make it one."""
    return (
        school["school_type"] != "特殊教育学校"
        and school.get("location") in (None, *places)
        and school.get("ownership", "公办") == "公办"
        and school.get("boarding", "否") == "否"
    )


def _training_check(facts: Facts) -> Check:
    needed = write_fraction(facts.rules.limit("C4.training"))
    accounts = facts.rules.training_accounts
    return check_schools("C4.training", facts, _training, needed=needed, accounts=accounts)


def _training(school: School, rules: Rules) -> Findings:
    """Training is at least 5 % of the running budget; nothing can be said over a budget of zero."""
    training, budget = school.get("training_budget"), school.get("operating_budget")
    if training is not None and budget:
        needed = _least(rules.limit("C4.training"), budget)
        if training < needed:
            found = write_steps(training, 4)
            yield failing(school, "training_budget", found, write_steps(needed, 4))
    elif budget == 0:
        yield Missing("operating_budget", school["school_code"])
    yield from lacking(school, "training_budget", "operating_budget")

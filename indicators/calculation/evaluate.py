"""One district's self-check in, the whole verdict out, with its working and a digest."""

from dataclasses import replace
from hashlib import sha256
from typing import cast

from indicators.calculation.checks import Facts
from indicators.calculation.district_outcomes import judge_district_indicators, judge_veto
from indicators.calculation.intake import MAX_SCHOOLS, Inputs, read_payload
from indicators.calculation.judged import IndicatorOutcome, LeftOut, Missing, worst
from indicators.calculation.outcome import Outcome, SpecialCases, canonical, standard_order
from indicators.calculation.part_a import judge_part_a
from indicators.calculation.rules import Rules
from indicators.calculation.rules_2017 import STANDARD_2017
from indicators.calculation.scheme import Verdict
from indicators.calculation.school_intake import School
from indicators.calculation.school_outcomes import judge_school_indicators
from indicators.calculation.special_cases import SpecialCase, apply_cases
from indicators.calculation.units import list_units


def evaluate(
    payload: object,
    rules: Rules = STANDARD_2017,
    max_schools: int = MAX_SCHOOLS,
    *,
    is_stored: bool = False,
) -> Outcome:
    """Judge a district by 教督〔2017〕6号: A ∧ B ∧ C ∧ D1 ∧ no veto, each met, not_met or unknown.

    ``payload`` has the shape of the API; numbers of the outcome are decimal strings.
    The same payload and rules give the same result bit for bit, in whatever order schools come.
    Raises UnusableInput with every problem when the payload makes no sense; ``is_stored`` as in
    ``read_payload``.
    """
    inputs = read_payload(payload, rules, max_schools, is_stored=is_stored)
    return evaluate_inputs(inputs, rules)


def evaluate_inputs(inputs: Inputs, rules: Rules) -> Outcome:
    """The same for figures that were read before."""
    outcome = judge_inputs(inputs, rules)
    return replace(outcome, digest=seal(inputs, rules, outcome.to_json()))


def evaluate_json(
    payload: object, rules: Rules = STANDARD_2017, max_schools: int = MAX_SCHOOLS
) -> bytes:
    """``evaluate`` as canonical JSON, written once for digest and answer alike."""
    inputs = read_payload(payload, rules, max_schools)
    text = judge_inputs(inputs, rules).to_json()
    return b'{"digest":"' + seal(inputs, rules, text).encode() + b'",' + text[1:]


def judge_inputs(inputs: Inputs, rules: Rules) -> Outcome:
    """The outcome without its seal, for figures nobody reported."""
    schools, applied = apply_cases(inputs.schools, inputs.special_cases, inputs.year, rules)
    outcome = _judge(schools, inputs, rules)
    if not applied:
        return outcome
    plain = _judge(inputs.schools, inputs, rules)
    return replace(outcome, special_cases=_compared(outcome, plain, applied))


def _judge(schools: tuple[School, ...], inputs: Inputs, rules: Rules) -> Outcome:
    part_a, units, spreads, missing = judge_part_a(list_units(schools, rules), rules)
    stated = cast("dict[str, Verdict]", inputs.qualitative)  # intake lets nothing else in
    found = judge_indicators(Facts(rules, schools, inputs.district, stated, inputs.year))
    veto = judge_veto(inputs.veto, rules.veto_items)
    missing += [item for outcome in found for item in outcome.missing]
    missing += map(Missing, veto.missing)
    return Outcome(
        standard=rules.standard,
        engine=rules.engine,
        verdict=worst([part_a.verdict, *(outcome.verdict for outcome in found), veto.verdict]),
        units=units,
        dispersion=spreads,
        part_a=part_a,
        indicators={outcome.code: outcome for outcome in found},
        veto=veto,
        missing=tuple(dict.fromkeys(missing)),
        warnings=tuple(
            LeftOut(unit.reason, unit.school_code, unit.stage)
            for unit in units
            if unit.reason == "no_pupils"
        ),
    )


def judge_indicators(facts: Facts) -> list[IndicatorOutcome]:
    """Outcomes of B, C and D1 in the order of the standard."""
    outcomes = judge_school_indicators(facts) + judge_district_indicators(facts)
    return sorted(outcomes, key=lambda outcome: standard_order(outcome.code))


def _compared(outcome: Outcome, plain: Outcome, applied: list[SpecialCase]) -> SpecialCases:
    """Which special cases were applied, and every verdict that would differ without them."""
    before, after = plain.verdicts, outcome.verdicts
    without = {
        "verdict": plain.verdict,
        "indicators": {
            code: before[code, ""]
            for code in ("A", *plain.indicators)
            if before[code, ""] != after[code, ""]
        },
        "units": [
            {key: getattr(unit, key) for key in ("school_code", "stage", "counted", "verdict")}
            for unit, judged in zip(plain.units, outcome.units, strict=True)
            if (unit.counted, unit.verdict) != (judged.counted, judged.verdict)
        ],
    }
    return SpecialCases(tuple(applied), without)


def seal(inputs: Inputs, rules: Rules, outcome: bytes) -> str:
    """SHA-256 over canonical JSON of engine, inputs, outcome (without its digest) and rules."""
    sealed = sha256(canonical({"engine": rules.engine, "inputs": inputs.as_dict()})[:-1])
    sealed.update(b',"outcome":' + outcome)
    sealed.update(b',"rules":' + canonical(rules.to_dict()) + b"}")
    return "sha256:" + sealed.hexdigest()

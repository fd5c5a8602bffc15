"""One district's self-check in, the whole verdict out, with its working and a digest."""

from dataclasses import asdict
from hashlib import sha256
from typing import Any

import orjson

from indicators.calculation.district_outcomes import judge_district_indicators, judge_veto
from indicators.calculation.intake import MAX_SCHOOLS, Inputs, read_payload
from indicators.calculation.outcomes import Facts, Missing, Outcome
from indicators.calculation.rules import Rules
from indicators.calculation.rules_2017 import STANDARD_2017
from indicators.calculation.scheme import worst
from indicators.calculation.school_intake import School
from indicators.calculation.school_outcomes import judge_school_indicators
from indicators.calculation.special_cases import SpecialCase, apply_cases
from indicators.calculation.unit_results import show_part_a
from indicators.calculation.units import list_units

ENGINE = "1"


def evaluate(
    payload: object,
    rules: Rules = STANDARD_2017,
    max_schools: int = MAX_SCHOOLS,
    *,
    is_stored: bool = False,
) -> dict[str, Any]:
    """Judge a district by 教督〔2017〕6号: A ∧ B ∧ C ∧ D1 ∧ no veto, each met, not_met or unknown.

    ``payload`` has the shape of the API; the result is JSON-safe, numbers as decimal strings.
    The same payload and rules give the same result bit for bit, in whatever order schools come.
    Raises UnusableInput with every problem when the payload makes no sense; ``is_stored`` as in
    ``read_payload``.
    """
    inputs = read_payload(payload, rules.standard, max_schools, is_stored=is_stored)
    return evaluate_inputs(inputs, rules)


def evaluate_inputs(inputs: Inputs, rules: Rules) -> dict[str, Any]:
    """The same for figures that were read before."""
    outcome = _outcome(inputs, rules)
    outcome["digest"] = digest(inputs, rules, outcome)
    return outcome


def evaluate_json(
    payload: object, rules: Rules = STANDARD_2017, max_schools: int = MAX_SCHOOLS
) -> bytes:
    """``evaluate`` as canonical JSON, written once for digest and answer alike."""
    inputs = read_payload(payload, rules.standard, max_schools)
    text = canonical(_outcome(inputs, rules))
    return b'{"digest":"' + _seal(inputs, rules, text).encode() + b'",' + text[1:]


def _outcome(inputs: Inputs, rules: Rules) -> dict[str, Any]:
    schools, applied = apply_cases(inputs.schools, inputs.special_cases, inputs.year, rules)
    outcome = _judge(schools, inputs, rules)
    outcome["special_cases"] = _without_cases(outcome, applied, inputs, rules)
    return outcome


def _judge(schools: tuple[School, ...], inputs: Inputs, rules: Rules) -> dict[str, Any]:
    part_a = show_part_a(list_units(schools, rules), rules)
    outcomes = judge_indicators(Facts(rules, schools, inputs.district, inputs.qualitative))
    veto = judge_veto(inputs.veto)
    indicators = {"A": part_a.outcome} | {item.code: item.as_dict() for item in outcomes}
    verdicts = [outcome["verdict"] for outcome in (*indicators.values(), veto)]
    missing = [*part_a.missing, *(item for outcome in outcomes for item in outcome.missing)]
    missing += [Missing(None, item) for item in veto["missing"]]
    return {
        "standard": rules.standard,
        "engine": ENGINE,
        "verdict": worst(verdicts),
        "units": part_a.units,
        "dispersion": part_a.dispersion,
        "indicators": indicators,
        "veto": veto,
        "missing": [asdict(item) for item in dict.fromkeys(missing)],
        "warnings": _warnings(part_a.units),
    }


def judge_indicators(facts: Facts) -> list[Outcome]:
    """Outcomes of B, C and D1 in the order of the standard."""
    outcomes = judge_school_indicators(facts) + judge_district_indicators(facts)
    return sorted(outcomes, key=lambda outcome: (outcome.code[0], int(outcome.code[1:])))


def _warnings(units: list[dict[str, Any]]) -> list[dict[str, str]]:
    """A stage the school type has but nobody attends is left out and said so."""
    return [
        {"school_code": unit["school_code"], "stage": unit["stage"], "code": unit["reason"]}
        for unit in units
        if unit["reason"] == "no_pupils"
    ]


def _without_cases(
    outcome: dict[str, Any], applied: list[SpecialCase], inputs: Inputs, rules: Rules
) -> dict[str, Any]:
    """Which special cases were applied, and every verdict that would differ without them."""
    if not applied:
        return {"applied": [], "without": None}
    plain = _judge(inputs.schools, inputs, rules)
    return {
        "applied": [asdict(case) for case in applied],
        "without": {
            "verdict": plain["verdict"],
            "indicators": {
                code: found["verdict"]
                for code, found in plain["indicators"].items()
                if found["verdict"] != outcome["indicators"][code]["verdict"]
            },
            "units": [
                {key: unit[key] for key in ("school_code", "stage", "counted", "verdict")}
                for unit, judged in zip(plain["units"], outcome["units"], strict=True)
                if (unit["counted"], unit["verdict"]) != (judged["counted"], judged["verdict"])
            ],
        },
    }


def digest(inputs: Inputs, rules: Rules, outcome: dict[str, Any]) -> str:
    """SHA-256 over canonical JSON of engine, inputs, outcome (without its digest) and rules."""
    sealed = {key: value for key, value in outcome.items() if key != "digest"}
    return _seal(inputs, rules, canonical(sealed))


def _seal(inputs: Inputs, rules: Rules, outcome: bytes) -> str:
    sealed = sha256(canonical({"engine": ENGINE, "inputs": inputs.as_dict()})[:-1])
    sealed.update(b',"outcome":' + outcome)
    sealed.update(b',"rules":' + canonical(rules.to_dict()) + b"}")
    return "sha256:" + sealed.hexdigest()


def canonical(value: Any) -> bytes:
    """JSON with sorted keys and no spaces, UTF-8.

    Raises TypeError for what no input or result holds, such as whole numbers beyond 64 bits.
    """
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)

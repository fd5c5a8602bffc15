"""Every operation of the document as one call with what it needs, and whether its answer is as
described; the same plan for every generated client, on the demonstration data."""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from jsonschema import Draft202012Validator

# In review, submitted, returned, begun, and one with school plans.
DISTRICTS = ("500103", "500106", "500107", "500151", "500243")
RETURNED = "officer_500107"  # may upload again
PLANNED = "officer_500243"  # has school plans
SIGNATORY = "signatory_500106"  # has plans to adopt and to begin by
ACCOUNTS = {
    "manager": ("read", "write:hooks", "write:plan", "write:schools", "write:selfcheck"),
    "inspector": ("read", "write:selfcheck"),
    "auditor": ("read",),
    RETURNED: ("read", "write:selfcheck"),
    SIGNATORY: ("read", "write:selfcheck"),
    PLANNED: ("read", "write:selfcheck"),
}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
YEAR = datetime.now(ZoneInfo("Asia/Shanghai")).year  # of the demonstration's newest self-checks
REFERENCE = f"500107-{YEAR}"  # the returned one
ZIP = "UEsDB"  # how the bytes of a workbook begin in Base64
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")

Facts = Mapping[str, Any]
Call = dict[str, Any]


def plan(document: Facts) -> list[Call]:
    """The calls in the document's order; then a refused workbook, and what is not there."""
    returned = {"by": RETURNED, "path": {"reference": REFERENCE}}
    inspected, audited = {"by": "inspector"}, {"by": "auditor"}
    planned = {"by": PLANNED, "path": {"reference": f"500243-{YEAR}"}}
    no_picture = {"statuses": (422,), "answer_name": "Problem"}  # each file sent is a workbook
    drawn = {"by": "inspector", "path": {"id": "1"}}  # here the only visit there is
    own: dict[str, Call] = {  # where the document's own example cannot be sent as it stands
        "audit_list": audited,
        "audit_retrieve": audited,
        "papers_retrieve": {"path": {"kind": "unit-report", "reference": "500106"}},
        "problems_partial_update": inspected,
        "problems_steps_create": inspected,
        "school_plans_measures_create": {"by": PLANNED},
        "school_plans_measures_partial_update": {"by": PLANNED},
        "school_plans_measures_progress_create": {"by": PLANNED},
        "school_plans_steps_create": {"by": PLANNED},
        "visits_create": {**inspected, "query": {"dry_run": True}},
        "visits_schools_create": drawn,
        "visits_schools_findings_create": drawn,
        "visits_schools_findings_photos_create": {**drawn, **no_picture},
        "visits_schools_findings_removal_create": drawn,
        "visits_schools_retrieve": drawn,
        "visits_steps_create": drawn,
        "visits_steps_retrieve": drawn,
        "self_checks_school_plans_create": {"by": SIGNATORY},
        "self_checks_school_plans_merge_create": planned,
        "self_checks_school_plans_steps_create": planned,
        "self_checks_school_plans_table_create": planned,
        "self_checks_steps_create": {"by": "inspector", "body": {"step": "take_up"}},
        "self_checks_evidence_create": returned,
        "self_checks_plans_create": returned,
        "self_checks_plans_steps_create": {"by": SIGNATORY},
        "self_checks_scenarios_create": returned,
        "self_checks_scenarios_partial_update": returned,
        "self_checks_scenarios_steps_create": returned,
        "self_checks_uploads_create": {**returned, "query": {"dry_run": True}},
        "self_checks_uploads_partial_update": returned,
    }
    calls = [
        _call(path, facts, own.get(facts["operationId"], {}))
        for path, item in document["paths"].items()
        for facts in item.values()
    ]
    call_of = {call["operation"]: call for call in calls}
    with_errors = {"path": {"reference": f"500151-{YEAR}", "number": "1"}}
    no_school = {"path": {"code": "0000000000"}, "statuses": (404,), "answer_name": "Problem"}
    calls.append(call_of["self_checks_uploads_retrieve"] | with_errors)
    calls.append(call_of["schools_retrieve"] | no_school)
    return calls


def _call(path: str, facts: Facts, own: Call) -> Call:
    places = {each["name"]: each for each in facts.get("parameters", ())}
    contents = facts.get("requestBody", {}).get("content", {})
    answer = next(facts["responses"][s] for s in ("200", "201") if s in facts["responses"])
    samples = {name: place["example"] for name, place in places.items() if place["in"] == "path"}
    if "reference" in samples:
        samples["reference"] = f"500106-{YEAR}"
    body = contents.get("application/json", {})
    example: Facts = next(iter(body.get("examples", {}).values()), {})
    given = {
        "operation": facts["operationId"],
        "by": "manager",
        "path": {name: samples[name] for name in re.findall(r"{(\w+)}", path)},
        "query": {},
        "has_query": any(place["in"] == "query" for place in places.values()),
        "needs_tag": "If-Match" in places and places["If-Match"].get("required", False),
        "body": example.get("value"),
        "body_name": _name(next(iter(contents.values()), {})),
        "has_file": "multipart/form-data" in contents,
        "answer_name": _name(answer["content"].get("application/json", {})),
        "statuses": (200, 201),
    }
    return {**given, **own, "path": given["path"] | own.get("path", {})}


def _name(content: Facts) -> str:
    return str(content.get("schema", {}).get("$ref", "")).rpartition("/")[2]


def faults(document: Facts, calls: Iterable[Call], answers: Iterable[Facts]) -> list[str]:
    """What is not as described: a call without its answer, an answer outside the document, or one
    of which the client's own types have lost or changed something."""
    found = []
    for call, answer in zip(calls, answers, strict=True):
        if answer["status"] not in call["statuses"]:
            found.append(f"{call['operation']}: {answer['status']} {answer['raw']}")
        elif call["answer_name"]:
            found += _outside(document, call, answer)
        elif not answer["raw"].startswith(ZIP) or answer["typed"] != answer["raw"]:
            found.append(f"{call['operation']}: no workbook")
    return found


def _outside(document: Facts, call: Call, answer: Facts) -> Iterable[str]:
    place = f"#/components/schemas/{call['answer_name']}"
    schema = {"$ref": place, "components": document["components"]}
    for error in Draft202012Validator(schema).iter_errors(answer["raw"]):
        yield f"{call['operation']}: {error.json_path} {error.message[:200]}"
    if plain(answer["typed"]) != plain(answer["raw"]):
        yield f"{call['operation']}: {_difference(plain(answer['raw']), plain(answer['typed']))}"


def plain(value: Any) -> Any:
    """The value without members that are null and with moments in UTC, as clients may write it."""
    if isinstance(value, dict):
        return {name: plain(inner) for name, inner in value.items() if inner is not None}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    if isinstance(value, str) and _MOMENT.match(value):
        return datetime.fromisoformat(value).astimezone(UTC).replace(microsecond=0).isoformat()
    return value


def _difference(came: Any, typed: Any, place: str = "$") -> str:
    """The first place where the client's value is another one."""
    if isinstance(came, dict) and isinstance(typed, dict):
        for name in sorted(came.keys() | typed.keys()):
            if came.get(name) != typed.get(name):
                return _difference(came.get(name), typed.get(name), f"{place}.{name}")
    if isinstance(came, list) and isinstance(typed, list) and len(came) == len(typed):
        for index, pair in enumerate(zip(came, typed, strict=True)):
            if pair[0] != pair[1]:
                return _difference(*pair, f"{place}[{index}]")
    return f"{place}: {json.dumps(came, ensure_ascii=False)[:150]} became {typed!r:.150}"

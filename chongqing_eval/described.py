"""What the API's document says beyond its declarations: what each member means, and the answer of
the demonstration data to every operation. Both are tables in ``fixtures/``."""

import json
from typing import Any

from django.utils.translation import get_language

from districts.services.reference import FOLDER, rows_of

ANSWERS = FOLDER / "api_answers.json"


def described(result: Any, **_generator: Any) -> Any:
    """A hook of drf-spectacular; the words of a declaration go before those of the table."""
    language = get_language()
    column = "english_meaning" if language == "en" else "meaning"
    meanings = {row["member"]: row[column] for row in rows_of("api_members")}
    for name, schema in result["components"]["schemas"].items():
        for member, facts in schema.get("properties", {}).items():
            words = meanings.get(f"{name}.{member}") or meanings.get(member)
            if not {"description", "title"} & facts.keys():
                # A label that only repeats the name has been left out.
                _describe(facts, words or member.replace("_", " "))
    answers = json.loads(ANSWERS.read_text(encoding="utf-8"))[language]
    for item in result["paths"].values():
        for operation in item.values():
            for parameter in operation.get("parameters", ()):
                if parameter.get("description", "* `").startswith("* `"):  # values, not words
                    parameter["description"] = meanings.get(parameter["name"], "")
            if shown := answers.get(operation["operationId"]):
                responses = operation["responses"][shown["status"]]
                responses["content"]["application/json"]["example"] = shown["answer"]
    return result


def _describe(facts: dict[str, Any], words: str) -> None:
    if reference := facts.pop("$ref", None):  # nothing stands beside a reference in older readers
        facts["allOf"] = [{"$ref": reference}]
    facts["description"] = words

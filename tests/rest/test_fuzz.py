"""Requests made up from the API's own document: nothing breaks, every answer is as described."""

from contextlib import suppress
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings, strategies
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from districts.models import User
from districts.services.people import create_token
from tests.rest.described import asked_of, faults_of_choice, row_of


def schema_conformance(context: Any, response: Any, case: Any) -> Any:
    """Whole answers are as the document says; chosen members by their own rule."""
    asked = asked_of(response.request.url) if response.status_code == 200 else []
    if not asked or "json" not in response.headers["content-type"][0]:
        return response_schema_conformance(context, response, case)
    operation = case.operation
    document, facts = operation.schema.raw_schema, operation.definition.raw
    assert not faults_of_choice(document, facts, asked, response.json())
    return None


def some_members(operation: Any) -> Any:
    """For ``fields=``, where the operation takes it: none, or some of what there is."""
    facts = operation.definition.raw
    if not any(each.get("name") == "fields" for each in facts.get("parameters", ())):
        return strategies.just([])
    members = sorted(row_of(operation.schema.raw_schema, facts)["properties"])
    return strategies.lists(strategies.sampled_from(members), unique=True, max_size=3)


CHECKS = [
    not_a_server_error,
    content_type_conformance,
    response_headers_conformance,
    schema_conformance,
    status_code_conformance,
]


EXAMPLES = 8  # of each operation, good ones and bad ones; a drill asks for more
SEVERAL = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def manager(wu_manager: User) -> dict[str, str]:
    """The headers of a manager with every scope, who reads what is not compressed."""
    scopes = ("read", "write:plan", "write:schools")
    _token, text = create_token(user=wu_manager, scopes=scopes, by=wu_manager)
    return {"Authorization": f"Bearer {text}", "Accept-Encoding": "identity"}


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_answers_are_as_described(
    application: Any, manager: dict[str, str], mode: GenerationMode, times: int
) -> None:
    schema = schemathesis.openapi.from_wsgi("/api/v1/schema/", application)
    for found in schema.get_all_operations():
        operation = found.ok()

        @settings(SEVERAL, max_examples=EXAMPLES * times)
        @given(case=operation.as_strategy(generation_mode=mode), chosen=some_members(operation))
        def answers(case: Any, chosen: list[str]) -> None:
            if chosen:
                case.query |= {"fields": ",".join(chosen)}
            case.call_and_validate(headers=manager, checks=CHECKS)

        with suppress(Unsatisfiable):  # nothing to get wrong in this operation
            answers()

"""Requests made up from the API's own document: nothing breaks, every answer is as described."""

from contextlib import suppress
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
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

CHECKS = [
    not_a_server_error,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
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
        @given(case=operation.as_strategy(generation_mode=mode))
        def answers(case: Any) -> None:
            case.call_and_validate(headers=manager, checks=CHECKS)

        with suppress(Unsatisfiable):  # nothing to get wrong in this operation
            answers()

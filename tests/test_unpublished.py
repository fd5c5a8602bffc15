"""What is not published decides no sign of what everybody reads (m44): every column of every row
that belongs to a unit is changed, and all public answers stay as they were."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, models, transaction
from django.db.models import Case, F, Value, When
from django.db.models.functions import Concat, Left
from django.test import Client

from selfchecks.models import Evaluation
from tests.routes import Route, routes
from tests.selfchecks.conftest import reach, schools, self_check
from tests.test_isolation import LISTS, PAGE_PARAMETERS, SCOPED, reported, text_of, world

__all__ = ["reach", "reported", "schools", "self_check", "world"]  # fixtures

# Of the machine, and what holds nothing of the database.
NOT_READ = {"healthz", "readyz", "styleguide", "api-docs", "api-shapes"}
PUBLIC_ROUTES = [route for route in routes() if route.is_public and route.name not in NOT_READ]
VALUES = {**PAGE_PARAMETERS, "code": "500106", "district": "500106", "pk": "1", "subject": "about"}
NAMED = {
    "standards-detail": {"code": "2017.1"},
    "indicator": {"code": "B10"},
    "indicator-units": {"code": "B10"},
}
# New in each answer: what a form carries, and when a table was made.
ONE_TIME = re.compile(r'name="(csrfmiddlewaretoken|ticket)" value="[^"]*"|<dcterms:\w+[^>]*>[^<]*')
TOLD = {"is_demo"}  # every page says that there is made-up data
LEAK = "泄漏"


def paths(route: Route) -> Iterator[str]:
    path = route.filled({**VALUES, **NAMED.get(route.name, {})})
    is_table = route.is_api and not route.parameters and len(route.view.cls.renderer_classes) > 1
    yield from (path + ending for ending in (LISTS if is_table else ("",)))
    if not route.is_api and not route.namespace:
        yield f"/en{path}"


def told(client: Client) -> dict[str, Any]:
    """Every public answer, without what is new in each."""
    found = {}
    for path in [path for route in PUBLIC_ROUTES for path in paths(route)]:
        answer = client.get(path)
        text = ONE_TIME.sub("", text_of(answer)).replace(answer["X-Request-Id"], "")
        found[path] = answer.status_code, text
    return found


def other_value(field: Any) -> Any:
    """An expression for another value of the column; None where it has no other."""
    if field.choices:
        first, second = [value for value, _label in field.flatchoices][:2]
        return Case(When(**{field.name: first}, then=Value(second)), default=Value(first))
    if isinstance(field, models.BooleanField):
        return Case(When(**{field.name: True}, then=Value(False)), default=Value(True))
    if isinstance(field, models.CharField | models.TextField | models.FileField):
        changed = Concat(Value(LEAK), F(field.name), output_field=models.TextField())
        return Left(changed, field.max_length) if field.max_length else changed
    if isinstance(field, models.DateTimeField | models.DateField):
        return F(field.name) + timedelta(days=3)
    if isinstance(field, models.JSONField):
        return Value({LEAK: LEAK}, models.JSONField())
    return F(field.name) + 7


def change(model: Any) -> Iterator[str]:
    """The columns of all its rows that could be changed: the database keeps its rules."""
    for field in model._meta.concrete_fields:
        if field.primary_key or field.is_relation or field.name in TOLD:
            continue
        try:
            with transaction.atomic():
                model._base_manager.update(**{field.name: other_value(field)})
        except DatabaseError:
            continue
        yield f"{model.__name__}.{field.name}"


def differing(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    return [path for path in before if before[path] != after[path]]


@pytest.mark.usefixtures("reported")
def test_m44_nothing_unpublished_is_in_any_public_answer(client: Client) -> None:
    before = told(client)
    assert len([1 for status, _text in before.values() if status == 200]) > 60
    changed = [name for model in SCOPED for name in change(model)]
    assert len(changed) > 200
    after = told(client)
    assert not differing(before, after), "\n".join(differing(before, after))
    assert LEAK not in "".join(text for _status, text in after.values())


def test_m44_what_is_published_is_seen_to_change(client: Client, reach: Any) -> None:
    """Else the test above could not fail: an approved result, the columns that pages read."""
    reach("approved")
    before = told(client)
    changed = list(change(Evaluation))
    assert "Evaluation.verdict" in changed
    assert "/districts/500106/" in differing(before, told(client))

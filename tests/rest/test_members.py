"""Nobody writes what the portal fills in: every serializer refuses members that are not its own to
set, each by its name (m39)."""

from collections.abc import Iterator
from typing import Any

import pytest
from rest_framework import serializers

from chongqing_eval import urls  # noqa: F401  brings every serializer in
from rest.serializers import StrictSerializer

# What an attacker would try to set: keys, states, scopes, labels and who did it.
COVETED = (
    *("id", "pk", "state", "status", "unit", "district", "district_id", "role", "reach", "is_demo"),
    *("is_staff", "version", "digest", "approved_digest", "actor", "taken_at", "submitted_at"),
    *(
        "inspector",
        "evaluation",
        "upload",
        "published_at",
        "recorded_by",
        "year",
        "number",
        "scope",
    ),
    *("year", "scope", "__class__", "_state", "objects", "password", "token", "district__code"),
)


def everyone(kind: Any) -> Iterator[Any]:
    for each in kind.__subclasses__():
        yield each
        yield from everyone(each)


SERIALIZERS = sorted(
    {each for each in everyone(StrictSerializer) if not each.__module__.startswith("tests.")},
    key=lambda each: f"{each.__module__}.{each.__name__}",
)


@pytest.mark.parametrize("kind", SERIALIZERS, ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_m39_what_is_not_its_own_to_set_is_refused_by_name(kind: Any) -> None:
    serializer = kind()
    own = {name for name, field in serializer.fields.items() if not field.read_only}
    model = getattr(getattr(kind, "Meta", None), "model", None)
    columns = {field.name for field in model._meta.concrete_fields} if model else set()
    for name in sorted((columns | set(COVETED) | set(serializer.fields)) - own):
        asked = kind(data={name: "approved"}, partial=True)
        asked.fields  # noqa: B018  as the view asks for them
        with pytest.raises(serializers.ValidationError) as refused:
            asked.to_internal_value({name: "approved"})
        assert str(refused.value.detail[name][0].code) in ("unknown", "read_only"), name  # type: ignore[call-overload,index]


def test_there_are_many() -> None:
    assert len(SERIALIZERS) > 20

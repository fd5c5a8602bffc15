"""A department sees nothing but what is its own to do: over all models and all pages."""

from typing import Any

from districts.models import User
from tests.routes import Route, routes
from tests.test_isolation import PAGE_PARAMETERS, PAGES, SCOPED, reported, world

__all__ = ["Route", "reported", "routes", "world"]
OF_DEPARTMENTS = {"Measure", "Revision", "Progress"}  # of their own office
OWN = {"reference": "500106-2026"}


def test_a_department_sees_nothing_but_what_is_its_own(
    reported: dict[str, Any],  # noqa: F811
    he_planning: User,
    signed_in: Any,
) -> None:
    """The measures are the bureau's: of no table there is a row for the planning office."""
    for model in SCOPED:
        assert not model.objects.visible_to(he_planning).exists(), model
        assert hasattr(model, "office_scope") is (model.__name__ in OF_DEPARTMENTS), model
    client = signed_in(he_planning)
    for route in PAGES:
        status = client.get(route.filled({**PAGE_PARAMETERS, **OWN})).status_code
        expected = {403, 404} if route.parameters else {200, 302, 403, 405}
        assert status in expected, route

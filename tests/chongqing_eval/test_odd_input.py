"""What no column can hold is answered as not found or not readable, on every address and input."""

from collections.abc import Callable, Iterable, Iterator
from urllib.parse import quote, urlencode

import pytest
from django.contrib import admin
from django.test import Client
from rest_framework.viewsets import GenericViewSet

from districts.models import User
from selfchecks.models import SelfCheck
from tests.routes import Route, routes
from tests.selfchecks.conftest import keep_clean, schools, self_check

__all__ = ["schools", "self_check"]

ODD = ("a\0b", "长" * 300, "9" * 40, "2147483648", "²")
NUL, *ASKED = ODD  # behind an address a NUL is refused in one place, as `test_filters` shows
GOOD = {
    **{"code": "500106", "reference": "500106-2026", "line": "C1.graduates", "column": "value"},
    **dict.fromkeys(("number", "item", "comment", "object_id"), "1"),
}
READ = [route for route in routes() if route.name not in {"logout", "schema"}]


@pytest.fixture
def asking(self_check: SelfCheck, chen_officer: User, wu_manager: User) -> Client:
    """The manager, whose server answers instead of raising."""
    keep_clean(self_check, chen_officer)
    client = Client(raise_request_exception=False)
    client.force_login(wu_manager)
    return client


def test_parts_of_addresses(asking: Client) -> None:
    with_parts = [route for route in READ if route.parameters]
    found = list(failures(asking, (a for route in with_parts for a in odd_addresses(route))))
    assert not found


def test_parameters_behind_the_address(asking: Client) -> None:
    addresses = (
        f"{path}?{urlencode({name: odd})}"
        for path, names in lists()
        for name in names
        for odd in ASKED
    )
    assert not list(failures(asking, (f"/?q={quote(NUL)}", *addresses)))


def odd_addresses(route: Route) -> Iterator[str]:
    for name in route.parameters:
        for odd in ODD:
            values = {each: GOOD.get(each, "1") for each in route.parameters}
            yield route.filled(values | {name: quote(odd, safe="")})


def lists() -> Iterator[tuple[str, set[str]]]:
    """Every list with the parameters it knows, and every other page with some."""
    for model, of_admin in admin.site._registry.items():
        path = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        yield path, {"q", "p", "o", "all", "e", *map(filter_name, of_admin.list_filter)}
    for route in READ:
        if route.namespace != "admin" and not route.parameters:
            yield route.path, {*known_parameters(route), "q", "as_of", "basis", "number", "cursor"}


def filter_name(of_list: object) -> str:
    """What a filter of the admin is called in an address."""
    if isinstance(of_list, tuple | list):
        of_list = of_list[0]
    name = getattr(of_list, "parameter_name", of_list)
    return str(name)


def known_parameters(route: Route) -> set[str]:
    view = getattr(route.view, "cls", None)
    if view is None or not issubclass(view, GenericViewSet):
        return set()
    filters = getattr(view, "filterset_class", None)
    return set(filters.base_filters) if filters else set()


def failures(client: Client, addresses: Iterable[str]) -> Iterator[str]:
    for address in addresses:
        status = client.get(address).status_code
        if status >= 500:
            yield f"{status} {address[:120]}"


def test_rows_chosen_in_the_admin(asking: Client) -> None:
    found = []
    for model in admin.site._registry:
        path = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        for odd in (*ODD, "nobody"):
            sent = {"action": "export_admin_action", "_selected_action": odd, "index": "0"}
            if asking.post(path, sent).status_code >= 500:
                found.append(f"{path} {odd[:9]}")
    assert not found


@pytest.mark.parametrize("name", ["长" * 256, "a" * 5000, "a\0b"])
def test_names_nobody_can_have_do_not_sign_in(reference: None, name: str) -> None:
    sent = {"username": name, "password": "wrong-password-1"}
    answer = Client(raise_request_exception=False).post("/accounts/login/", sent)
    assert answer.status_code == 200
    assert answer.context["form"].summary()


def test_typed_text_of_every_form(
    asking: Client, signed_in: Callable[[User], Client], chen_officer: User
) -> None:
    """As somebody's script may send it: a NUL in every input of the pages a form leads to."""
    asking.force_login(chen_officer)
    inputs = (
        "comment",
        "text",
        "reason",
        "value",
        "step",
        "number",
        "note",
        "indicator",
        "version",
    )
    found = []
    for route in READ:
        if route.is_api or route.namespace == "admin":
            continue
        path = route.filled({each: GOOD.get(each, "1") for each in route.parameters})
        for odd in ("a\0b", "长" * 70_000):
            answer = asking.post(path, dict.fromkeys(inputs, odd))
            if answer.status_code >= 500:
                found.append(f"{answer.status_code} {path}")
    assert not found

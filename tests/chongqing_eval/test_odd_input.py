"""What no column can hold is answered as not found or not readable, on every address and input."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.contrib import admin
from django.test import Client, RequestFactory
from rest_framework.viewsets import GenericViewSet

from districts.models import User
from selfchecks.models import SelfCheck
from tests.reader import headings
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


def test_a_format_that_is_not_there_is_refused_where_there_are_files(asking: Client) -> None:
    """Nobody takes the page for the file that was asked for."""
    pages = [route.filled(GOOD) for route in READ if set(route.parameters) <= set(GOOD)]
    answers = {page: asking.get(page, {"format": "xlsx"}) for page in pages}
    files = [page for page in pages if is_file(answers[page]) and not is_file(asking.get(page))]
    silent = [page for page in files if asking.get(page, {"format": "pdf"}).status_code < 400]
    assert silent == []
    assert {"/atlas/", "/ledger/", "/look-backs/", "/self-checks/500106-2026/result/"} <= {*files}


def is_file(answer: Any) -> bool:
    return "attachment" in answer.get("Content-Disposition", "")


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


LONG = "长" * 70_000  # SQLite compares with no pattern beyond 50,000 bytes


@pytest.mark.parametrize(
    "path",
    ["/admin/audit/entry/?q=", "/?q=", "/en/practices/?q=", "/ledger/?school=", "/find/?q="],
)
def test_searches_for_more_than_anybody_types(path: str, asking: Client) -> None:
    answer = asking.get(path + quote(LONG))
    assert (answer.status_code, headings(answer)) == (414, [1])


def test_the_api_says_how_long_an_address_may_be(asking: Client) -> None:
    answer = asking.get(f"/api/v1/problems/?school={quote(LONG)}")
    assert (answer.status_code, answer["Content-Type"]) == (414, "application/problem+json")
    assert "3500" in answer.json()["detail"]


def test_a_long_address_is_read_up_to_what_the_web_server_takes(asking: Client) -> None:
    assert asking.get(f"/?q={'a' * 3000}").status_code == 200


def test_rows_chosen_in_the_admin(asking: Client, wu_manager: User, yang_keeper: User) -> None:
    """On every list that has an action: no row of such a name, and a number beyond the column."""
    acted = {}
    for person in (wu_manager, yang_keeper):
        asking.force_login(person)
        for path, action in actions(person):
            sent = {"action": action, "index": "0"}
            acted[path] = [
                asking.post(path, {**sent, "_selected_action": odd}).status_code
                for odd in ("nobody", *ODD)
            ]
    assert {"/admin/districts/user/", "/admin/districts/apitoken/"} <= set(acted)
    for path, found in acted.items():
        *names, number, at_edge, half = found
        assert (names, half) == ([404] * 3, 404), path
        assert number in (302, 400), path  # PostgreSQL finds none, the driver of SQLite refuses
        assert at_edge == 302, path


def test_a_row_chosen_in_the_admin_is_acted_on(
    asking: Client, yang_keeper: User, chen_officer: User
) -> None:
    asking.force_login(yang_keeper)
    sent = {"action": "disable", "index": "0", "_selected_action": str(chen_officer.pk)}
    asking.post("/admin/districts/user/", sent)
    chen_officer.refresh_from_db()
    assert not chen_officer.is_active


def actions(by: User) -> Iterator[tuple[str, str]]:
    """List of the admin → what somebody can do there with chosen rows, the first of it."""
    request = RequestFactory().get("/")
    request.user = by
    for model, of_admin in admin.site._registry.items():
        if found := of_admin.get_actions(request):
            yield f"/admin/{model._meta.app_label}/{model._meta.model_name}/", next(iter(found))


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

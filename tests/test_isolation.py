"""Somebody else's things are not found: over all models and all routes (m37, m40, m41)."""

import io
import json
import zipfile
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.test import Client
from django.utils import timezone

from chongqing_eval.api import RESOURCES
from districts.models import Delivery, District, FormerHome, SavedView, User
from districts.roles import Role
from districts.scope import PUBLIC
from districts.services import feeds, hooks, links, saved
from districts.services.demo import load_register
from districts.services.people import create_token
from improvement.services import ledger, planning, scenarios, visit_schools, visits
from improvement.services.conditions import set_condition
from papers.services.answers import keep_answers
from selfchecks.models import Looked, Notice, SelfCheck
from selfchecks.services.opening import open_year
from tests.conftest import person
from tests.districts.clock import give_factor
from tests.improvement.conftest import set_prices
from tests.improvement.school_planning import go_by
from tests.improvement.visiting.conftest import PNG
from tests.improvement.voices import tell_and_hear
from tests.routes import Route, routes
from tests.schedule.outcomes import everything_of
from tests.selfchecks.conftest import DUE_ON, FILL_FROM, report
from tests.source import APPS

ROUTES = list(routes())
# Reached by anyone on purpose: the sign-in page of the admin and what ends a session.
ADMIN_DOORS = {"login", "logout"}
CLOSED = [route for route in ROUTES if not route.is_public and route.name not in ADMIN_DOORS]
ADMIN_ROUTES = [route for route in CLOSED if route.namespace == "admin"]
API_ROUTES = [route for route in CLOSED if route.is_api]
PAGES = [route for route in CLOSED if not route.is_api and route.namespace != "admin"]
# What a page's parameter is called, and which value of it belongs to 铜梁区.
PAGE_PARAMETERS = {
    "code": "500151",
    "reference": "500151-2026",
    "line": "C1.graduates",
    "column": "value",
    "step": "approve",
    "indicator": "B10",
    "kind": "build_ground",
    "visit": "500151-2026-1",
    "school": "2150015101",
    "secret": "nobodys",
    **dict.fromkeys(("number", "item", "comment"), "1"),
}
SCOPED = [
    model
    for model in apps.get_models()
    if model.__module__.split(".")[0] in APPS and getattr(model, "scope", PUBLIC) != PUBLIC
]
PERSONAL = {Looked, Notice, SavedView}  # each for its owner alone, whatever anybody's reach
LISTS = ("", "?format=csv", "?format=xlsx")


@pytest.fixture
def world(chen_officer: User, liu_officer: User, tongliang: District) -> dict[str, Any]:
    """Both districts have schools, people and tokens; ``secrets`` are words of 铜梁区 alone."""
    for district in (tongliang, chen_officer.district):
        load_register(district=district, seed=1, years=1, size=9, by=None)
    for officer in (chen_officer, liu_officer):
        token, _text = create_token(user=officer, scopes=["read"], by=officer)
        links.hand_out(user=officer, by=None, action="user.reset", origin="")
        feeds.open_feed(by=officer)
        saved.save_view(page="own-table", name=officer.username, query="unit=500106", by=officer)
        hook = hooks.register(
            user=officer,
            url=f"https://{officer.district.code}.cn/",
            origin="https://portal.cn/",
            by=officer,
        )
        Delivery.objects.create(
            hook=hook, number=1, action="hook.register", at=timezone.now(), seconds=0, is_ok=True
        )
        give_factor(officer)
    secrets = [word for school in tongliang.schools.all() for word in (school.code, school.name)]
    return {"secrets": [*secrets, liu_officer.username, liu_officer.display_name, token.prefix]}


@pytest.fixture
def reported(
    world: dict[str, Any],
    chen_officer: User,
    liu_officer: User,
    zhou_inspector: User,
    wu_manager: User,
) -> dict[str, Any]:
    """Both districts have also reported: figures, evidence, results, words, comments, notices."""
    opened = open_year(
        year=2026,
        due_on=DUE_ON,
        fill_from=FILL_FROM,
        by=zhou_inspector,
        districts=[chen_officer.district, liu_officer.district],
    )
    for self_check, officer in zip(opened.new, (chen_officer, liu_officer), strict=True):
        code = self_check.district.code
        signatory = person(f"sign_{code}", "审签人", Role.SIGNATORY, self_check.district)
        report(self_check, officer=officer, signatory=signatory, inspector=zhou_inspector)
        plan(self_check, officer, signatory)
        Looked.objects.create(person=officer, evaluation=self_check.evaluations.last())
        ledger.found(
            by=zhou_inspector,
            district=self_check.district,
            source="visit",
            key=code,
            words="缺录像",
        )
        visit(self_check, zhou_inspector)
        keep_answers(self_check=self_check, answers={"townships": "12"}, by=officer)
        tell_and_hear(self_check, officer, zhou_inspector)
        for school in self_check.district.schools.all()[:1]:
            FormerHome.objects.create(
                school=school, district=self_check.district, valid_to=FILL_FROM
            )
        everything_of(self_check.district, manager=wu_manager, officer=officer)
    return world


def plan(self_check: SelfCheck, officer: User, signatory: User) -> None:
    """Prices, a condition, a scenario and a plan of the district."""
    set_prices(officer)
    school = self_check.district.schools.all()[0].code
    set_condition(
        district=self_check.district,
        school_code=school,
        kind="for_A5",
        most=Decimal(90_000),
        reason="红线",
        by=officer,
    )
    scenarios.create(self_check=self_check, name="新建一所学校", by=officer)
    made = planning.make(self_check=self_check, kind="cheapest", by=officer)
    go_by(made, officer, signatory)


def visit(self_check: SelfCheck, inspector: User) -> None:
    """A finished visit of one school, with a finding and its photo."""
    drawn = visits.draw_schools(district=self_check.district, count=1, by=inspector)
    visit_schools.add_finding(
        visit=drawn,
        school=drawn.sample.schools[0],
        kind="evidence",
        words="台账没有签字",
        photos=[("台账.png", PNG)],
        by=inspector,
    )
    visits.take_step(visit=drawn, step="finish", words="总体真实", by=inspector)


def foreign_rows(model: Any) -> Any:
    return model.objects.filter(**{f"{model.scope}__code": "500151"})


def text_of(response: Any) -> str:
    """The words of an answer, also out of a workbook."""
    content = response.getvalue() if response.streaming else response.content
    if not content.startswith(b"PK"):
        return content.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return "".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())


def shows_nothing(response: Any, world: dict[str, Any]) -> bool:
    """No word of 铜梁区 is in the answer, save those the caller put into the address."""
    text, asked = text_of(response), response.wsgi_request.path
    # JSON may write Chinese as \\uXXXX: compare with both spellings.
    return not any(
        word not in asked and (word in text or json.dumps(word)[1:-1] in text)
        for word in world["secrets"]
    )


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_m41_every_route_declares_who_it_is_for(route: Route) -> None:
    if route.is_api:
        assert route.api_policy, "the view's permission classes declare no policy"
    elif route.namespace != "admin" and not route.is_public:
        assert getattr(route.view, "policy", None), "say it with districts.access.open_to(...)"


def test_m37_a_district_sees_only_its_own_rows(
    reported: dict[str, Any], chen_officer: User, zhou_inspector: User
) -> None:
    for model in SCOPED:
        sees_only_its_own(chen_officer, zhou_inspector, model)


def sees_only_its_own(chen_officer: User, zhou_inspector: User, model: Any) -> None:
    assert foreign_rows(model).exists(), f"give {model.__name__} a row of 铜梁区 in `reported`"
    seen = model.objects.visible_to(chen_officer)
    assert seen.exists(), model
    assert not seen.filter(pk__in=foreign_rows(model).values("pk")).exists(), model
    if model in PERSONAL:
        return
    everything = model.objects.visible_to(zhou_inspector)
    assert everything.count() == model.objects.count(), model


def test_m40_an_officer_sees_nothing_of_the_admin(
    world: dict[str, Any], chen_officer: User, signed_in: Any
) -> None:
    for path in (path for route in ADMIN_ROUTES for path in admin_paths(route)):
        client = signed_in(chen_officer)  # one of the routes signs out
        for answer in (client.get(path), client.post(path, {"action": "delete_selected"})):
            at_the_door = answer.status_code == 302 and "/admin/login/" in answer["Location"]
            assert at_the_door or answer.status_code in {403, 404}, (path, answer.status_code)


def admin_paths(route: Route) -> list[str]:
    model_admin = getattr(route.view, "model_admin", None)
    model = model_admin.model if model_admin else District
    values = {"app_label": "districts", "content_type_id": "1", "url": "districts/", "item": "1"}
    values |= {"step": "approve", "number": "1", "kind": "unit-report"}
    rows = foreign_rows(model)[:1] if model in SCOPED else model._base_manager.all()[:1]
    ids = [str(row.pk) for row in rows] or ["1"]
    return [route.filled({**values, "object_id": pk, "pk": pk}) for pk in ids]


def test_the_admin_shows_only_models_of_the_project() -> None:
    shown = {model._meta.app_label for model in admin.site._registry}
    assert shown <= set(APPS) | {"auth"}


def api_paths(route: Route) -> list[str]:
    """Addresses of 铜梁区's objects, or of the list."""
    if not route.parameters:
        is_table = len(route.view.cls.renderer_classes) > 1
        return [route.path + ending for ending in (LISTS if is_table else ("",))]
    if "reference" in route.parameters or not hasattr(route.view.cls.serializer_class, "Meta"):
        return [route.filled(PAGE_PARAMETERS)]
    parameter, model = route.parameters[0], model_of(route)
    rows = foreign_rows(model)[:3] if model in SCOPED else model.objects.all()[:3]
    return [
        route.filled({**PAGE_PARAMETERS, parameter: str(getattr(row, parameter))}) for row in rows
    ]


def model_of(route: Route) -> Any:
    """Of what the first part of an address lists."""
    return RESOURCES[route.path.split("/")[3]].serializer_class.Meta.model  # type: ignore[attr-defined]


@pytest.mark.parametrize("entrance", ["session", "token"])
def test_m37_the_api_answers_with_ones_own_rows_only(
    reported: dict[str, Any], chen_officer: User, signed_in: Any, bearer: Any, entrance: str
) -> None:
    client: Client = (signed_in if entrance == "session" else bearer)(chen_officer)
    for route in API_ROUTES:
        expected = {403, 404, 405} if route.parameters else {200, 403, 405}
        for path in api_paths(route):
            answer = client.get(path)
            assert answer.status_code in expected, path
            assert shows_nothing(answer, reported), path


def test_m37_the_api_changes_nothing_of_others(
    reported: dict[str, Any], chen_officer: User, bearer: Any
) -> None:
    client = bearer(chen_officer, "read", "write:schools", "write:selfcheck", "write:plan")
    before = [list(foreign_rows(model).order_by("pk").values()) for model in SCOPED]
    body = json.dumps({"district": "500151", "name": "改名"})
    for path in (path for route in API_ROUTES for path in api_paths(route)):
        for send in (client.post, client.put, client.patch, client.delete):
            answer = send(path, body, content_type="application/json")
            assert 400 <= answer.status_code < 500, (path, answer.status_code)
            assert shows_nothing(answer, reported), path
    assert before == [list(foreign_rows(model).order_by("pk").values()) for model in SCOPED]


def test_m37_pages_of_others_are_not_found(
    world: dict[str, Any], chen_officer: User, signed_in: Any
) -> None:
    client = signed_in(chen_officer)
    for route in PAGES:
        unknown = set(route.parameters) - set(PAGE_PARAMETERS)
        assert not unknown, f"say in PAGE_PARAMETERS which {unknown} belongs to 铜梁区"
        answer = client.get(route.filled(PAGE_PARAMETERS))
        expected = {403, 404} if route.parameters else {200, 302, 403, 405}
        assert answer.status_code in expected, route
        assert shows_nothing(answer, world), route


def test_nothing_closed_opens_without_signing_in(world: dict[str, Any]) -> None:
    for route in (route for route in CLOSED if not route.parameters):
        answer = Client().get(route.path)
        assert answer.status_code in {302, 401, 403, 405}, (route, answer.status_code)
        assert shows_nothing(answer, world), route

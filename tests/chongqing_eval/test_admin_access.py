"""Who finds what in the admin: roles × pages, own scope only, nothing behind the services."""

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from districts.models import School
from districts.scope import ScopedQuerySet
from districts.services import people
from districts.services.people import create_token
from districts.services.schools import create_school
from tests.reader import words
from tests.source import APPS

pytestmark = pytest.mark.django_db

MODELS = [model for model in admin.site._registry if model._meta.app_label in APPS]
# What each role does not find.
READERS = {
    "wu_manager": {"apitoken", "delivery", "entry", "hook"},
    "zhou_inspector": {"user", "apitoken", "delivery", "entry", "hook"},
    "he_auditor": set(),
    "yang_keeper": {model._meta.model_name for model in MODELS}
    - {"user", "apitoken", "hook", "delivery"},
}
# What each role may add by hand; everything else is closed.
ADDERS = {
    "wu_manager": {
        "district",
        "succession",
        "township",
        "school",
        "planversion",
        "certificationstep",
        "certificationevent",
        "certificationlist",
        "basicbalance",
        "calendarday",
        "deadline",
        "evidencerule",
        "practice",
        "consequence",
        "grant",
        "grantdecision",
        "guidance",
        "guidanceentry",
        "monitoringround",
        "statement",
        "template",
    },
    "zhou_inspector": {
        "school",
        "planversion",
        "certificationevent",
        "certificationlist",
        "deadline",
        "practice",
        "guidance",
        "guidanceentry",
        "monitoringround",
    },
    "he_auditor": set(),
    "yang_keeper": {"user", "apitoken", "hook"},
}


def address(model, page, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


@pytest.fixture
def schools(wu_manager, shapingba, tongliang):
    def _schools(count):
        for district in (shapingba, tongliang):
            for n in range(district.schools.count(), count):
                create_school(
                    district=district,
                    by=wu_manager,
                    code=f"{district.code}{n:04d}",
                    name=f"{district.name}第{n}小学",
                    school_type="小学",
                    ownership="公办",
                    location="城区",
                )

    return _schools


@pytest.mark.parametrize("who", READERS)
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.model_name)
def test_readers(request, signed_in, who, model):
    client = signed_in(request.getfixturevalue(who))
    expected = 403 if model._meta.model_name in READERS[who] else 200
    assert client.get(address(model, "changelist")).status_code == expected


@pytest.mark.parametrize("who", ADDERS)
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.model_name)
def test_adders(request, signed_in, who, model):
    client = signed_in(request.getfixturevalue(who))
    may = model._meta.model_name in ADDERS[who]
    assert (client.get(address(model, "add"), follow=True).status_code != 403) is may


@pytest.mark.parametrize("who", ADDERS)
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.model_name)
def test_nothing_is_ever_deleted(request, signed_in, schools, who, model):
    schools(1)
    owner = request.getfixturevalue("wu_manager")
    create_token(user=owner, scopes=["read"], by=owner)
    # Self-checks have rows only where tests take them through their steps: see tests/selfchecks.
    row = model.objects.first()
    key = row.pk if row else 1
    client = signed_in(request.getfixturevalue(who))
    assert client.post(address(model, "delete", key), {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [key], "post": "yes"}
    client.post(address(model, "changelist"), chosen)
    assert model.objects.filter(pk=key).exists() is bool(row)


@pytest.mark.parametrize("who", ["chen_officer", "zhao_signatory"])
@pytest.mark.parametrize("path", ["", "districts/school/", "districts/school/import/"])
def test_m38_district_people_never_enter(request, signed_in, who, path):
    client = signed_in(request.getfixturevalue(who))
    response = client.get(f"/admin/{path}", follow=True)
    assert response.status_code == 403
    assert "您的账号不能进入" in response.text


def test_visitors_are_asked_to_sign_in(client, reference):
    response = client.get("/admin/districts/school/")
    assert response.status_code == 302
    assert response.url.startswith("/accounts/login/")


def test_m40_every_path_of_the_admin_passes_the_scope(
    signed_in, zhou_inspector, tongliang, schools, monkeypatch
):
    """Were the schools outside a person's scope, no path would show or touch them."""
    schools(2)
    school = tongliang.schools.first()
    monkeypatch.setattr(ScopedQuerySet, "visible_to", without_schools)
    client = signed_in(zhou_inspector)
    for page in ("change", "history"):
        assert client.get(address(School, page, school.pk)).status_code == 404
    by_code = address(School, "change", school.code) + "?_to_field=code"
    assert client.get(by_code).status_code == 400
    field = "app_label=districts&model_name=school&field_name=attached_to"
    assert client.get(f"/admin/autocomplete/?{field}").json()["results"] == []
    exported = client.post(address(School, "export"), {"format": "1", "resource": "0"})
    shown = [client.get(address(School, "changelist") + "?_popup=1"), exported]
    assert all(school.name not in page.content.decode() for page in shown)


def without_schools(rows, viewer):
    return rows.none() if rows.model is School else rows.all()


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.model_name)
def test_unknown_rows_are_not_found(signed_in, he_auditor, model):
    client = signed_in(he_auditor)
    assert client.get(address(model, "change", 10**9)).status_code == 404


def test_queries_do_not_grow_with_the_lists(signed_in, he_auditor, yang_keeper, schools, shapingba):
    lists = ("districts_school", "districts_user", "districts_apitoken", "districts_succession")

    def counts():
        client = signed_in(he_auditor)  # anew: a session a minute old is written again
        found = {}
        for name in lists:
            with CaptureQueriesContext(connection) as captured:
                assert client.get(reverse(f"admin:{name}_changelist")).status_code == 200
            found[name] = len(captured)
        return found

    schools(1)
    create_token(user=he_auditor, scopes=["read"], by=he_auditor, district=shapingba)
    few = counts()
    schools(10)
    for n in range(20):
        user, _password = people.create_user(
            username=f"officer_{n}",
            display_name="某人",
            role="officer",
            reach="district",
            district=shapingba,
            by=yang_keeper,
        )
        create_token(user=user, scopes=["read"], by=user, district=shapingba)
    assert counts() == few


@pytest.mark.parametrize("who", ["wu_manager", "zhou_inspector", "he_auditor"])
def test_the_desk_asks_once_for_each_of_its_lists(request, signed_in, who):
    client = signed_in(request.getfixturevalue(who))
    with CaptureQueriesContext(connection) as captured:
        page = client.get("/admin/")
    assert page.status_code == 200
    assert "41 个规划单位中已公布 10 个通过国家认定，其中 6 个的名单待核" in words(page)
    # Twelve for the plan and the self-checks, one each for messages, practices, look-backs, grants,
    # requests to reopen, problems escalated to the city, one's own notices, and whether what was
    # kept of the plan still holds. The auditor reads when the record was last verified instead of
    # problems escalated to the city.
    assert len(captured) <= 20


def test_m43_who_keeps_accounts_finds_accounts_on_her_desk_and_no_figures(signed_in, yang_keeper):
    client = signed_in(yang_keeper)
    page = client.get("/admin/")
    assert "增加账号" in page.text
    assert "已公布" not in words(page)
    assert "台账" not in page.text
    for closed in ("/self-checks/", "/ledger/", "/papers/", "/notices/"):
        assert client.get(closed, follow=True).status_code in {403, 404}, closed

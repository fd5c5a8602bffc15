"""Forms of the admin: services change, refusals stand beside fields, conflicts lose nothing."""

import re

import pytest

from audit.models import Entry
from districts.models import ApiToken, District, School, Succession, User
from districts.services import people, schools, units
from districts.services.links import owner_of
from districts.services.people import create_token
from districts.services.schools import create_school
from tests.reader import links, words

SCHOOL = {
    "code": "5001060001",
    "name": "实验一小",
    "school_type": "小学",
    "ownership": "公办",
    "location": "城区",
}


@pytest.fixture
def manager(signed_in, wu_manager):
    return signed_in(wu_manager)


@pytest.fixture
def keeper(signed_in, yang_keeper):
    return signed_in(yang_keeper)


@pytest.fixture
def school(wu_manager, shapingba):
    return create_school(district=shapingba, by=wu_manager, **SCHOOL)


def test_units_have_their_english_names_in_lists_choices_and_filters(manager, school):
    District.objects.filter(pk=school.district_id).update(english_name="Shapingba")
    listed = manager.get("/en/admin/districts/school/").content.decode()
    assert re.search(r'class="field-district">Shapingba 沙坪坝区</td>', listed)
    assert re.search(r"<a href=[^>]*district__id__exact=[^>]*>Shapingba 沙坪坝区</a>", listed)
    added = manager.get("/en/admin/districts/school/add/").content.decode()
    assert ">Shapingba 沙坪坝区</option>" in added
    assert "Shapingba" not in manager.get("/admin/districts/school/").content.decode()


def form_of(school, **changes):
    told = {**SCHOOL, "district": school.district_id, "seen": schools.tag_of(school), **changes}
    return {**told, "centre_code": told.get("centre_code", "")}


def test_a_school_is_registered_through_the_service(manager, shapingba):
    page = manager.post(
        "/admin/districts/school/add/", {**SCHOOL, "district": shapingba.pk, "centre_code": ""}
    )
    assert page.status_code == 302
    entry = Entry.objects.first()
    assert (entry.action, entry.actor) == ("school.create", "manager")
    assert entry.object_id == str(School.objects.get().pk)


def test_refusals_stand_in_the_summary_and_beside_the_field(manager, school, shapingba):
    page = manager.post(
        "/admin/districts/school/add/", {**SCHOOL, "district": shapingba.pk, "centre_code": "1"}
    )
    assert "没有登记学校标识码为「1」的学校" in page.text
    page = manager.post("/admin/districts/school/add/", {**SCHOOL, "district": shapingba.pk})
    sentence = "学校标识码 5001060001 已经登记，不能重复。"
    assert page.text.count(sentence) == 2
    assert '<a href="#id_code">' in page.text
    assert "<title>错误：" in page.text
    assert School.objects.count() == 1


def test_a_centre_of_another_district_is_refused_beside_its_code(manager, school, tongliang):
    point = {**SCHOOL, "code": "5001510009", "school_type": "教学点", "district": tongliang.pk}
    page = manager.post("/admin/districts/school/add/", {**point, "centre_code": school.code})
    assert "所属中心校应在同一个区县" in page.context["adminform"].form.errors["centre_code"][0]


def test_m58_two_people_change_one_school(manager, school, zhou_inspector):
    url = f"/admin/districts/school/{school.pk}/change/"
    opened = form_of(school)
    schools.update_school(school=school, by=zhou_inspector, name="别人改的名")
    page = manager.post(url, {**opened, "name": "我改的名"})
    assert "刚被别人更改" in page.text
    assert "现在的内容是「别人改的名」" in page.text
    assert 'value="我改的名"' in page.text
    school.refresh_from_db()
    assert school.name == "别人改的名"
    seen = re.search(r'name="seen" value="([^"]+)"', page.text)[1]
    assert manager.post(url, {**opened, "name": "我改的名", "seen": seen}).status_code == 302
    school.refresh_from_db()
    assert school.name == "我改的名"
    assert Entry.objects.first().changes == {"name": ["别人改的名", "我改的名"]}


def test_the_history_of_a_school_is_the_audit_trail(manager, school):
    page = manager.get(f"/admin/districts/school/{school.pk}/history/")
    assert "登记学校" in page.text
    assert "吴敏（manager）" in page.text


def test_a_unit_is_changed_through_the_service(manager, tongliang):
    values = {name: getattr(tongliang, name) for name in units.CHANGEABLE}
    form = {name: "" if value is None else value for name, value in values.items()}
    form |= {"seen": units.tag_of(tongliang), "english_name": "Tongliang!"}
    page = manager.post(f"/admin/districts/district/{tongliang.pk}/change/", form)
    assert page.status_code == 302
    assert Entry.objects.first().changes == {"english_name": [tongliang.english_name, "Tongliang!"]}
    assert District.objects.get(pk=tongliang.pk).code == "500151"


def test_a_manager_keeps_the_address_of_a_units_own_page(manager, tongliang):
    form = {name: getattr(tongliang, name) for name in units.CHANGEABLE}
    form = {name: "" if value is None else value for name, value in form.items()}
    form |= {"seen": units.tag_of(tongliang), "publication_page": "http://example.gov.cn/jydd/"}
    address = f"/admin/districts/district/{tongliang.pk}/change/"
    refused = manager.post(address, {**form, "publication_page": "javascript:alert(1)"})
    assert refused.status_code == 200
    assert manager.post(address, form).status_code == 302
    tongliang.refresh_from_db()
    assert tongliang.publication_page == "http://example.gov.cn/jydd/"
    assert Entry.objects.first().changes == {
        "publication_page": ["", "http://example.gov.cn/jydd/"],
    }


def test_whom_to_ask_in_a_unit_is_kept_by_the_manager_and_read_by_everybody(
    manager, tongliang, client
):
    page = "/districts/500151/"
    assert "023-4567 0000" not in client.get(page).text
    units.update_district(
        district=tongliang, by=None, contact="督导室 023-4567 0000 <b>dd@example.cn</b>"
    )
    shown = client.get(page)
    assert "找谁 督导室 023-4567 0000 <b>dd@example.cn</b>" in words(shown)
    assert "mailto:dd@example.cn" in links(shown)
    assert client.get("/api/v1/districts/500151/").json()["contact"].startswith("督导室")
    assert Entry.objects.first().changes["contact"][0] == ""


def test_an_inspector_looks_at_units_only(signed_in, zhou_inspector, tongliang):
    client = signed_in(zhou_inspector)
    url = f"/admin/districts/district/{tongliang.pk}/change/"
    assert 'name="_save"' not in client.get(url).text
    assert client.post(url, {"name": "别名"}).status_code == 403


def test_a_succession_is_recorded(manager, tongliang, shapingba):
    form = {
        "predecessor": tongliang.pk,
        "successor": shapingba.pk,
        "date": "2026-03-01",
        "kind": "transfer",
        "description": "一个街道划转",
        "source": "",
    }
    assert manager.post("/admin/districts/succession/add/", form).status_code == 302
    assert Succession.objects.filter(predecessor=tongliang).exists()
    page = manager.post("/admin/districts/succession/add/", {**form, "successor": tongliang.pk})
    assert "承接单位不能是原单位自己" in page.text


def test_a_new_account_shows_its_link_once(keeper, shapingba):
    form = {
        "username": "officer_new",
        "display_name": "郑宇",
        "email": "",
        "role": "officer",
        "reach": "district",
        "district": shapingba.pk,
    }
    page = keeper.post("/admin/districts/user/add/", form)
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    user = User.objects.get(username="officer_new")
    path = re.search(r"<code>http://testserver(/[^<]+)</code>", page.text)[1]
    assert owner_of(path.split("/")[-2]) == user
    assert "<code>" not in keeper.get("/admin/districts/user/").text
    page = keeper.post("/admin/districts/user/add/", {**form, "username": "x", "reach": "city"})
    sentence = "填报员和审签人属于一个区县，范围请选「一个区县」。"
    assert page.context["adminform"].form.errors["reach"] == [sentence]


def act(client, model, action, *rows):
    chosen = {"action": action, "_selected_action": [row.pk for row in rows]}
    return client.post(f"/admin/districts/{model}/", chosen, follow=True)


def test_accounts_are_closed_and_opened_by_actions(keeper, yang_keeper, chen_officer):
    page = act(keeper, "user", "disable", chen_officer, yang_keeper)
    assert "已停用：陈静" in page.text
    assert "不能停用自己的账号" in page.text
    assert not User.objects.get(pk=chen_officer.pk).is_active
    assert User.objects.get(pk=yang_keeper.pk).is_active
    page = act(keeper, "user", "enable", chen_officer)
    assert "officer_500106" in page.text
    assert "<code>" in page.text
    assert User.objects.get(pk=chen_officer.pk).is_active


def test_an_auditor_finds_no_actions(signed_in, he_auditor, chen_officer):
    act(signed_in(he_auditor), "user", "disable", chen_officer)
    act(signed_in(he_auditor), "user", "reset_password", chen_officer)
    assert User.objects.get(pk=chen_officer.pk).is_active
    assert not Entry.objects.filter(action__startswith="user.").exists()


def test_m58_two_people_change_one_account(keeper, chen_officer, yang_keeper):
    form = {
        "seen": people.tag_of(chen_officer),
        "display_name": "陈静怡",
        "email": "",
        "role": "officer",
        "reach": "district",
        "district": chen_officer.district_id,
    }
    people.update_user(user=chen_officer, by=yang_keeper, email="chen@example.cn")
    page = keeper.post(f"/admin/districts/user/{chen_officer.pk}/change/", form)
    assert "现在的内容是「陈静」" in page.text
    assert User.objects.get(pk=chen_officer.pk).email == "chen@example.cn"


def test_a_token_of_a_system_is_shown_once_and_revoked_by_action(keeper, data_system):
    form = {"user": data_system.pk, "scopes": ["read"], "district": "", "days": 30}
    page = keeper.post("/admin/districts/apitoken/add/", form)
    assert re.search(r"<code>cqe_[\w-]{43}</code>", page.text)
    token = ApiToken.objects.get()
    shown = keeper.get(f"/admin/districts/apitoken/{token.pk}/change/").text
    assert token.digest not in shown
    assert 'name="_save"' not in shown
    act(keeper, "apitoken", "revoke", token)
    token.refresh_from_db()
    assert token.revoked_at
    assert Entry.objects.first().action == "token.revoke"


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"days": 400}, "366"), ({"scopes": []}, "必"), ({"user": ""}, "必")],
)
def test_impossible_tokens_are_refused(keeper, data_system, changes, words):
    form = {"user": data_system.pk, "scopes": ["read"], "district": "", "days": 30, **changes}
    page = keeper.post("/admin/districts/apitoken/add/", form)
    assert words in page.text
    assert not ApiToken.objects.exists()


def test_a_person_is_not_among_those_a_token_is_made_for(keeper, chen_officer, tongliang):
    form = {"user": chen_officer.pk, "scopes": ["read"], "district": tongliang.pk, "days": 30}
    page = keeper.post("/admin/districts/apitoken/add/", form)
    assert "user" in page.context["adminform"].form.errors
    assert not ApiToken.objects.exists()


def test_usable_and_ended_tokens_are_told_apart(keeper, yang_keeper):
    create_token(user=yang_keeper, scopes=["read"], by=yang_keeper)
    ended, _text = create_token(user=yang_keeper, scopes=["read"], by=yang_keeper)
    act(keeper, "apitoken", "revoke", ended)
    rows = keeper.get("/admin/districts/apitoken/?usable=no").context["cl"].result_list
    assert [row.pk for row in rows] == [ended.pk]


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("certificationlist", ("year", "batch", "units_in_nation", "units_in_city")),
        ("monitoringround", ("year",)),
        ("basicbalance", ("list_year",)),
    ],
)
def test_a_number_beyond_all_years_and_counts_is_refused_in_plain_words(manager, kind, names):
    page = manager.post(f"/admin/schedule/{kind}/add/", dict.fromkeys(names, "9" * 20))
    errors = page.context["adminform"].form.errors
    assert [errors[name] for name in names] == [["请填不大于 9999 的数。"]] * len(names)

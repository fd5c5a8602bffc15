"""The audit trail in the admin: read and filtered by a few, touched by nobody."""

import io
import re
from pathlib import Path
from urllib.parse import quote

import openpyxl
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from audit.admin import history_of
from audit.models import Entry
from audit.services import record
from audit.words import ACTIONS
from districts.services.schools import create_school
from tests.source import modules

LIST = "/admin/audit/entry/"


@pytest.fixture
def entries(wu_manager, shapingba, zhou_inspector):
    """One school registered by each of two people."""
    for person, code in ((wu_manager, "5001060001"), (zhou_inspector, "5001060002")):
        create_school(
            district=shapingba,
            by=person,
            code=code,
            name=f"<b>{code}小学",
            school_type="小学",
            ownership="公办",
            location="城区",
        )


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("wu_manager", 403),
        ("yang_keeper", 403),
        ("he_auditor", 200),
        ("zhou_inspector", 403),
        ("chen_officer", 302),
    ],
)
def test_auditors_alone_read_the_trail(request, signed_in, who, status):
    assert signed_in(request.getfixturevalue(who)).get(LIST).status_code == status


@pytest.mark.parametrize("who", ["wu_manager", "yang_keeper", "he_auditor"])
@pytest.mark.parametrize("page", ["add/", "{pk}/delete/"])
def test_nobody_adds_or_deletes(request, signed_in, entries, who, page):
    url = LIST + page.format(pk=Entry.objects.first().pk)
    client = signed_in(request.getfixturevalue(who))
    assert client.get(url).status_code == 403
    assert client.post(url, {"post": "yes"}).status_code == 403


def test_nobody_changes_an_entry(signed_in, he_auditor, entries):
    entry = Entry.objects.first()
    client = signed_in(he_auditor)
    assert client.post(f"{LIST}{entry.pk}/change/", {"reason": "nothing"}).status_code == 403
    shown = client.get(f"{LIST}{entry.pk}/change/")
    assert shown.status_code == 200
    assert 'name="_save"' not in shown.text


def test_an_entry_leads_to_all_that_happened_to_its_object(
    signed_in, he_auditor, entries, shapingba
):
    client, entry = signed_in(he_auditor), Entry.objects.filter(action="school.create").first()
    address = f"/admin/districts/school/{entry.object_id}/history/"
    assert f'href="{address}"' in client.get(f"{LIST}{entry.pk}/change/").text
    assert "登记学校" in client.get(address).text
    for gone in ("districts.school", "districts.accountlink", "districts.nothing", "nowhere", ""):
        assert history_of(Entry(object_type=gone, object_id="9" * 17)) == ""


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("actor=inspector", {"5001060002"}),
        ("district_code=500106", {"5001060001", "5001060002"}),
        ("district_code=500151", set()),
        ("action=school.create", {"5001060001", "5001060002"}),
        ("q=5001060001", {"5001060001"}),
        ("at__gte=2026-01-01+00:00:00%2B08:00&actor=manager", {"5001060001"}),
        ("at__lt=2020-01-01+00:00:00%2B08:00", set()),
    ],
)
def test_filters_by_unit_person_action_and_time(signed_in, he_auditor, entries, query, found):
    rows = signed_in(he_auditor).get(f"{LIST}?{query}").context["cl"].result_list
    codes = {row.object_label[3:13] for row in rows if row.action == "school.create"}
    assert codes == found


def test_people_are_offered_by_name(signed_in, he_auditor, entries):
    page = signed_in(he_auditor).get(LIST).text
    assert 'href="?actor=inspector">周岚（inspector）</a>' in re.sub(r"\s*([<>])\s*", r"\1", page)


def test_actions_and_units_stand_in_words_and_text_is_escaped(signed_in, he_auditor, entries):
    page = signed_in(he_auditor).get(LIST).text
    assert "登记学校" in page
    assert "沙坪坝区" in page
    assert "<b>5001060001" not in page
    assert "&lt;b&gt;5001060001" in page


def test_an_entry_shows_before_and_after(signed_in, he_auditor, wu_manager, shapingba):
    changes = {"name": ["甲", "乙"]}
    with transaction.atomic():
        entry = record(action="district.update", by=wu_manager, on=shapingba, changes=changes)
    page = signed_in(he_auditor).get(f"{LIST}{entry.pk}/change/").text
    assert "<th scope='row'>名称</th><td>甲</td><td>乙</td>" in page


def test_queries_do_not_grow_with_the_trail(signed_in, he_auditor, wu_manager, shapingba):
    client, counts = signed_in(he_auditor), []
    for size in (2, 20):
        while Entry.objects.count() < size:
            create_school(
                district=shapingba,
                by=wu_manager,
                code=f"50010601{Entry.objects.count():02d}",
                name="小学",
                school_type="小学",
                ownership="公办",
                location="城区",
            )
        with CaptureQueriesContext(connection) as captured:
            client.get(LIST)
        counts.append(len(captured))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(("most", "is_folded"), [(12, False), (13, True)])
def test_a_phone_shows_twelve_entries_and_a_way_to_the_rest(
    signed_in, he_auditor, wu_manager, most, is_folded
):
    client = signed_in(he_auditor)
    for _each in range(most):
        record(action="school.create", by=wu_manager, on=wu_manager)
    text = client.get(f"{LIST}?action=school.create").text
    assert 'id="result_list" class="cards dense longer"' in text
    assert ('<p class="all"><a href="#result_list">看这一页其余的</a></p>' in text) is is_folded
    assert "看这一页其余的" not in client.get("/admin/").text


def test_every_action_that_is_recorded_has_a_name():
    source = "".join(path.read_text(encoding="utf-8") for path in modules())
    recorded = set(re.findall(r'action="([a-z_]+\.[a-z_]+)"', source))
    recorded |= set(re.findall(r'_note\("([a-z_]+\.[a-z_]+)"', source))
    assert recorded <= set(ACTIONS), recorded - set(ACTIONS)


EXPORT = f"{LIST}export/"


@pytest.mark.parametrize(
    ("who", "status"),
    [("he_auditor", 200), ("wu_manager", 403), ("zhou_inspector", 403), ("chen_officer", 302)],
)
def test_auditors_take_the_trail_out(request, signed_in, who, status):
    client = signed_in(request.getfixturevalue(who))
    assert client.get(EXPORT).status_code == status
    assert client.post(EXPORT, {"format": "1", "resource": "0"}).status_code == status
    page = client.get(LIST)
    assert (status == 200) == ("/export/" in page.content.decode())


def test_a_filter_there_is_none_of_leads_back_to_the_whole_trail(signed_in, he_auditor):
    answer = signed_in(he_auditor).get(f"{EXPORT}?format=xlsx")
    assert (answer.status_code, answer["Location"]) == (302, EXPORT)


def test_the_trail_goes_out_as_filtered_and_harmless(signed_in, he_auditor, wu_manager, shapingba):
    with transaction.atomic():
        wanted = record(
            action="district.update",
            by=wu_manager,
            on=shapingba,
            district_code="500106",
            changes={"name": ["甲", "乙"]},
            reason="=1+1",
        )
    client = signed_in(he_auditor)
    query = f"{EXPORT}?action=district.update"
    csv = client.post(query, {"format": "1", "resource": "0"}).content.decode("utf-8-sig")
    assert "'=1+1" in csv
    assert "名称：甲 → 乙" in csv
    assert wanted.hash in csv
    assert "修改区县" in csv
    answer = client.post(query, {"format": "0", "resource": "0"})
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    head, *rows = sheet.iter_rows()
    assert len(rows) == 1
    found = dict(zip((cell.value for cell in head), rows[0], strict=True))
    assert found["序号"].value == wanted.number
    assert (found["原因"].value, found["原因"].data_type) == ("=1+1", "s")
    assert quote("审计记录-") in answer["Content-Disposition"]


def test_taking_out_asks_no_more_for_more_entries(signed_in, he_auditor, wu_manager, shapingba):
    client = signed_in(he_auditor)
    counts = []
    for _time in range(2):
        with transaction.atomic():
            for _each in range(5):
                record(action="district.update", by=wu_manager, on=shapingba, changes={"name": 1})
        with CaptureQueriesContext(connection) as captured:
            client.post(EXPORT, {"format": "1", "resource": "0"})
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_this_room_names_no_action_of_another() -> None:
    """Each room registers its own words; without those above, this one knows its own."""
    source = "".join(path.read_text(encoding="utf-8") for path in Path("audit").rglob("*.py"))
    assert set(re.findall(r'"([a-z_]+\.[a-z_]+)":', source)) == {
        "access.refuse",
        "audit.seal",
        "audit.accept",
        "data.take",
        "data.view",
    }
    assert {name.partition(".")[0] for name in ACTIONS} > {"access", "school", "standard", "plan"}

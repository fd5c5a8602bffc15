"""The correction of 2026 as load_reference drafts and publishes it; expected from the sources."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from audit.models import Entry
from districts.models import User
from indicators.calculation.rules_2017 import STANDARD_2017, STANDARD_2017_1
from indicators.models import Standard, Threshold
from indicators.services.rules import rules_of
from tests.indicators.conftest import primary_school


@pytest.fixture
def corrected(reference: None) -> Standard:
    return Standard.objects.get(code="2017.1")


def test_it_is_drafted_from_2017_and_published_with_a_reason(
    standard: Standard, corrected: Standard
) -> None:
    assert (corrected.based_on, corrected.status) == (standard, "published")
    assert corrected.effective_from == date(2026, 1, 1)
    actions = Entry.objects.filter(object_type="indicators.standard", object_id=str(corrected.pk))
    told = list(actions.order_by("number").values_list("action", flat=True))
    assert (told[0], told[-1]) == ("standard.draft", "standard.publish")
    assert {"standard.change", "standard.settle", "standard.add"} <= set(told)
    assert "更正" in actions.get(action="standard.publish").reason


def test_its_rows_say_what_the_calculation_says(standard: Standard, corrected: Standard) -> None:
    assert rules_of(corrected) == STANDARD_2017_1
    assert rules_of(standard).to_dict() == STANDARD_2017.to_dict()  # untouched beside it


def test_its_new_numbers(corrected: Standard) -> None:
    rows = Threshold.objects.filter(indicator__standard=corrected)
    found = {f"{row.indicator.code}.{row.name}": str(row.value.normalize()) for row in rows}
    assert (found["B13.primary"], found["B13.junior"]) == ("1", "0.95")
    assert (found["B13.urban"], found["B13.town"]) == ("1", "0.95")  # the other reading stays
    assert (int(float(found["B7.special_budget"])), int(float(found["B7.advised"]))) == (6000, 7000)


def test_what_is_open_and_what_is_settled(corrected: Standard) -> None:
    settings = {point.key: point.value for point in corrected.open_points.all()}
    assert "point_comparison" not in settings
    assert settings["nearby_intake_by"] == "stage"
    assert settings["cases_until"] == 2027
    assert settings["procedure"] == "教督厅函〔2024〕10号"
    assert settings["optional_veto"] == []
    assert settings["special_cases"] == []


def test_every_amendment_says_how_sure_it_is_and_where_it_was_read(corrected: Standard) -> None:
    rows = {row.key: row for row in corrected.amendments.all()}
    assert rows["nearby_intake"].source.endswith("/politics/2017-02/23/c_1120518947.htm")
    assert rows["nearby_intake"].confidence == "high"
    assert rows["special_budget"].since == date(2025, 1, 1)
    assert rows["procedure"].confidence == "open"
    for row in rows.values():
        assert all((row.wording, row.english_wording, row.source_note, row.english_source_note))
        assert row.checked_on is None  # nobody who could be asked has checked it since


@pytest.mark.parametrize(
    ("asked", "named", "engine"),
    [("2017", "2017.1", "2"), ("2017.1", "2017.1", "2"), ("2017.0", "2017", "1")],
)
def test_a_short_name_means_the_newest_version(
    bearer: Any, chen_officer: User, asked: str, named: str, engine: str
) -> None:
    body = {"standard": asked, "schools": [primary_school(1)]}
    client = bearer(chen_officer)
    found = client.post("/api/v1/evaluate/", body, content_type="application/json").json()
    assert (found["standard"], found["engine"]) == (named, engine)


def test_a_draft_is_never_what_a_short_name_means(
    bearer: Any, draft: Standard, wu_manager: User
) -> None:
    draft_of_family = Standard.objects.filter(pk=draft.pk)
    draft_of_family.update(code="2017.2")
    body = {"standard": "2017", "schools": [primary_school(1)]}
    client = bearer(wu_manager)
    answer = client.post("/api/v1/evaluate/", body, content_type="application/json")
    assert answer.json()["standard"] == "2017.1"


def test_the_list_of_indicators_may_be_asked_by_the_short_name(
    client: Client, corrected: Standard
) -> None:
    for asked, named in (("2017", "2017.1"), ("2017.0", "2017"), ("2017.1", "2017.1")):
        rows = client.get(f"/api/v1/indicators/?standard={asked}").json()["results"]
        assert {row["standard"] for row in rows} == {named}


def test_the_version_and_its_grounds_are_public(client: Client, corrected: Standard) -> None:
    found = client.get("/api/v1/standards/2017.1/").json()
    assert (found["engine"], found["based_on"]) == ("2", "2017")
    assert found["procedure"] == "教督厅函〔2024〕10号"
    assert {row["key"] for row in found["amendments"]} >= {"nearby_intake", "shown_places"}
    page = client.get("/indicators/B13/").content.decode()
    assert "小学 100%,初中 95% 以上" in page
    assert "c_1120518947.htm" in page
    assert "镇区小学 96% 判为达标" in page
    assert "国教督办函〔2019〕30号" in client.get("/indicators/").content.decode()


@pytest.mark.parametrize("path", ["/indicators/", "/indicators/B13/"])
def test_pages_ask_only_what_decides(corrected: Standard, client: Client, path: str) -> None:
    """The reading by place stays in the version; nobody is told that it is required."""
    said = client.get(path).content.decode()
    assert "初中就近划片入学比例" in said
    assert "镇区就近划片入学比例" not in said
    assert "城区要求全部就近" not in said


@pytest.mark.parametrize("path", ["/indicators/", "/indicators/B7/"])
def test_a_warning_is_no_requirement(corrected: Standard, client: Client, path: str) -> None:
    said = client.get(path).content.decode()
    assert "不低于 6000 元" in said
    assert "7000 元" in said
    assert "不低于 7000 元" not in said

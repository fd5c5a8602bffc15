"""The standard in the admin: published versions are read, drafts changed and published."""

import csv
import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from audit.models import Entry
from districts.models import User
from indicators.models import Indicator, OpenPoint, SpecialCase, Standard, Threshold
from indicators.services import drafts, impact
from indicators.services.impact import StoredInputs
from tests.indicators.conftest import primary_school

MODELS = (Standard, Indicator, Threshold, SpecialCase, OpenPoint)


@pytest.fixture
def manager(signed_in: Any, wu_manager: User) -> Client:
    return signed_in(wu_manager)


def address(row: Any, page: str = "change") -> str:
    return reverse(f"admin:indicators_{row._meta.model_name}_{page}", args=[row.pk])


def a1(standard: Standard) -> Threshold:
    return Threshold.objects.get(
        indicator__standard=standard, indicator__code="A1", stage="primary"
    )


def form_of(response: Any) -> dict[str, Any]:
    """What a browser would send back unchanged."""
    form = response.context["adminform"].form
    values = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in values.items() if value not in (None, False)}


def step(standard: Standard, name: str) -> str:
    return reverse(f"admin:indicators_standard_{name}", args=[standard.pk])


@pytest.mark.parametrize("model", MODELS)
def test_lists_and_rows_are_read_by_all_municipal_roles(
    standard: Standard,
    signed_in: Any,
    wu_manager: User,
    zhou_inspector: User,
    he_auditor: User,
    model: Any,
) -> None:
    for person in (wu_manager, zhou_inspector, he_auditor):
        browser = signed_in(person)
        listing = browser.get(reverse(f"admin:indicators_{model._meta.model_name}_changelist"))
        assert listing.status_code == 200
        page = browser.get(address(model.objects.first()))
        assert page.status_code == 200
        assert b'name="_save"' not in page.content


def test_published_rows_take_no_change(manager: Client, standard: Standard) -> None:
    for row in (standard, a1(standard), standard.indicators.first()):
        assert manager.post(address(row), {"title": "x", "value": "9"}).status_code == 403
    assert a1(standard).value == Decimal("4.2")


def test_nothing_is_added_or_deleted_by_the_way(manager: Client, standard: Standard) -> None:
    for model in MODELS:
        name = model._meta.model_name
        assert manager.get(reverse(f"admin:indicators_{name}_add")).status_code == 403
        row = model.objects.first()
        assert manager.post(address(row, "delete"), {"post": "yes"}).status_code == 403


def test_a_published_version_shows_its_tables(manager: Client, standard: Standard) -> None:
    page = manager.get(address(standard)).content.decode()
    assert "小学达标值 不低于 4.2 人" in page
    assert "A5.extra_venues" in page
    assert "不足 50 人的不计" in page
    assert "../draft/" in page
    assert "../publish/" not in page


def test_from_draft_to_publication(manager: Client, standard: Standard, wu_manager: User) -> None:
    sent = {"code": "2027", "title": "新办法", "reason": "国家修订办法"}
    response = manager.post(step(standard, "draft"), sent)
    draft = Standard.objects.get(code="2027")
    assert response.url == address(draft)

    sent = form_of(manager.get(address(a1(draft)))) | {"value": "4.5"}
    assert manager.post(address(a1(draft)), sent).status_code == 302
    assert a1(draft).value == Decimal("4.5")

    sent = form_of(manager.get(address(draft))) | {"effective_from": "2027-01-01"}
    assert manager.post(address(draft), sent).status_code == 302

    page = manager.get(step(draft, "publish"))
    assert "结论会改变的有 0 份" in page.content.decode()
    expected = page.context["expected"]
    response = manager.post(step(draft, "publish"), {"reason": "按新办法", "expected": expected})
    assert response.url == address(draft)
    draft.refresh_from_db()
    assert (draft.status, draft.effective_from) == ("published", date(2027, 1, 1))
    assert Entry.objects.first().reason == "按新办法"


def test_a_refusal_stands_beside_its_field(manager: Client, standard: Standard) -> None:
    response = manager.post(step(standard, "draft"), {"code": "2017", "reason": "原因"})
    assert response.status_code == 422
    assert "已有代码为「2017」的版本" in response.content.decode()
    assert Standard.objects.count() == 2


def test_bad_numbers_are_refused_in_words(manager: Client, draft: Standard) -> None:
    sent = form_of(manager.get(address(draft))) | {"floor_ratio": "1.5"}
    response = manager.post(address(draft), sent)
    assert response.status_code == 200
    assert "基本值比例应大于 0，不超过 1。" in response.content.decode()
    draft.refresh_from_db()
    assert draft.floor_ratio == Decimal("0.85")


def test_two_people_changing_one_row_see_both_values(
    manager: Client, draft: Standard, wu_manager: User
) -> None:
    sent = form_of(manager.get(address(a1(draft)))) | {"value": "4.9"}
    drafts.change(row=a1(draft), by=wu_manager, value=Decimal("4.5"))
    response = manager.post(address(a1(draft)), sent)
    assert "现在的内容是「4.5000」" in response.content.decode()
    assert a1(draft).value == Decimal("4.5")


def test_publishing_what_changed_after_the_impact_was_shown(
    manager: Client, draft: Standard, wu_manager: User
) -> None:
    drafts.change(row=draft, by=wu_manager, effective_from=date(2027, 1, 1))
    expected = manager.get(step(draft, "publish")).context["expected"]
    drafts.change(row=a1(draft), by=wu_manager, value=Decimal("4.5"))
    response = manager.post(step(draft, "publish"), {"reason": "原因", "expected": expected})
    assert response.status_code == 412
    assert "草稿又有改动" in response.content.decode()


def test_the_impact_names_evaluations_and_indicators(
    manager: Client, draft: Standard, wu_manager: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    payload = {"standard": "2017", "schools": [primary_school(1)]}
    stored = [StoredInputs("沙坪坝区 2026 <b>", payload)]
    monkeypatch.setattr(impact, "_provider", lambda base: stored)
    b5 = Threshold.objects.get(indicator__standard=draft, indicator__code="B5", stage="primary")
    drafts.change(row=b5, by=wu_manager, value=Decimal(44))
    page = manager.get(step(draft, "publish")).content.decode()
    assert "重新测算了 1 份结果，结论会改变的有 1 份" in page
    assert "沙坪坝区 2026 &lt;b&gt;" in page
    assert "B5" in page


def test_steps_are_the_managers(
    standard: Standard, draft: Standard, signed_in: Any, zhou_inspector: User, chen_officer: User
) -> None:
    for name in ("draft", "publish", "retire", "discard"):
        assert signed_in(zhou_inspector).get(step(draft, name)).status_code == 403
        assert signed_in(chen_officer).get(step(draft, name)).status_code in (302, 403)


def test_a_draft_is_discarded(manager: Client, draft: Standard) -> None:
    assert manager.get(step(draft, "discard")).status_code == 200
    assert manager.post(step(draft, "discard"), {}).status_code == 302
    assert not Standard.objects.filter(code="2027").exists()


def test_retiring_the_only_version_is_refused_on_the_page(
    manager: Client, standard: Standard
) -> None:
    newer = Standard.objects.get(code="2017.1")
    assert manager.post(step(newer, "retire"), {"reason": "原因"}).status_code == 302
    response = manager.post(step(standard, "retire"), {"reason": "原因"})
    assert response.status_code == 409
    assert "这是唯一已发布的版本" in response.content.decode()


def export(browser: Client, version: Standard) -> list[dict[str, str]]:
    url = reverse("admin:indicators_threshold_export")
    query = f"?indicator__standard__id__exact={version.pk}"
    response = browser.post(url + query, {"format": "1"})
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


def upload(browser: Client, rows: list[dict[str, str]]) -> Any:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    file = SimpleUploadedFile("达标值.csv", text.getvalue().encode("utf-8-sig"))
    return browser.post(reverse("admin:indicators_threshold_import"), {"file": file})


def test_numbers_go_out_and_come_back_into_a_draft(manager: Client, draft: Standard) -> None:
    rows = export(manager, draft)
    assert len(rows) == 43
    row = next(row for row in rows if row["编号"] == "2027/A1/primary")
    assert (row["指标"], row["数值"]) == ("每百名学生拥有高于规定学历教师数", "4.2")
    row["数值"] = "4.5"
    page = upload(manager, rows)
    assert page.status_code == 200
    assert "修改 1 行，不变 42 行" in page.content.decode()
    assert a1(draft).value == Decimal("4.2")
    ticket = page.context["confirm_form"].initial
    done = manager.post(reverse("admin:indicators_threshold_process_import"), ticket)
    assert done.status_code == 302
    assert a1(draft).value == Decimal("4.5")
    assert Entry.objects.first().action == "standard.import"


@pytest.mark.parametrize(
    ("version", "number", "words"),
    [
        ("2017", "4.5", "标准 2017 已发布，数值不能改"),
        ("2027", "-1", "「数值」应当是：0 或以上的数"),
        ("2027", "很多", "「数值」应当是：0 或以上的数"),
        ("2099", "4.5", "没有这个编号的达标值"),
    ],
)
def test_bad_tables_change_nothing(
    manager: Client, draft: Standard, version: str, number: str, words: str
) -> None:
    rows = export(manager, draft)[:1]
    rows[0] |= {"编号": f"{version}/A1/primary", "数值": number}
    page = upload(manager, rows)
    assert page.status_code == 422
    assert words in page.content.decode()
    assert a1(draft).value == Decimal("4.2")


def test_only_managers_import(
    draft: Standard, signed_in: Any, zhou_inspector: User, he_auditor: User
) -> None:
    for person in (zhou_inspector, he_auditor):
        browser = signed_in(person)
        assert browser.get(reverse("admin:indicators_threshold_import")).status_code == 403


def test_settings_of_a_published_version_stand_in_words(
    standard: Standard, signed_in: Any, he_auditor: User
) -> None:
    page = signed_in(he_auditor).get(f"/admin/indicators/standard/{standard.pk}/change/")
    text = page.content.decode()
    assert "九年一贯制：小学 1、初中 1.1" in text
    assert "B3：特殊教育学校" in text
    assert "&quot;primary&quot;" not in text

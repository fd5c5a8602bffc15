"""Figures of schools taken out and put back in the admin: a look first, all rows or none."""

import csv
import io
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from audit.models import Entry
from audit.services import verify
from districts.models import User
from selfchecks import files
from selfchecks.models import Notice, Part, SchoolRecord, SelfCheck
from selfchecks.services.notices import text_of
from selfchecks.services.opening import open_self_check
from selfchecks.services.reported import from_records
from selfchecks.services.steps import take_step
from tests.reader import words
from tests.selfchecks.conftest import keep_clean

IMPORT = "/admin/selfchecks/schoolrecord/import/"
CONFIRM = "/admin/selfchecks/schoolrecord/process_import/"
EXPORT = "/admin/selfchecks/schoolrecord/export/"
CODE, MUSIC, TEACHERS = (
    "学校标识码 school_code",
    "音乐专用教室数 music_rooms",
    "专任教师数 teachers",
)
EQUIPMENT = "教学仪器设备资产值 equipment_value"
Table = list[dict[str, str]]


@pytest.fixture
def figures(self_check: SelfCheck, chen_officer: User, zhou_inspector: User, signed_in) -> Table:
    """The portal's own export of the self-check."""
    keep_clean(self_check, chen_officer)
    out = signed_in(zhou_inspector).post(EXPORT, {"format": "1", "resource": "0"})
    return list(csv.DictReader(io.StringIO(out.content.decode("utf-8-sig"))))


def look(client: Client, self_check: SelfCheck, rows: Table, reason: str = "学校来函") -> Any:
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    file = SimpleUploadedFile("figures.csv", out.getvalue().encode())
    data = {"self_check": self_check.pk, "file": file, "reason": reason}
    return client.post(IMPORT, data)


def rooms() -> list[int]:
    rows = SchoolRecord.objects.order_by("school_code")
    return list(rows.values_list("music_rooms", flat=True))


def test_a_correction_is_looked_at_then_kept_once(
    figures: Table, self_check: SelfCheck, wu_manager: User, signed_in
) -> None:
    client = signed_in(wu_manager)
    figures[0][MUSIC] = "3"
    page = look(client, self_check, figures)
    assert "新增 0 行，修改 1 行，不变 2 行。" in words(page)
    assert f"{MUSIC}:1 → 3" in words(page)
    assert rooms() == [1, 1, 2]
    ticket = page.context["confirm_form"]
    done = words(client.post(CONFIRM, ticket.initial, follow=True))
    assert "更正 1 个数，存为第 2 版" in done
    assert rooms() == [3, 1, 2]
    assert "已过期或已经导入" in words(client.post(CONFIRM, ticket.initial, follow=True))
    assert self_check.uploads.count() == 2


def keep(client: Client, self_check: SelfCheck, rows: Table) -> None:
    ticket = look(client, self_check, rows).context["confirm_form"]
    client.post(CONFIRM, ticket.initial)


def test_what_an_import_changes_stands_in_the_file_the_trail_and_the_notice(
    figures: Table,
    self_check: SelfCheck,
    chen_officer: User,
    zhao_signatory: User,
    wu_manager: User,
    signed_in,
) -> None:
    code, before = figures[0][CODE], figures[0][EQUIPMENT]
    figures[0][EQUIPMENT] = str(Decimal(before) + 1000)
    after = figures[0][EQUIPMENT]
    keep(signed_in(wu_manager), self_check, figures)

    current = self_check.uploads.get(is_current=True)
    assert (current.number, current.uploaded_by) == (2, wu_manager)
    record = self_check.school_records.get(school_code=code)
    book = openpyxl.load_workbook(io.BytesIO(files.content_of(current)))
    cell = book[record.sheet][record.cells["equipment_value"]]
    assert Decimal(str(cell.value)) == Decimal(after) == record.equipment_value

    entry = Entry.objects.get(action="records.import")
    assert entry.changes[f"{code}.equipment_value"] == [before, after]
    assert (entry.changes["changed"], entry.reason) == (1, "学校来函")
    assert verify() is None

    told = Notice.objects.filter(kind="corrected")
    assert {notice.recipient for notice in told} == {chen_officer, zhao_signatory}
    assert "更正了沙坪坝区 2026 年度自查的 1 个数" in text_of(told[0])
    page = words(signed_in(chen_officer).get(f"/self-checks/{self_check.reference}/check/"))
    assert "第 2 版由吴敏经市级导入更正：学校来函" in page


def test_the_receipt_names_the_officer_and_says_what_was_corrected_since(
    figures: Table,
    self_check: SelfCheck,
    chen_officer: User,
    zhao_signatory: User,
    zhou_inspector: User,
    wu_manager: User,
    signed_in,
) -> None:
    figures[0][MUSIC] = "2"
    keep(signed_in(wu_manager), self_check, figures)
    for step, by in (("send_for_signature", chen_officer), ("submit", zhao_signatory)):
        take_step(self_check=self_check, step=step, by=by)
    page = signed_in(chen_officer).get(f"/self-checks/{self_check.reference}/receipts/2/")
    assert "填报人陈静" in words(page)
    told = "第 2 版由吴敏经市级导入更正：学校来函"
    assert told in words(page)
    review = f"/admin/selfchecks/selfcheck/{self_check.pk}/review/"
    assert told in words(signed_in(zhou_inspector).get(review))


def test_whoever_corrected_figures_plays_no_other_part(
    figures: Table, self_check: SelfCheck, wu_manager: User, signed_in
) -> None:
    figures[0][MUSIC] = "3"
    keep(signed_in(wu_manager), self_check, figures)
    User.objects.filter(pk=wu_manager.pk).update(role="inspector")
    wu_manager.refresh_from_db()
    assert [row.part for row in self_check.participations.filter(person=wu_manager)] == [
        Part.PREPARE
    ]


def test_one_bad_figure_keeps_the_whole_table_out(
    figures: Table, self_check: SelfCheck, wu_manager: User, signed_in
) -> None:
    figures[0][MUSIC], figures[2][TEACHERS] = "3", "约60"
    page = look(signed_in(wu_manager), self_check, figures)
    assert page.status_code == 422
    assert f"4 {TEACHERS} 约60" in words(page)
    assert not page.context["confirm_form"]
    assert rooms() == [1, 1, 2]


def test_only_what_a_district_may_change_is_offered(
    figures: Table, self_check: SelfCheck, reach, wu_manager: User, signed_in
) -> None:
    reach("submitted")
    page = look(signed_in(wu_manager), self_check, figures)
    assert page.status_code == 422
    assert "不能改动数据" in words(page)


def test_what_changed_after_the_preview_stops_it(
    figures: Table, self_check: SelfCheck, reach, wu_manager: User, signed_in
) -> None:
    client = signed_in(wu_manager)
    figures[0][MUSIC] = "3"
    ticket = look(client, self_check, figures).context["confirm_form"]
    reach("submitted")
    assert "有了变化" in words(client.post(CONFIRM, ticket.initial, follow=True))
    assert rooms() == [1, 1, 2]


def test_inspectors_take_out_and_do_not_put_in(
    figures: Table, self_check: SelfCheck, zhou_inspector: User, signed_in
) -> None:
    client = signed_in(zhou_inspector)
    assert client.get(IMPORT).status_code == 403
    assert client.post(CONFIRM).status_code == 403
    out = client.post("/admin/selfchecks/schoolrecord/export/", {"format": "1", "resource": "0"})
    assert figures[0][CODE] in out.content.decode("utf-8-sig")


def test_the_export_comes_back_without_change(
    figures: Table, self_check: SelfCheck, wu_manager: User, signed_in
) -> None:
    page = look(signed_in(wu_manager), self_check, figures)
    assert "新增 0 行，修改 0 行，不变 3 行。" in words(page)
    assert not page.context["confirm_form"]


def test_an_export_has_numbers_a_unit_a_year_and_the_day_in_shanghai(
    figures: Table, self_check: SelfCheck, zhou_inspector: User, signed_in, monkeypatch
) -> None:
    late = datetime(2026, 11, 25, 16, 30, tzinfo=UTC)  # 00:30 on the 26th in Shanghai
    monkeypatch.setattr(timezone, "now", lambda: late)
    out = signed_in(zhou_inspector).post(EXPORT, {"format": "0", "resource": "0"})
    name = "学校数据-沙坪坝区-2026-2026-11-26.xlsx"
    assert quote(name) in out["Content-Disposition"]
    rows = list(openpyxl.load_workbook(io.BytesIO(out.content)).active.values)
    first = dict(zip(rows[0], rows[1], strict=True))
    assert (first["年度"], first["区县"]) == (2026, "沙坪坝区")
    assert first[CODE] == figures[0][CODE]
    assert first[MUSIC] == 1
    assert first["教学及辅助用房面积 teaching_area"] == 2604.5


def test_an_unknown_school_is_named_with_what_to_do(
    figures: Table, self_check: SelfCheck, wu_manager: User, signed_in
) -> None:
    figures[2][CODE] = "9999999999"
    page = look(signed_in(wu_manager), self_check, figures)
    assert page.status_code == 422
    assert f"4 {CODE} 9999999999 这份自查的数据里没有这个学校标识码" in words(page)
    assert "null" not in words(page)
    assert len(page.context["result"].problems) == 1


def test_the_real_cause_is_said_once(
    figures: Table, wu_manager: User, tongliang, signed_in
) -> None:
    """Without a workbook, or for another unit: not one complaint for every school."""
    other = open_self_check(district=tongliang, year=2026, by=wu_manager)
    page = look(signed_in(wu_manager), other, figures)
    assert page.context["form"].errors["file"] == [
        "铜梁区 2026 还没有采用任何工作簿，没有可更正的数据；请先由区县上传工作簿。"
    ]


def test_a_table_of_another_year_is_refused(
    figures: Table, self_check: SelfCheck, wu_manager: User, signed_in
) -> None:
    for row in figures:
        row["年度"] = "2025"
    page = look(signed_in(wu_manager), self_check, figures)
    assert "文件里的「年度」是 2025，选的自查是 沙坪坝区 2026" in words(page)


def test_an_error_of_the_whole_workbook_stands_at_its_row(
    figures: Table, self_check: SelfCheck, wu_manager: User, signed_in
) -> None:
    """More certified teachers than teachers: each figure is fine, together they are not."""
    figures[0]["持证上岗专任教师数 teachers_certified"] = "9000"
    page = look(signed_in(wu_manager), self_check, figures)
    assert page.status_code == 422
    assert not page.context["confirm_form"]
    assert [problem.row for problem in page.context["result"].problems][0] == 2
    assert from_records(self_check).schools[figures[0][CODE]]["teachers_certified"] != 9000


def test_a_correction_needs_a_reason(
    figures: Table, self_check: SelfCheck, wu_manager: User, signed_in
) -> None:
    figures[0][MUSIC] = "3"
    for reason, said in ((" ", "请写明更正的原因。"), ("ok", "原因写得太短")):
        page = look(signed_in(wu_manager), self_check, figures, reason=reason)
        assert page.status_code == 422
        assert said in words(page)


def test_a_forged_ticket_is_refused_in_words(
    figures: Table, self_check: SelfCheck, wu_manager: User, signed_in
) -> None:
    client = signed_in(wu_manager)
    figures[0][MUSIC] = "3"
    ticket = look(client, self_check, figures).context["confirm_form"].initial
    for seen in (f"{'9' * 5_000}:1:x", f"{self_check.pk}:{'9' * 5_000}:x"):
        answer = client.post(CONFIRM, {**ticket, "seen": seen})
        assert answer.url == IMPORT
    assert rooms() == [1, 1, 2]

"""The way of a workbook over the pages: upload, look, take over, explain, sign, receipt."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from audit.models import Entry
from districts.models import User
from selfchecks.files import content_of
from selfchecks.models import ReviewEntry, SelfCheck, State
from selfchecks.services import uploads
from selfchecks.services.checking import preview
from selfchecks.services.corrections import cell_of, correct
from tests.reader import words
from tests.selfchecks.conftest import attach_required, keep_clean
from tests.selfchecks.workbook_files import workbook

REFERENCE = "/self-checks/500106-2026/"
SCHOOL = "2100001001"
SignedIn = Callable[[User], Client]


@pytest.fixture
def school(self_check: SelfCheck) -> str:
    """The primary school's code."""
    return str(self_check.district.schools.order_by("code")[0].code)


def send(client: Client, content: bytes, name: str = "自查.xlsx", page: str = "upload/") -> Any:
    return client.post(REFERENCE + page, {"file": SimpleUploadedFile(name, content)})


def test_a_clean_file_goes_all_the_way(
    self_check: SelfCheck, chen_officer: User, zhao_signatory: User, signed_in: SignedIn
) -> None:
    officer = signed_in(chen_officer)
    looked = send(officer, workbook(self_check))
    assert looked["Location"] == REFERENCE + "versions/1/"
    assert "3 所学校，0 个问题" in words(officer.get(looked["Location"]))
    assert not self_check.school_records.exists()  # looking changes nothing
    taken = officer.post(REFERENCE + "versions/1/")
    assert taken["Location"] == REFERENCE + "check/"
    assert self_check.school_records.count() == 3
    page = officer.get(taken["Location"])
    assert "按现有数据，全部达到标准。" in words(page)
    attach_required(self_check, chen_officer)
    press(officer, "send_for_signature")
    self_check.refresh_from_db()
    assert self_check.state == State.AWAITING_SIGNATURE
    signed = press(signed_in(zhao_signatory), "submit")
    assert signed["Location"] == REFERENCE + "receipts/2/"
    text = words(officer.get(signed["Location"]))
    assert "500106-2026-002" in text
    assert self_check.uploads.get().sha256[:16] in text
    assert "赵明" in text
    entries = Entry.objects.filter(district_code="500106").order_by("number")
    actions = entries.values_list("action", flat=True)
    wanted = ["upload.receive", "upload.keep", "self_check.send_for_signature"]
    assert [action for action in actions if action in wanted] == wanted


def press(client: Client, step: str, **more: str) -> Any:
    """Press a button as the page offers it, with the hidden values it carries."""
    page = client.get(REFERENCE + "check/").content.decode()
    form = next(form for form in page.split("<form")[1:] if f'value="{step}"' in form)
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
    return client.post(REFERENCE + "check/", {**hidden, **more})


def test_a_double_click_submits_once(
    reach: Callable[[str], SelfCheck], zhao_signatory: User, signed_in: SignedIn
) -> None:
    self_check = reach("awaiting_signature")
    client = signed_in(zhao_signatory)
    posted = {"step": "submit", "version": str(self_check.version)}
    answers = [client.post(REFERENCE + "check/", posted) for _click in range(2)]
    assert {answer["Location"] for answer in answers} == {REFERENCE + "receipts/2/"}
    assert ReviewEntry.objects.filter(step="submit").count() == 1
    assert self_check.evaluations.count() == 1


def test_the_one_who_uploaded_cannot_sign(
    reach: Callable[[str], SelfCheck], chen_officer: User, signed_in: SignedIn
) -> None:
    reach("awaiting_signature")
    client = signed_in(chen_officer)
    assert "审签并报送" not in words(client.get(REFERENCE + "check/"))
    answer = client.post(REFERENCE + "check/", {"step": "submit"})
    assert answer.status_code == 403
    assert "您的账号不能做这一步" in words(answer)


def test_an_old_page_signs_nothing_new(
    reach: Callable[[str], SelfCheck], zhao_signatory: User, signed_in: SignedIn
) -> None:
    self_check = reach("awaiting_signature")
    stale = {"step": "submit", "version": str(self_check.version - 1)}
    answer = signed_in(zhao_signatory).post(REFERENCE + "check/", stale)
    assert answer.status_code == 412
    stale = {"step": "submit", "digest": "sha256:0"}
    assert signed_in(zhao_signatory).post(REFERENCE + "check/", stale).status_code == 412
    assert not self_check.evaluations.exists()


def test_declining_needs_a_word_and_keeps_what_was_typed(
    reach: Callable[[str], SelfCheck], zhao_signatory: User, signed_in: SignedIn
) -> None:
    self_check = reach("awaiting_signature")
    client = signed_in(zhao_signatory)
    refused = press(client, "decline", comment=" ")
    assert refused.status_code == 422
    assert words(refused).count("请写明原因或意见。") == 2  # on top and at the field
    press(client, "decline", comment="请核对班额")
    self_check.refresh_from_db()
    assert self_check.state == State.DRAFT
    assert "请核对班额" in words(client.get(REFERENCE))


def test_the_same_file_again_changes_nothing(
    self_check: SelfCheck, chen_officer: User, signed_in: SignedIn
) -> None:
    content = workbook(self_check)
    uploads.keep(self_check=self_check, content=content, name="自查.xlsx", by=chen_officer)
    client = signed_in(chen_officer)
    answer = send(client, content, name="另一个名字.xlsx")
    assert "无变化" in words(client.get(answer["Location"]))
    assert self_check.uploads.count() == 1


def test_errors_are_shown_at_their_cells_and_keep_the_file_out(
    self_check: SelfCheck, chen_officer: User, signed_in: SignedIn, school: str
) -> None:
    client = signed_in(chen_officer)
    broken = {(school, "teachers"): "约32", (school, "pupils_primary"): "<b>不详</b>"}
    answer = send(client, workbook(self_check, broken))
    page = client.get(answer["Location"])
    text = words(page)
    found = self_check.uploads.get()
    assert f"{found.error_count} 个问题必须修改" in text
    for finding in found.findings:
        assert f"{finding['sheet']}!{finding['cell']}" in text or not finding["cell"]
    assert "约32" in text
    assert "<b>不详" not in page.content.decode()
    assert "确认采用" not in text
    assert client.post(answer["Location"]).status_code == 422
    marked = client.get(answer["Location"] + "marked/")
    assert marked.getvalue().startswith(b"PK")
    assert marked["Content-Disposition"].startswith("attachment")


def test_warnings_are_explained_where_they_are_shown(
    self_check: SelfCheck, chen_officer: User, signed_in: SignedIn, school: str
) -> None:
    client = signed_in(chen_officer)
    answer = send(client, workbook(self_check, {(school, "teaching_area"): None}))
    version = self_check.uploads.get()
    assert (version.error_count, version.warning_count) == (0, 1)
    name = f"reason_{version.findings[0]['id']}"
    assert f'name="{name}"' in client.get(answer["Location"]).content.decode()
    client.post(answer["Location"], {name: "正在测绘"})
    version.refresh_from_db()
    assert version.is_current
    assert not version.unexplained()
    assert "正在测绘" in words(client.get(REFERENCE + "check/"))


def test_a_reason_that_says_nothing_is_not_taken(
    self_check: SelfCheck, chen_officer: User, signed_in: SignedIn, school: str
) -> None:
    client = signed_in(chen_officer)
    answer = send(client, workbook(self_check, {(school, "teaching_area"): None}))
    name = f"reason_{self_check.uploads.get().findings[0]['id']}"
    refused = client.post(answer["Location"], {name: "ok"})
    assert refused.status_code == 422
    assert "写得太短" in words(refused)
    assert not self_check.uploads.get().is_current
    school_name = f"{self_check.district.name}第1学校"
    assert f"学校数据!S4 {school_name}" in words(client.get(answer["Location"]))


def test_without_reasons_the_figures_are_taken_but_nothing_is_sent(
    self_check: SelfCheck, chen_officer: User, signed_in: SignedIn, school: str
) -> None:
    client = signed_in(chen_officer)
    answer = send(client, workbook(self_check, {(school, "teaching_area"): None}))
    assert client.post(answer["Location"])["Location"] == REFERENCE + "explanations/"
    assert "1 个警告没有写明原因" in words(client.get(REFERENCE + "check/"))
    assert client.post(REFERENCE + "check/", {"step": "send_for_signature"}).status_code == 409
    attach_required(self_check, chen_officer)
    name = f"reason_{self_check.uploads.get().findings[0]['id']}"
    assert client.post(REFERENCE + "explanations/", {name: "正在测绘"}).status_code == 302
    assert press(client, "send_for_signature").status_code == 302


def test_one_value_is_corrected_and_nothing_else(
    self_check: SelfCheck, chen_officer: User, signed_in: SignedIn, school: str
) -> None:
    keep_clean(self_check, chen_officer)
    client = signed_in(chen_officer)
    address = f"{REFERENCE}figures/{school}/multimedia_classrooms/"
    assert "14" in words(client.get(address))
    assert client.post(address, {"value": "1,5", "reason": ""}).status_code == 422
    answer = client.post(address, {"value": "16", "reason": "漏报两间"})
    assert answer.status_code == 302
    newest = self_check.uploads.get(is_current=True)
    assert newest.number == 2
    assert [
        (item["column"], item["before"], item["after"]) for item in newest.changes["items"]
    ] == [("multimedia_classrooms", "14", "16")]
    assert "14 → 16：漏报两间" in words(client.get(address))
    # The bytes that are kept say the same when they are read again.
    again = preview(self_check=self_check, content=content_of(newest), name="a.xlsx")
    assert again.comparison.is_empty


@pytest.mark.parametrize(
    ("value", "words_of_it"),
    [("约16", "约16"), ("=1+1", ""), ("-3", ""), ("14", "一样"), ("", ""), ("9" * 300, "")],
)
def test_a_value_that_does_not_pass_makes_no_version(
    self_check: SelfCheck,
    chen_officer: User,
    signed_in: SignedIn,
    school: str,
    value: str,
    words_of_it: str,
) -> None:
    keep_clean(self_check, chen_officer)
    address = f"{REFERENCE}figures/{school}/multimedia_classrooms/"
    answer = signed_in(chen_officer).post(address, {"value": value, "reason": "漏报两间"})
    if value == "":  # a blank is allowed: it means 未填报 and asks for a reason
        assert answer.status_code == 302
        return
    assert answer.status_code == 422
    assert words_of_it in words(answer)
    assert self_check.uploads.count() == 1


def test_a_figure_of_the_district_is_corrected_too(
    self_check: SelfCheck, chen_officer: User
) -> None:
    keep_clean(self_check, chen_officer)
    cell = cell_of(self_check, "C2.enrolled", "value")
    correct(self_check=self_check, values={cell.key: "40"}, reason="补录一人", by=chen_officer)
    assert self_check.district_records.get(item="C2.enrolled").value == 40


def test_text_typed_after_the_session_ended_is_there_after_signing_in(
    self_check: SelfCheck, chen_officer: User, signed_in: SignedIn, school: str
) -> None:
    keep_clean(self_check, chen_officer)
    address = f"{REFERENCE}figures/{school}/multimedia_classrooms/"
    stranger = Client()
    sent = stranger.post(address, {"value": "16", "reason": "漏报两间", "other": "x"})
    assert sent["Location"] == f"/accounts/login/?next={address}"
    credentials = {"username": chen_officer.username, "password": "correct-horse-battery-7"}
    back = stranger.post(sent["Location"], {**credentials, "next": address}, follow=True)
    assert "漏报两间" in words(back)
    assert "没有保存" in words(back)
    assert self_check.uploads.count() == 1
    assert "漏报两间" not in words(stranger.get(address))  # offered once


def test_evidence_is_attached_downloaded_and_taken_back(
    self_check: SelfCheck, chen_officer: User, signed_in: SignedIn
) -> None:
    client = signed_in(chen_officer)

    def attach(name: str, content: bytes) -> Any:
        file = SimpleUploadedFile(name, content)
        return client.post(REFERENCE + "evidence/", {"indicator": "B1", "file": file, "note": "x"})

    assert attach("规划.pdf", b"%PDF-1.7 x").status_code == 302
    item = self_check.evidence_items.get()
    served = client.get(f"{REFERENCE}evidence/{item.pk}/")
    assert served.getvalue() == b"%PDF-1.7 x"
    assert served["Content-Type"] == "application/octet-stream"
    assert served["Content-Disposition"].startswith("attachment")
    refused = attach("页面.html", b"<script>")
    assert refused.status_code == 422
    assert words(refused).count("佐证材料只收") == 2
    client.post(f"{REFERENCE}evidence/{item.pk}/removal/")
    assert "还没有附上佐证材料" in words(client.get(REFERENCE + "explanations/"))


def test_readers_of_the_city_change_nothing(
    reach: Callable[[str], SelfCheck], zhou_inspector: User, signed_in: SignedIn, school: str
) -> None:
    self_check = reach("returned")
    client = signed_in(zhou_inspector)
    assert send(client, workbook(self_check)).status_code == 403
    value = {"value": "3", "reason": "x"}
    assert client.post(f"{REFERENCE}figures/{school}/teachers/", value).status_code == 403
    assert client.post(REFERENCE + "explanations/", {}).status_code == 403
    assert "上传并检查" not in words(client.get(REFERENCE))

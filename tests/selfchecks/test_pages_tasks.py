"""The task list tells each person how things stand and what waits for them."""

import re
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from districts.models import School, User
from districts.roles import Role
from selfchecks.bureau.warnings import warnings_of
from selfchecks.models import SelfCheck
from selfchecks.services import uploads
from selfchecks.services.corrections import cell_of, correct
from selfchecks.services.findings import explain
from selfchecks.services.opening import open_year
from selfchecks.services.reviews import Target, answer, comment, settle
from selfchecks.services.steps import take_step
from tests.conftest import PASSWORD, person
from tests.reader import links, words
from tests.selfchecks.conftest import decide, keep_clean
from tests.selfchecks.workbook_files import workbook

REFERENCE = "/self-checks/500106-2026/"
FIELD = "backbone_teachers_primary"


@pytest.fixture
def clerk(chen_officer: User, signed_in: Any) -> Client:
    client: Client = signed_in(chen_officer)
    return client


def receive(self_check: SelfCheck, by: User, changes: dict[tuple[str, str], Any]) -> None:
    content = workbook(self_check, changes)
    uploads.receive(self_check=self_check, content=content, name="自查.xlsx", by=by)


def test_a_file_that_was_refused_is_not_said_to_be_missing(
    self_check: SelfCheck, schools: list[School], chen_officer: User, clerk: Client
) -> None:
    assert "未上传" in words(clerk.get(REFERENCE))
    receive(self_check, chen_officer, {(schools[0].code, "teachers"): "约32"})
    text = words(clerk.get(REFERENCE))
    assert "未上传" not in text
    assert "上次的文件没有采用" in text
    keep_clean(self_check, chen_officer)
    receive(self_check, chen_officer, {(schools[0].code, "teachers"): "约33"})
    text = words(clerk.get(REFERENCE))
    assert "已采用第 2 版" in text
    assert "最近上传的第 3 版有错误，没有采用。" in text


def test_a_newer_version_waiting_is_said_before_the_older_one_is_sent(
    self_check: SelfCheck, schools: list[School], chen_officer: User, clerk: Client
) -> None:
    keep_clean(self_check, chen_officer)
    assert "第 2 版" not in words(clerk.get(REFERENCE + "check/"))
    receive(self_check, chen_officer, {(schools[0].code, FIELD): 7})
    assert "现在送审的会是第 1 版" in words(clerk.get(REFERENCE))
    page = clerk.get(REFERENCE + "check/")
    assert "更新的第 2 版已检查，还没有确认采用" in words(page)
    assert REFERENCE + "versions/2/" in links(page)
    uploads.confirm(upload=self_check.uploads.get(number=2), by=chen_officer)
    assert "还没有确认采用" not in words(clerk.get(REFERENCE + "check/"))


def test_before_anything_was_adopted_no_version_is_called_the_first(
    self_check: SelfCheck, schools: list[School], chen_officer: User, clerk: Client
) -> None:
    for count in (6, 7):
        receive(self_check, chen_officer, {(schools[0].code, FIELD): count})
    text = words(clerk.get(REFERENCE + "versions/2/"))
    assert "还没有采用过的版本" in text
    assert "这是第一版" not in text


def test_a_remark_answered_waits_for_nobody_here(
    reach: Any,
    self_check: SelfCheck,
    chen_officer: User,
    zhou_inspector: User,
    clerk: Client,
) -> None:
    reach("in_review")
    asked = comment(
        self_check=self_check, text="请附名单", by=zhou_inspector, on=Target(indicator="B1")
    )
    assert "1 条复核意见待处理" in words(clerk.get(REFERENCE))
    reply = answer(parent=asked, text="已附", by=chen_officer)
    text = words(clerk.get(REFERENCE))
    assert "待处理" not in text
    assert "已答复或更正 1 条，等市级督学办结。" in text
    answer(parent=reply, text="名单缺页", by=zhou_inspector)
    assert "1 条复核意见待处理" in words(clerk.get(REFERENCE))
    settle(comment=asked, by=zhou_inspector)
    assert "复核意见待处理" not in words(clerk.get(REFERENCE))


def test_correcting_the_very_value_answers_the_remark(
    reach: Any,
    self_check: SelfCheck,
    schools: list[School],
    chen_officer: User,
    zhou_inspector: User,
    clerk: Client,
) -> None:
    reach("in_review")
    for field in (FIELD, "teachers"):
        on = Target("A2", schools[0].code, field)
        comment(self_check=self_check, text="请核对", by=zhou_inspector, on=on)
    decide(self_check, "send_back", zhou_inspector)
    self_check.refresh_from_db()
    cell = cell_of(self_check, schools[0].code, FIELD)
    correct(self_check=self_check, values={cell.key: "7"}, reason="漏报一间", by=chen_officer)
    text = words(clerk.get(REFERENCE))
    assert "1 条复核意见待处理" in text
    assert "已答复或更正 1 条" in text


def test_nothing_waits_when_the_self_check_is_approved(
    reach: Any, self_check: SelfCheck, zhou_inspector: User, clerk: Client
) -> None:
    reach("in_review")
    comment(self_check=self_check, text="请附名单", by=zhou_inspector, on=Target(indicator="B1"))
    decide(self_check, "approve", zhou_inspector)
    assert "请附名单" not in words(clerk.get(REFERENCE))


def test_the_signatory_is_led_to_the_page_that_is_signed(
    reach: Any, zhao_signatory: User, signed_in: Any, clerk: Client
) -> None:
    chief = signed_in(zhao_signatory)
    reach("draft")
    assert "去核对并审签" not in words(chief.get(REFERENCE))
    reach("awaiting_signature")
    page = chief.get(REFERENCE)
    text = words(page)
    assert text.index("去核对并审签") < text.index("下载模板")
    assert REFERENCE + "check/" in links(page)
    assert "去核对并审签" not in words(clerk.get(REFERENCE))


def test_a_signatory_who_may_not_sign_reads_why(
    reach: Any, self_check: SelfCheck, chen_officer: User, clerk: Client
) -> None:
    reach("awaiting_signature")
    User.objects.filter(pk=chen_officer.pk).update(role=Role.SIGNATORY)
    assert "您已参与这份自查的填报" in words(clerk.get(REFERENCE))


def test_the_receipt_has_lines_to_sign_on(reach: Any, zhao_signatory: User, signed_in: Any) -> None:
    reach("submitted")
    page = signed_in(zhao_signatory).get(REFERENCE + "receipts/2/")
    text = words(page)
    assert all(line in text for line in ("审签人签字", "单位盖章", "日期"))
    assert "文件校验码（SHA-256）" in text
    (foot,) = [line for line in page.content.decode().splitlines() if "/api/v1/docs/" in line]
    assert '<p class="no-print">' in foot


def test_the_sign_in_page_says_what_became_of_the_file(
    self_check: SelfCheck, chen_officer: User
) -> None:
    stranger = Client()
    file = SimpleUploadedFile("自查.xlsx", b"x")
    sent = stranger.post(REFERENCE + "upload/", {"file": file})
    assert "刚才选的文件没有收下" in words(stranger.get(sent["Location"]))
    assert "没有收下" not in words(Client().get("/accounts/login/"))


def test_the_others_still_read_what_they_read(
    reach: Any, self_check: SelfCheck, shapingba: Any, signed_in: Any, zhao_signatory: User
) -> None:
    """A second signatory gets the same call: either may sign."""
    reach("awaiting_signature")
    second = person("signatory2_500106", "钱伟", Role.SIGNATORY, shapingba)
    assert second.check_password(PASSWORD)
    assert "去核对并审签" in words(signed_in(second).get(REFERENCE))
    take_step(self_check=self_check, step="submit", by=zhao_signatory)
    assert "去核对并审签" not in words(signed_in(second).get(REFERENCE))


def call(page: Any) -> str:
    """What the page asks of its reader before all else: the words and the button."""
    found = re.search(r'<div class="note call">(.*?)</div>\s*<ol', page.content.decode(), re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split()) if found else ""


def test_the_next_step_of_the_officer_is_one_button(
    self_check: SelfCheck, schools: list[School], chen_officer: User, clerk: Client
) -> None:
    assert call(clerk.get(REFERENCE)).endswith("下一步：下载模板")
    receive(self_check, chen_officer, {(schools[0].code, "teachers"): "约32"})
    assert call(clerk.get(REFERENCE)) == "1 个必须修改 下一步：处理问题"  # before another upload
    keep_clean(self_check, chen_officer)
    assert call(clerk.get(REFERENCE)) == "可以送审 下一步：核对"
    take_step(self_check=self_check, step="send_for_signature", by=chen_officer)
    assert call(clerk.get(REFERENCE)) == ""


def test_remarks_without_a_word_come_before_the_check(
    reach: Any,
    self_check: SelfCheck,
    zhou_inspector: User,
    zhao_signatory: User,
    clerk: Client,
    signed_in: Any,
) -> None:
    reach("in_review")
    comment(self_check=self_check, text="请附名册", by=zhou_inspector, on=Target("A2"))
    decide(self_check, "send_back", zhou_inspector)
    assert "下一步：复核意见" in call(clerk.get(REFERENCE))
    for reader in (clerk, signed_in(zhao_signatory)):  # also to whom it is not to send
        said = words(reader.get(REFERENCE))
        assert "还不能送审" in said
        assert "可以送审" not in said


def test_the_first_version_is_compared_with_none(
    self_check: SelfCheck, schools: list[School], chen_officer: User, clerk: Client
) -> None:
    keep_clean(self_check, chen_officer)
    assert "与上一版的差别" not in words(clerk.get(REFERENCE + "versions/1/"))
    keep_clean(self_check, chen_officer, changes={(schools[0].code, FIELD): 7})
    assert "与上一版的差别" in words(clerk.get(REFERENCE + "versions/2/"))


def test_nothing_to_press_draws_no_bar(
    self_check: SelfCheck, schools: list[School], chen_officer: User, clerk: Client
) -> None:
    receive(self_check, chen_officer, {})
    assert 'class="bar"' not in clerk.get(REFERENCE + "check/").content.decode()
    keep_clean(self_check, chen_officer)
    assert 'class="bar"' in clerk.get(REFERENCE + "check/").content.decode()


def test_warnings_without_a_reason_come_first(
    self_check: SelfCheck, schools: list[School], chen_officer: User, clerk: Client
) -> None:
    blank = {(school.code, FIELD): None for school in schools[:2]}
    more = {(school.code, "teaching_area"): None for school in schools[:3]}
    content = workbook(self_check, blank | more)
    upload = uploads.keep(self_check=self_check, content=content, name="x.xlsx", by=chen_officer)
    groups = warnings_of(upload.upload, {})
    assert [group.count for group in groups] == sorted((g.count for g in groups), reverse=True)
    told = {problem.words["id"]: "学校尚未建成" for problem in groups[0].problems}
    explain(upload=upload.upload, reasons=told, by=chen_officer)
    upload.upload.refresh_from_db()
    after = warnings_of(upload.upload, {})
    assert after[-1].words["field"] == groups[0].words["field"]
    assert after[0].words["field"] == groups[1].words["field"]


def test_many_kinds_of_warnings_are_a_line_each(
    self_check: SelfCheck, schools: list[School], chen_officer: User, clerk: Client
) -> None:
    """Seven figures, blank in two schools: the line says how many and where; a wrong text opens."""
    rooms = ("music_rooms", "art_rooms", "multimedia_classrooms", "equipment_value")
    blank = (*rooms, "teaching_area", "sports_ground_area", "teachers_trained")
    gaps = {(school.code, name): None for school in schools[:2] for name in blank}
    content, page = workbook(self_check, gaps), REFERENCE + "explanations/"
    upload = uploads.keep(self_check=self_check, content=content, name="x.xlsx", by=chen_officer)
    shown = clerk.get(page)
    assert shown.content.decode().count('<details class="hair">') == 7
    assert "2 处 · 学校数据 X4、X5 △没有写明原因" in words(shown)
    name = f"reason_all_{warnings_of(upload.upload, {})[0].problems[0].words['id']}"
    refused = clerk.post(page, {name: "无"})
    assert refused.status_code == 422
    assert refused.content.decode().count('<details class="hair" open>') == 1
    assert clerk.post(page, {name: "两校的新校舍还没有交付"}).status_code == 302
    assert words(clerk.get(page)).count("△没有写明原因") == 6


def test_signing_in_leads_to_what_is_due_first(
    self_check: SelfCheck, wu_manager: User, clerk: Client
) -> None:
    """A year opened ahead does not hide the one that is to be handed in."""
    ahead = {"due_on": date(2027, 12, 1), "fill_from": date(2027, 9, 1)}
    open_year(year=2027, by=wu_manager, **ahead)
    assert clerk.get("/self-checks/now/")["Location"] == f"/self-checks/{self_check.reference}/"
    SelfCheck.objects.filter(pk=self_check.pk).update(state="submitted")
    assert clerk.get("/self-checks/now/")["Location"] == "/self-checks/500106-2027/"

"""Reasons for warnings survive whatever else the page is used for, and one may serve many."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from districts.models import School, User
from selfchecks.bureau.warnings import Group, Problem, reasons_in
from selfchecks.models import SelfCheck, Upload
from selfchecks.services import uploads
from selfchecks.services.evidence import add_evidence
from selfchecks.services.findings import explain
from tests.conftest import PASSWORD
from tests.reader import words
from tests.selfchecks.workbook_files import workbook

REFERENCE = "/self-checks/500106-2026/"
BLANKS = ("music_rooms", "teaching_area")  # X4 and L4 of the first school


@pytest.fixture
def clerk(chen_officer: User, signed_in: Any) -> Client:
    client: Client = signed_in(chen_officer)
    return client


@pytest.fixture
def same_twice(self_check: SelfCheck, schools: list[School]) -> bytes:
    """A workbook in which two schools left the same figure blank: two warnings of one kind."""
    return workbook(self_check, {(school.code, "music_rooms"): None for school in schools[:2]})


def file(content: bytes, name: str = "自查.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def with_blanks(self_check: SelfCheck, school: School, **more: Any) -> bytes:
    blank = {(school.code, name): None for name in BLANKS}
    return workbook(self_check, {**blank, **{(school.code, key): it for key, it in more.items()}})


def keep(self_check: SelfCheck, content: bytes, by: User) -> Upload:
    return uploads.keep(self_check=self_check, content=content, name="自查.xlsx", by=by).upload


def boxes(page: str) -> dict[str, str]:
    """What stands in the boxes for reasons."""
    return dict(re.findall(r'<textarea[^>]* name="(reason_\w+)"[^>]*>([^<]*)</textarea>', page))


def hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'type="hidden" name="(version|counts)" value="([^"]*)"', page))


def test_a_reason_typed_is_kept_when_a_document_is_attached(
    self_check: SelfCheck, schools: list[School], chen_officer: User, clerk: Client
) -> None:
    upload = keep(self_check, with_blanks(self_check, schools[0]), chen_officer)
    page = clerk.get(REFERENCE + "explanations/").content.decode()
    assert 'formaction="/self-checks/500106-2026/evidence/"' in page
    name = next(iter(boxes(page)))
    sent = {**hidden(page), name: "正在测绘", "indicator": "B1", "file": file(b"%PDF-1.7", "a.pdf")}
    assert clerk.post(REFERENCE + "evidence/", sent).status_code == 302
    upload.refresh_from_db()
    assert upload.reasons == {name.removeprefix("reason_"): "正在测绘"}
    item = self_check.evidence_items.get()

    other = next(box for box in boxes(page) if box != name)
    clerk.post(f"{REFERENCE}evidence/{item.pk}/removal/", {name: "正在测绘", other: "新校区在建"})
    assert not self_check.evidence_items.filter(removed_at=None).exists()
    upload.refresh_from_db()
    assert set(upload.reasons.values()) == {"正在测绘", "新校区在建"}


def test_a_document_chosen_is_not_lost_when_the_other_button_is_pressed(
    self_check: SelfCheck, schools: list[School], chen_officer: User, clerk: Client
) -> None:
    keep(self_check, with_blanks(self_check, schools[0]), chen_officer)
    sent = {"indicator": "B1", "file": file(b"%PDF-1.7", "a.pdf")}
    clerk.post(REFERENCE + "explanations/", sent)
    assert self_check.evidence_items.get().display_name == "a.pdf"


def test_reasons_stay_in_their_boxes_when_the_document_is_refused(
    self_check: SelfCheck, schools: list[School], chen_officer: User, clerk: Client
) -> None:
    upload = keep(self_check, with_blanks(self_check, schools[0]), chen_officer)
    name = f"reason_{upload.findings[0]['id']}"
    refused = clerk.post(
        REFERENCE + "evidence/",
        {name: "正在测绘", "indicator": "B1", "file": file(b"<x>", "a.htm")},
    )
    assert refused.status_code == 422
    assert boxes(refused.content.decode())[name] == "正在测绘"
    upload.refresh_from_db()
    assert "正在测绘" in upload.reasons.values()


def test_a_reason_typed_is_kept_when_the_workbook_is_sent_again(
    self_check: SelfCheck, schools: list[School], clerk: Client
) -> None:
    clerk.post(REFERENCE + "upload/", {"file": file(with_blanks(self_check, schools[0]))})
    page = clerk.get(REFERENCE + "versions/1/").content.decode()
    assert 'formaction="/self-checks/500106-2026/upload/"' in page
    name = next(iter(boxes(page)))
    again = with_blanks(self_check, schools[0], backbone_teachers_primary=7)
    sent = {**hidden(page), name: "正在测绘", "of": "1", "file": file(again)}
    answer = clerk.post(REFERENCE + "upload/", sent)
    assert answer["Location"] == REFERENCE + "versions/2/"
    assert "正在测绘" in self_check.uploads.get(number=1).reasons.values()

    # The next version has it in its box already, and says where it came from.
    second = clerk.get(answer["Location"])
    assert boxes(second.content.decode())[name] == "正在测绘"
    assert "沿用第 1 版写的原因" in words(second)


def test_reasons_of_the_version_that_counts_are_in_the_boxes_of_the_next(
    self_check: SelfCheck, schools: list[School], chen_officer: User, clerk: Client
) -> None:
    first = keep(self_check, with_blanks(self_check, schools[0]), chen_officer)
    reasons = {str(row["id"]): f"原因{row['cell']}" for row in first.unexplained()}
    explain(upload=first, reasons=reasons, by=chen_officer)
    again = with_blanks(self_check, schools[0], backbone_teachers_primary=7)
    answer = clerk.post(REFERENCE + "upload/", {"file": file(again)})
    page = clerk.get(answer["Location"]).content.decode()
    assert boxes(page) == {f"reason_{key}": text for key, text in reasons.items()}
    assert page.count("沿用第 1 版写的原因") == 2

    # What is emptied or written anew stays so.
    gone, other = (f"reason_{key}" for key in reasons)
    clerk.post(answer["Location"], {**hidden(page), gone: "", other: "已重新测绘"})
    second = self_check.uploads.get(is_current=True)
    assert second.number == 2
    assert second.reasons == {other.removeprefix("reason_"): "已重新测绘"}


def test_reasons_written_while_a_version_waits_are_not_lost(
    self_check: SelfCheck, schools: list[School], chen_officer: User, clerk: Client
) -> None:
    first = keep(self_check, with_blanks(self_check, schools[0]), chen_officer)
    again = with_blanks(self_check, schools[0], backbone_teachers_primary=7)
    answer = clerk.post(REFERENCE + "upload/", {"file": file(again)})
    page = clerk.get(answer["Location"]).content.decode()  # with empty boxes
    reasons = {str(row["id"]): "正在测绘" for row in first.unexplained()}
    explain(upload=first, reasons=reasons, by=chen_officer)
    clerk.post(answer["Location"], {**hidden(page), **dict.fromkeys(boxes(page), "")})
    assert self_check.uploads.get(is_current=True, number=2).reasons == reasons


def test_an_old_page_takes_no_reason_back(
    self_check: SelfCheck, schools: list[School], chen_officer: User, clerk: Client
) -> None:
    upload = keep(self_check, with_blanks(self_check, schools[0]), chen_officer)
    page = clerk.get(REFERENCE + "explanations/").content.decode()
    reasons = {str(row["id"]): "正在测绘" for row in upload.unexplained()}
    explain(upload=upload, reasons=reasons, by=chen_officer)
    sent = {**hidden(page), **dict.fromkeys(boxes(page), "")}
    clerk.post(REFERENCE + "evidence/", {**sent, "indicator": "B1"})
    upload.refresh_from_db()
    assert upload.reasons == reasons


def test_saving_the_same_reasons_again_changes_nothing(
    self_check: SelfCheck, schools: list[School], chen_officer: User
) -> None:
    upload = keep(self_check, with_blanks(self_check, schools[0]), chen_officer)
    reasons = {str(row["id"]): "正在测绘" for row in upload.unexplained()}
    explain(upload=upload, reasons=reasons, by=chen_officer)
    self_check.refresh_from_db()
    before = self_check.version
    explain(upload=upload, reasons=reasons, by=chen_officer)
    self_check.refresh_from_db()
    assert self_check.version == before


def test_one_reason_serves_the_same_warning_at_many_places(
    self_check: SelfCheck, same_twice: bytes, chen_officer: User, clerk: Client
) -> None:
    upload = keep(self_check, same_twice, chen_officer)
    first, second = (str(row["id"]) for row in upload.unexplained())
    page = clerk.get(REFERENCE + "explanations/")
    assert "同一原因用于这 2 处" in words(page)
    assert "<details" in page.content.decode()
    clerk.post(REFERENCE + "explanations/", {f"reason_all_{first}": "新校区在建\r\n2027 年建成"})
    upload.refresh_from_db()
    text = "新校区在建\n2027 年建成"
    assert upload.reasons == {first: text, second: text}

    # The common reason stands once; a single place may have its own.
    shown = boxes(clerk.get(REFERENCE + "explanations/").content.decode())
    assert shown == {f"reason_all_{first}": text, f"reason_{first}": "", f"reason_{second}": ""}
    clerk.post(REFERENCE + "explanations/", {**shown, f"reason_{second}": "教学点借用中心校"})
    upload.refresh_from_db()
    assert upload.reasons == {first: text, second: "教学点借用中心校"}


@pytest.mark.parametrize(
    ("stored", "posted", "wanted"),
    [
        ({}, {"all": "甲"}, ["甲", "甲", "甲"]),
        ({}, {"all": "甲", "1": "乙"}, ["甲", "乙", "甲"]),
        ({}, {"1": "乙"}, [None, "乙", None]),
        ({}, {"all": "", "0": "", "1": "乙", "2": ""}, ["", "乙", ""]),
        # Boxes that were not on the page: only what shared the common reason follows it.
        ({"0": "甲", "1": "甲", "2": "乙"}, {"all": "丙"}, ["丙", "丙", None]),
        ({"0": "甲", "1": "甲", "2": "甲"}, {"all": ""}, ["", "", ""]),
        ({"1": "乙"}, {"all": "甲"}, ["甲", None, "甲"]),
        ({"1": "乙"}, {"all": ""}, ["", None, ""]),
    ],
)
def test_what_the_boxes_of_a_group_mean(
    stored: dict[str, str], posted: dict[str, str], wanted: list[str | None]
) -> None:
    rows = [
        {"id": key, "level": "warning", "code": "jump", "sheet": "学校数据", "field": "教师数"}
        for key in "012"
    ]
    names = {"all": "reason_all_0", **{key: f"reason_{key}" for key in "012"}}
    sent = {names[key]: text for key, text in posted.items()}
    found = reasons_in(sent, rows, stored)
    assert [found.get(key) for key in "012"] == wanted


def test_reasons_outlive_the_session_on_every_way_off_the_page(
    self_check: SelfCheck, schools: list[School], chen_officer: User
) -> None:
    clerk = Client()
    clerk.force_login(chen_officer)
    clerk.post(REFERENCE + "upload/", {"file": file(with_blanks(self_check, schools[0]))})
    name = f"reason_{self_check.uploads.get().findings[0]['id']}"
    stranger = Client()
    typed = {name: "正在测绘", "of": "1", "file": file(b"x")}
    sent = stranger.post(REFERENCE + "upload/", typed)
    credentials = {"username": chen_officer.username, "password": PASSWORD}
    back = stranger.post(
        sent["Location"], {**credentials, "next": REFERENCE + "upload/"}, follow=True
    )
    assert boxes(back.content.decode())[name] == "正在测绘"
    assert "请重新选择文件" in words(back)
    # The page stands at another address now; its buttons still do what they say.
    assert f'action="{REFERENCE}versions/1/"' in back.content.decode()


def test_a_removal_that_met_an_ended_session_takes_nothing_away(
    self_check: SelfCheck, schools: list[School], chen_officer: User
) -> None:
    upload = keep(self_check, with_blanks(self_check, schools[0]), chen_officer)
    item = add_evidence(
        self_check=self_check, indicator="B1", content=b"%PDF-1.7", name="a.pdf", by=chen_officer
    )
    name = f"reason_{upload.findings[0]['id']}"
    address = f"{REFERENCE}evidence/{item.pk}/removal/"
    stranger = Client()
    sent = stranger.post(address, {name: "正在测绘"})
    credentials = {"username": chen_officer.username, "password": PASSWORD}
    back = stranger.post(sent["Location"], {**credentials, "next": address}, follow=True)
    page = back.content.decode()
    assert boxes(page)[name] == "正在测绘"
    assert f'action="{REFERENCE}explanations/"' in page
    assert self_check.evidence_items.filter(removed_at=None).exists()


def test_a_cell_with_two_warnings_of_a_kind_is_named_once() -> None:
    """99999 pupils are too many for the teachers and for the classes: both are said of F9."""
    problems = tuple(Problem({"cell": cell}) for cell in ("F9", "F9", "F12"))
    assert Group(problems, 3, 2).cells == "F9、F12"

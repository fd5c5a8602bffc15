"""A remark leads to the value it speaks of; what met an ended session is not lost."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from districts.models import School, User
from selfchecks.models import SelfCheck
from selfchecks.services.reviews import Target, comment
from tests.conftest import PASSWORD
from tests.reader import links, words
from tests.selfchecks.conftest import latest
from tests.selfchecks.workbook_files import workbook

REFERENCE = "/self-checks/500106-2026/"


def on_school(schools: list[School], field: str = "") -> Target:
    return Target("A2", schools[0].code, field, "学校数据", "K4" if field else "")


@pytest.mark.parametrize(
    ("target", "page", "place"),
    [
        ("cell", "figures/{school}/backbone_teachers_primary/", "学校数据!K4"),
        ("school", "schools/{school}/", "A2 · "),
        ("item", "figures/C2.enrolled/value/", "C2 · "),
        ("indicator", "explanations/?indicator=B1#evidence", "B1"),
    ],
)
def test_a_remark_leads_from_tasks_and_notice_to_its_place(
    reach,
    self_check: SelfCheck,
    schools: list[School],
    chen_officer: User,
    zhou_inspector: User,
    signed_in,
    target: str,
    page: str,
    place: str,
) -> None:
    targets = {
        "cell": on_school(schools, "backbone_teachers_primary"),
        "school": on_school(schools),
        "item": Target("C2", "", "C2.enrolled", "区县数据", "D20"),
        "indicator": Target("B1"),
    }
    reach("in_review")
    comment(self_check=self_check, text="请核对<b>", by=zhou_inspector, on=targets[target])
    address = REFERENCE + page.format(school=schools[0].code)
    client = signed_in(chen_officer)
    tasks = client.get(REFERENCE)
    assert address in links(tasks)
    assert place in words(tasks)
    assert "请核对<b>" in words(tasks)
    assert address in links(client.get("/self-checks/notices/"))
    assert address in links(client.get(REFERENCE + "comments/"))
    assert client.get(address).status_code == 200


def test_ones_own_corrections_are_not_remarks_to_answer(
    reach, self_check: SelfCheck, schools: list[School], chen_officer: User, signed_in
) -> None:
    reach("returned")
    own = on_school(schools, "backbone_teachers_primary")
    comment(self_check=self_check, text="6 → 7:漏报一人", by=chen_officer, on=own)
    client = signed_in(chen_officer)
    assert "6 → 7" not in words(client.get(REFERENCE))
    assert "6 → 7" in words(client.get(REFERENCE + "comments/"))


def test_the_indicator_of_a_remark_is_chosen_for_the_evidence(
    reach, chen_officer: User, signed_in
) -> None:
    reach("returned")
    page = signed_in(chen_officer).get(REFERENCE + "explanations/?indicator=B1").content.decode()
    assert '<option value="B1" selected>' in page


def come_back(client: Client, sent: Any, user: User) -> Any:
    login = sent["Location"]
    assert login.startswith("/accounts/login/?next=")
    wanted = login.partition("next=")[2]
    credentials = {"username": user.username, "password": PASSWORD, "next": wanted}
    return client.post(login, credentials, follow=True)


def test_a_file_that_met_an_ended_session_is_asked_for_again(
    self_check: SelfCheck, chen_officer: User
) -> None:
    stranger = Client()
    file = SimpleUploadedFile("自查.xlsx", workbook(self_check))
    sent = stranger.post(REFERENCE + "upload/", {"file": file})
    assert "文件没有收下" in words(come_back(stranger, sent, chen_officer))
    assert not self_check.uploads.exists()


def test_what_was_said_about_a_document_is_kept_without_it(
    self_check: SelfCheck, chen_officer: User
) -> None:
    stranger = Client()
    file = SimpleUploadedFile("规划.pdf", b"%PDF-1.7")
    typed = {"indicator": "B1", "note": "城区部分", "file": file}
    sent = stranger.post(REFERENCE + "evidence/", typed)
    assert "您刚才填写的内容还在" in words(stranger.get(sent["Location"]))
    page = come_back(stranger, sent, chen_officer)
    assert 'value="城区部分"' in page.content.decode()
    assert "文件没有收下" in words(page)


def test_an_inspectors_words_outlive_the_session_too(
    reach, self_check: SelfCheck, zhou_inspector: User
) -> None:
    reach("in_review")
    stranger = Client()
    address = f"/admin/selfchecks/selfcheck/{self_check.pk}/review/"
    typed = {"do": "send_back", "digest": latest(self_check).digest}
    sent = stranger.post(address, {**typed, "word_A1": "questioned", "note_A1": "与名册不一致"})
    page = come_back(stranger, sent, zhou_inspector).content.decode()
    assert "与名册不一致" in page
    stranger = Client()
    typed = {"comment": "请补充名单", "reason": "figures", "digest": latest(self_check).digest}
    sent = stranger.post(f"{address}decide/send_back/", typed)
    page = come_back(stranger, sent, zhou_inspector).content.decode()
    assert "请补充名单" in page
    assert " checked" not in page  # no reason is chosen for anybody
    self_check.refresh_from_db()
    assert self_check.state == "in_review"

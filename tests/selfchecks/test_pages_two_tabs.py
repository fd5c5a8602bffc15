"""Two tabs on one self-check: the older one changes nothing silently and loses nothing typed."""

import re
from typing import Any

import pytest
from django.test import Client

from audit.refusals import Stale
from districts.models import School, User
from selfchecks.models import SelfCheck
from selfchecks.services import uploads
from selfchecks.services.corrections import cell_of, correct
from tests.reader import words
from tests.selfchecks.conftest import keep_clean
from tests.selfchecks.workbook_files import workbook

REFERENCE = "/self-checks/500106-2026/"


@pytest.fixture
def clerk(chen_officer: User, signed_in: Any) -> Client:
    client: Client = signed_in(chen_officer)
    return client


def hidden(page: str) -> dict[str, str]:
    pattern = r'type="hidden" name="(version|counts|seen)" value="([^"]*)"'
    return dict(re.findall(pattern, page))


def other_workbook(self_check: SelfCheck, school: School, count: int) -> bytes:
    return workbook(self_check, {(school.code, "backbone_teachers_primary"): count})


def test_a_page_older_than_the_version_that_counts_takes_nothing_over(
    self_check: SelfCheck, schools: list[School], chen_officer: User, clerk: Client
) -> None:
    held = uploads.receive(
        self_check=self_check,
        content=other_workbook(self_check, schools[0], 7),
        name="自查.xlsx",
        by=chen_officer,
    ).upload
    old_tab = clerk.get(f"{REFERENCE}versions/{held.number}/").content.decode()
    keep_clean(self_check, chen_officer)
    refused = clerk.post(f"{REFERENCE}versions/{held.number}/", hidden(old_tab))
    assert refused.status_code == 412
    assert "现行的已是第 2 版" in words(refused)
    assert self_check.uploads.get(is_current=True).number == 2

    # The page as it is now says what taking over the older one means; then it may be done.
    page = clerk.get(f"{REFERENCE}versions/{held.number}/")
    assert "现在采用的是第 2 版" in words(page)
    assert "改用第 1 版" in words(page)
    done = clerk.post(f"{REFERENCE}versions/{held.number}/", hidden(page.content.decode()))
    assert done.status_code == 302
    assert self_check.uploads.get(is_current=True).number == 1


def test_a_correction_made_in_another_tab_is_not_overwritten(
    self_check: SelfCheck, schools: list[School], chen_officer: User, clerk: Client
) -> None:
    keep_clean(self_check, chen_officer)
    address = f"{REFERENCE}figures/{schools[0].code}/multimedia_classrooms/"
    old_tab = hidden(clerk.get(address).content.decode())
    assert old_tab == {"seen": "14"}
    assert "Seen" not in words(clerk.get(address))
    clerk.post(address, {**old_tab, "value": "15", "reason": "漏报一间"})
    refused = clerk.post(address, {**old_tab, "value": "16", "reason": "漏报两间"})
    assert refused.status_code == 412
    text = words(refused)
    assert "您打开这一页时是「14」，现在已是「15」" in text
    assert "漏报两间" in text
    page = refused.content.decode()
    assert 'name="value" value="16"' in page
    assert self_check.school_records.get(school_code=schools[0].code).multimedia_classrooms == 15

    # Having seen both, the person may go on.
    assert hidden(page) == {"seen": "15"}
    again = clerk.post(address, {**hidden(page), "value": "16", "reason": "漏报两间"})
    assert again.status_code == 302
    assert "15 → 16：漏报两间" in words(clerk.get(address))


def test_a_second_click_on_a_correction_says_it_is_there_already(
    self_check: SelfCheck, schools: list[School], chen_officer: User, clerk: Client
) -> None:
    keep_clean(self_check, chen_officer)
    address = f"{REFERENCE}figures/{schools[0].code}/multimedia_classrooms/"
    posted = {"seen": "14", "value": "15", "reason": "漏报一间"}
    assert clerk.post(address, posted).status_code == 302
    second = clerk.post(address, posted)
    assert second.status_code == 422
    assert "新值和原来的一样" in words(second)


def test_what_was_shown_is_compared_with_the_row_as_it_is(
    self_check: SelfCheck, schools: list[School], chen_officer: User
) -> None:
    keep_clean(self_check, chen_officer)
    old = cell_of(self_check, schools[0].code, "multimedia_classrooms")
    change = {"self_check": self_check, "by": chen_officer, "reason": "漏报一间"}
    correct(**change, values={old.key: "15"}, seen={old.key: old.shown})
    with pytest.raises(Stale):
        correct(**change, values={old.key: "16"}, seen={old.key: old.shown})


def test_a_reason_written_in_another_tab_is_not_overwritten(
    self_check: SelfCheck, schools: list[School], chen_officer: User, clerk: Client
) -> None:
    blank = {(school.code, "music_rooms"): None for school in schools[:2]}
    content = workbook(self_check, blank)
    upload = uploads.keep(self_check=self_check, content=content, name="a.xlsx", by=chen_officer)
    first, second = (row["id"] for row in upload.upload.unexplained())
    page = f"{REFERENCE}explanations/"
    old_tab = hidden(clerk.get(page).content.decode())
    clerk.post(page, {**old_tab, f"reason_{first}": "新校区在建,明年启用"})
    mine = {f"reason_{first}": "借用相邻学校的教室", f"reason_{second}": "正在改建"}
    refused = clerk.post(page, {**old_tab, **mine})
    assert refused.status_code == 412
    text = words(refused)
    for written in ("新校区在建,明年启用", *mine.values()):
        assert written in text
    upload.upload.refresh_from_db()
    assert upload.upload.reasons == {first: "新校区在建,明年启用"}

    # Having seen both, the person may go on.
    assert clerk.post(page, {**hidden(refused.content.decode()), **mine}).status_code == 302
    upload.upload.refresh_from_db()
    assert upload.upload.reasons == {first: "借用相邻学校的教室", second: "正在改建"}


def test_reasons_of_two_tabs_for_different_warnings_both_stand(
    self_check: SelfCheck, schools: list[School], chen_officer: User, clerk: Client
) -> None:
    blank = {(school.code, "music_rooms"): None for school in schools[:2]}
    content = workbook(self_check, blank)
    upload = uploads.keep(self_check=self_check, content=content, name="a.xlsx", by=chen_officer)
    first, second = (row["id"] for row in upload.upload.unexplained())
    page = f"{REFERENCE}explanations/"
    old_tab = hidden(clerk.get(page).content.decode())
    for key, reason in ((first, "新校区在建"), (second, "正在改建")):
        assert clerk.post(page, {**old_tab, f"reason_{key}": reason}).status_code == 302
    upload.upload.refresh_from_db()
    assert upload.upload.reasons == {first: "新校区在建", second: "正在改建"}

"""A return is taken back until the first thing the district writes, whatever it is."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from audit.refusals import Conflict
from districts.models import School, User
from selfchecks.models import SelfCheck, Upload
from selfchecks.services import opening, reviews, uploads
from selfchecks.services.corrections import correct
from selfchecks.services.evidence import add_evidence, remove_evidence
from selfchecks.services.findings import explain
from selfchecks.services.steps import open_steps, take_step
from tests.selfchecks.conftest import decide, keep_clean, latest
from tests.selfchecks.test_taking_back import REASON, RETURN, take_back
from tests.selfchecks.workbook_files import workbook

Write = Callable[[SelfCheck, User, list[School]], Any]


def _receive(self_check: SelfCheck, by: User, schools: list[School]) -> Upload:
    content = workbook(self_check, {(schools[0].code, "teachers"): 31})
    return uploads.receive(self_check=self_check, content=content, name="自查.xlsx", by=by).upload


def _refused_file(self_check: SelfCheck, by: User, schools: list[School]) -> Any:
    content = workbook(self_check, {(schools[0].code, "pupils_primary"): -5})
    found = uploads.receive(self_check=self_check, content=content, name="自查.xlsx", by=by)
    assert found.upload.status == "refused"


def _cell(self_check: SelfCheck, by: User, schools: list[School]) -> Any:
    values = {(schools[0].code, "multimedia_classrooms"): "15"}
    return correct(self_check=self_check, values=values, reason="漏报一间", by=by)


def _explain(self_check: SelfCheck, by: User, schools: list[School]) -> Any:
    upload = self_check.current
    key = next(row["id"] for row in upload.findings if row["level"] == "warning")
    return explain(upload=upload, reasons={key: "新校区已经启用,见批复"}, by=by)


def _attach(self_check: SelfCheck, by: User, schools: list[School]) -> Any:
    given = {"indicator": "B1", "content": b"%PDF-1.7", "name": "规划.pdf"}
    return add_evidence(self_check=self_check, by=by, **given)


def _answer(self_check: SelfCheck, by: User, schools: list[School]) -> Any:
    return reviews.answer(parent=self_check.comments.get(), text="名单已附", by=by)


def _send(self_check: SelfCheck, by: User, schools: list[School]) -> Any:
    return take_step(self_check=self_check, step="send_for_signature", by=by)


@pytest.mark.parametrize(
    "write", [_receive, _refused_file, _cell, _explain, _attach, _answer, _send]
)
def test_a_return_holds_from_the_districts_first_write(
    write: Write,
    self_check: SelfCheck,
    schools: list[School],
    zhou_inspector: User,
    chen_officer: User,
    zhao_signatory: User,
) -> None:
    keep_clean(self_check, chen_officer, changes={(schools[0].code, "music_rooms"): None})
    _send(self_check, chen_officer, schools)
    take_step(self_check=self_check, step="submit", by=zhao_signatory)
    take_step(self_check=self_check, step="take_up", by=zhou_inspector)
    if write is not _send:  # the same figures would need a word to the remark first
        on = reviews.Target("A2")
        reviews.comment(self_check=self_check, text="请附名单", by=zhou_inspector, on=on)
    decide(self_check, "send_back", zhou_inspector)
    self_check.refresh_from_db()
    write(self_check, chen_officer, schools)
    with pytest.raises(Conflict) as refused:
        take_step(self_check=self_check, step=RETURN, by=zhou_inspector, comment=REASON)
    is_step = write is _send
    assert refused.value.code == ("conflict" if is_step else "changed_since")
    self_check.refresh_from_db()
    offers = {offer.step.name: offer for offer in open_steps(self_check, zhou_inspector)}
    assert RETURN not in offers or not offers[RETURN].is_open


def test_taking_evidence_down_is_a_write_too(
    reach, self_check: SelfCheck, zhou_inspector: User, chen_officer: User
) -> None:
    item = _attach(self_check, chen_officer, [])
    reach("returned")
    remove_evidence(item=item, by=chen_officer)
    with pytest.raises(Conflict, match="已经有人改动，不能再收回"):
        take_back(self_check, zhou_inspector)


def test_what_the_city_does_meanwhile_is_no_write_of_the_district(
    reach, self_check: SelfCheck, zhou_inspector: User, wu_manager: User
) -> None:
    reach("returned")
    remark = reviews.comment(
        self_check=self_check, text="另请核对", by=wu_manager, on=reviews.Target("A3")
    )
    reviews.settle(comment=remark, by=zhou_inspector)
    days = {"due_on": self_check.due_on + timedelta(days=9), "fill_from": self_check.fill_from}
    opening.set_deadline(year=2026, by=wu_manager, reason="统一延期到月底", **days)
    take_back(self_check, zhou_inspector)
    self_check.refresh_from_db()
    assert self_check.state == "in_review"


def test_the_day_goes_back_with_the_return(
    reach, self_check: SelfCheck, zhou_inspector: User
) -> None:
    due_on = reach("in_review").due_on
    given = {"comment": "请核对", "evaluation_digest": latest(self_check).digest}
    day = date(2099, 3, 1)
    take_step(self_check=self_check, step="send_back", by=zhou_inspector, due_on=day, **given)
    take_back(self_check, zhou_inspector)
    self_check.refresh_from_db()
    assert self_check.due_on == due_on


def test_a_reopened_self_check_was_not_returned_by_a_decision(
    reach, self_check: SelfCheck, zhou_inspector: User, wu_manager: User
) -> None:
    reach("approved")
    day = timezone.localdate() + timedelta(days=30)
    take_step(self_check=self_check, step="reopen", by=wu_manager, comment="数据有误", due_on=day)
    with pytest.raises(Conflict, match="没有可以收回的决定") as refused:
        take_back(self_check, zhou_inspector)
    assert refused.value.code == "nothing_to_undo"

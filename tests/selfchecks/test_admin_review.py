"""The review page in the admin: who decides, on what, once; and what is kept of the typing."""

import re
from typing import Any

from django.test import Client
from django.urls import reverse

from districts.models import School, User
from selfchecks.models import IndicatorReview, ReviewComment, ReviewEntry, SelfCheck, State
from selfchecks.services.reviews import Target, comment
from selfchecks.services.steps import take_step
from tests.reader import tables, words
from tests.selfchecks.conftest import keep_clean, latest


def address(self_check: SelfCheck, page: str = "review", *more: str, part: str = "") -> str:
    found = reverse(f"admin:selfchecks_selfcheck_{page}", args=[self_check.pk, *more])
    return f"{found}?part={part}" if part else found


def send(client: Client, self_check: SelfCheck, do: str, **typed: str) -> Any:
    """Press a button of the review page; a decision is confirmed on the summary it leads to."""
    digest = typed.pop("digest", latest(self_check).digest)
    answer = client.post(address(self_check), {"do": do, "digest": digest, **typed})
    if do not in ("approve", "send_back") or answer.status_code != 302:
        return answer
    assert answer.url.partition("?")[0] == address(self_check, "decide", do)
    return client.post(answer.url, {"digest": digest, **typed})


def test_taking_up_and_approving_takes_two_buttons(
    reach, self_check: SelfCheck, zhou_inspector: User, signed_in
) -> None:
    client = signed_in(zhou_inspector)
    reach("submitted")
    assert "开始复核" in words(client.get(address(self_check)))
    assert send(client, self_check, "take_up").url == address(self_check)
    answer = send(client, self_check, "approve")
    assert answer.status_code == 302
    self_check.refresh_from_db()
    assert self_check.state == State.APPROVED
    assert self_check.approved_evaluation == latest(self_check)


def test_the_page_shows_figures_thresholds_and_cells(
    reach, self_check: SelfCheck, schools: list[School], zhou_inspector: User, signed_in
) -> None:
    reach("in_review")
    page = signed_in(zhou_inspector).get(address(self_check, part="units-primary"))
    text = words(page)
    assert page.status_code == 200
    assert "上一年没有复核通过的结果" in text
    assert schools[0].name in text
    assert "≥ 4.2" in text
    assert latest(self_check).short_digest in text


def test_failing_units_stand_first_even_when_every_coefficient_is_met(
    self_check: SelfCheck,
    schools: list[School],
    chen_officer: User,
    zhao_signatory: User,
    zhou_inspector: User,
    signed_in,
) -> None:
    short = {
        (school.code, "sports_ground_area"): 1_000 + place for place, school in enumerate(schools)
    }
    keep_clean(self_check, chen_officer, changes=short)
    for step, by in (("send_for_signature", chen_officer), ("submit", zhao_signatory)):
        take_step(self_check=self_check, step=step, by=by)
    client = signed_in(zhou_inspector)
    page = client.get(address(self_check, part="indicators"))
    code, verdict, facts, *_rest = next(rows for rows in tables(page) if len(rows[0]) == 6)[1]
    assert (code, verdict) == ("A 资源配置", "不达标")
    assert schools[0].name in facts
    assert "个不达标" in facts
    assert "已达标的指标（" in words(page)
    units = words(client.get(address(self_check, part="units-primary")))
    headings = [units.find(f"小学：{kind}的评估单元（") for kind in ("未达标", "达标")]
    assert headings[0] > 0
    assert headings[1] == -1 or headings[0] < headings[1]


def test_returning_keeps_remark_words_and_reason_together(
    reach, self_check: SelfCheck, schools: list[School], zhou_inspector: User, signed_in
) -> None:
    reach("in_review")
    field = "backbone_teachers_primary"
    typed = {
        "target": f"A2|{schools[0].code}|{field}",
        "text": "请附名单",
        "word_A2": "questioned",
        "note_A2": "与名册不一致",
        "reason": "figures",
        "comment": "10 日内补正",
    }
    assert send(signed_in(zhou_inspector), self_check, "send_back", **typed).status_code == 302
    remark = ReviewComment.objects.get()
    cell = self_check.school_records.get(school_code=schools[0].code).cells[field]
    assert (remark.text, remark.cell, remark.field) == ("请附名单", cell, field)
    assert IndicatorReview.objects.get().word == "questioned"
    entry = ReviewEntry.objects.get(step="send_back")
    assert entry.comment.endswith("请核对原始报表后重新填报。\n10 日内补正")


def test_a_refused_button_changes_nothing_and_loses_nothing(
    reach, self_check: SelfCheck, zhou_inspector: User, signed_in
) -> None:
    reach("in_review")
    typed = {"word_A1": "rejected", "note_A1": "", "word_A2": "accepted"}
    typed |= {"target": "A1||", "text": "写了一半"}
    answer = send(signed_in(zhou_inspector), self_check, "send_back", **typed)
    assert answer.status_code == 422
    assert "指标 A1：存疑或不认可时，请写明理由。" in words(answer)
    assert 'aria-invalid="true" aria-label="A1 说明"' in answer.content.decode()
    assert 'aria-invalid="true" aria-label="A2 说明"' not in answer.content.decode()
    assert "写了一半" in answer.content.decode()
    assert '<option value="rejected" selected>' in answer.content.decode()
    assert not IndicatorReview.objects.exists()
    self_check.refresh_from_db()
    assert self_check.state == State.IN_REVIEW


def test_a_double_click_decides_once(
    reach, self_check: SelfCheck, zhou_inspector: User, signed_in
) -> None:
    reach("in_review")
    client = signed_in(zhou_inspector)
    typed = {"target": "A1||", "text": "看一下", "reason": "figures"}
    digest = latest(self_check).digest
    first = send(client, self_check, "send_back", digest=digest, **typed)
    again = send(client, self_check, "send_back", digest=digest, **typed)
    assert (first.status_code, again.status_code) == (302, 302)
    assert ReviewEntry.objects.filter(step="send_back").count() == 1
    assert ReviewComment.objects.count() == 1


def test_saving_twice_writes_one_remark(
    reach, self_check: SelfCheck, zhou_inspector: User, signed_in
) -> None:
    reach("in_review")
    client = signed_in(zhou_inspector)
    for _click in range(2):
        send(client, self_check, "keep", target="A1||", text="看一下", word_A1="accepted")
    assert ReviewComment.objects.count() == IndicatorReview.objects.count() == 1


def test_the_second_inspector_reads_who_is_reviewing_and_decides_nothing(
    reach, self_check: SelfCheck, sun_inspector: User, signed_in
) -> None:
    reach("in_review")
    client = signed_in(sun_inspector)
    page = client.get(address(self_check))
    assert "周岚正在复核这份自查" in words(page)
    assert 'value="approve"' not in page.content.decode()
    for do in ("approve", "send_back", "keep"):
        answer = send(client, self_check, do, reason="figures", word_A1="accepted")
        assert answer.status_code == 409
        assert "周岚正在复核这份自查" in words(answer)
    self_check.refresh_from_db()
    assert self_check.state == State.IN_REVIEW


def test_a_newer_submission_is_met_with_the_differences(
    reach,
    self_check: SelfCheck,
    schools: list[School],
    zhou_inspector: User,
    chen_officer: User,
    zhao_signatory: User,
    signed_in,
) -> None:
    reach("in_review")
    read = latest(self_check).digest
    take_step(self_check=self_check, step="put_back", by=zhou_inspector, comment="补数据")
    take_step(self_check=self_check, step="withdraw", by=zhao_signatory, comment="改错")
    self_check.refresh_from_db()
    changes = {(schools[0].code, "backbone_teachers_primary"): 7}
    keep_clean(self_check, chen_officer, changes=changes)
    take_step(self_check=self_check, step="send_for_signature", by=chen_officer)
    take_step(self_check=self_check, step="submit", by=zhao_signatory)
    take_step(self_check=self_check, step="take_up", by=zhou_inspector)
    typed = {"digest": read, "word_A1": "questioned", "note_A1": "我的话"}
    answer = send(signed_in(zhou_inspector), self_check, "approve", **typed)
    assert answer.status_code == 412
    assert tables(answer)[-1][1][1:] == ["小学县级以上骨干教师数", "6", "7"]
    assert "我的话" in words(answer)
    self_check.refresh_from_db()
    assert self_check.state == State.IN_REVIEW


def test_a_page_of_an_earlier_round_decides_nothing_although_the_figures_are_the_same(
    reach,
    self_check: SelfCheck,
    zhou_inspector: User,
    chen_officer: User,
    zhao_signatory: User,
    signed_in,
) -> None:
    reach("in_review")
    client = signed_in(zhou_inspector)
    left_open = fields(client.get(address(self_check)))
    sheet = address(self_check, "decide", "approve")
    sheet_left_open = fields(client.get(sheet))
    take_step(self_check=self_check, step="put_back", by=zhou_inspector, comment="请补佐证")
    take_step(self_check=self_check, step="withdraw", by=zhao_signatory, comment="补佐证")
    take_step(self_check=self_check, step="send_for_signature", by=chen_officer)
    take_step(self_check=self_check, step="submit", by=zhao_signatory)
    take_step(self_check=self_check, step="take_up", by=zhou_inspector)
    assert left_open["digest"] == latest(self_check).digest
    first = send(client, self_check, "approve", **left_open)
    answer = client.post(sheet, {**sheet_left_open, "comment": "可以"})
    for refused in (first, answer):
        assert refused.status_code == 412
        assert "周岚在" in words(refused)
        assert "请看过最新内容再办理" in words(refused)
    assert "可以" in answer.content.decode()
    assert "通过沙坪坝区" not in re.findall(r"<button[^>]*>(.*?)</button>", answer.content.decode())
    self_check.refresh_from_db()
    assert self_check.state == State.IN_REVIEW
    now = fields(client.get(address(self_check)))
    assert send(client, self_check, "approve", **now).status_code == 302


def fields(page: Any) -> dict[str, str]:
    """What the form holds of what was read."""
    found = re.findall(r'name="(digest|version)" value="([^"]*)"', page.content.decode())
    return dict(found)


def test_only_a_manager_reopens_with_reason_and_day(
    reach, self_check: SelfCheck, wu_manager: User, zhou_inspector: User, signed_in
) -> None:
    reach("approved")
    typed = {"comment": "数据有误", "due_on": "2035-01-31"}
    refused = send(signed_in(zhou_inspector), self_check, "reopen", **typed)
    assert refused.status_code == 403
    client = signed_in(wu_manager)
    assert send(client, self_check, "reopen", comment="", due_on="x").status_code == 422
    assert send(client, self_check, "reopen", **typed).status_code == 302
    self_check.refresh_from_db()
    assert (self_check.state, str(self_check.due_on)) == (State.RETURNED, "2035-01-31")
    assert self_check.approved_evaluation is not None


def test_the_auditor_reads_and_districts_do_not_enter(
    reach, self_check: SelfCheck, he_auditor: User, chen_officer: User, signed_in
) -> None:
    reach("submitted")
    auditor = signed_in(he_auditor)
    page = auditor.get(address(self_check))
    assert page.status_code == 200
    assert "开始复核" not in words(page)
    assert send(auditor, self_check, "take_up").status_code == 403
    assert signed_in(chen_officer).get(address(self_check)).status_code in (302, 403)


def test_what_is_typed_is_escaped(
    reach, self_check: SelfCheck, zhou_inspector: User, signed_in
) -> None:
    reach("in_review")
    client = signed_in(zhou_inspector)
    send(client, self_check, "keep", target="A1||", text="<script>alert(1)</script>")
    page = client.get(address(self_check, part="threads")).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_an_impossible_number_of_a_remark_is_not_found(
    reach, self_check: SelfCheck, zhou_inspector: User, signed_in
) -> None:
    reach("in_review")
    client = signed_in(zhou_inspector)
    for key in ("9" * 30, "9" * 5_000, "²"):
        assert send(client, self_check, f"settle:{key}").status_code == 404


def test_a_remark_on_no_figure_is_refused_and_an_old_one_breaks_no_page(
    reach, self_check: SelfCheck, zhou_inspector: User, chen_officer: User, signed_in
) -> None:
    reach("in_review")
    client = signed_in(zhou_inspector)
    school = self_check.school_records.first().school_code
    for target in (f"A2|{school}|a/b", "A2||x/y", f"A2|{school}|C9.x"):
        typed = {"text": "请核对这一项的数据", "target": target}
        assert send(client, self_check, "keep", **typed).status_code == 422
    assert not ReviewComment.objects.exists()
    for code, field in ((school, "a/b"), ("", "x/y")):
        written = comment(
            self_check=self_check, text="请核对这一项的数据", by=zhou_inspector,
            on=Target("A2", code),
        )  # fmt: skip
        ReviewComment.objects.filter(pk=written.pk).update(field=field)
    assert client.get(address(self_check)).status_code == 200
    for person in (chen_officer, zhou_inspector):
        for page in ("", "comments/"):
            shown = signed_in(person).get(f"/self-checks/{self_check.reference}/{page}")
            assert shown.status_code in (200, 302)

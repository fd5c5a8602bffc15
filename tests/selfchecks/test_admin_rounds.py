"""The second round of a review: what was said before, what changed since, and by when."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from districts.models import School, User
from selfchecks.models import IndicatorReview, ReviewEntry, SelfCheck, State
from selfchecks.services.reviews import Target, comment, review_indicator
from selfchecks.services.steps import take_step
from tests.reader import tables, words
from tests.selfchecks.conftest import decide, keep_clean, latest
from tests.selfchecks.test_admin_review import address, send

COMMENTS = "/self-checks/500106-2026/comments/"
WORDS = (
    ("A2", "rejected", "名册里只有 3 人"),
    ("B3", "questioned", "请附<b>照片"),
    ("B4", "accepted", ""),
)


def say(self_check: SelfCheck, by: User) -> None:
    for indicator, word, note in WORDS:
        given = {"indicator": indicator, "word": word, "note": note}
        review_indicator(self_check=self_check, by=by, **given)


@pytest.fixture
def returned(reach, self_check: SelfCheck, zhou_inspector: User) -> SelfCheck:
    """Returned with three words on it."""
    reach("in_review")
    say(self_check, zhou_inspector)
    decide(self_check, "send_back", zhou_inspector)
    self_check.refresh_from_db()
    return self_check


@pytest.fixture
def again(
    returned: SelfCheck,
    schools: list[School],
    chen_officer: User,
    zhao_signatory: User,
    zhou_inspector: User,
) -> Any:
    """A function: hand in again, with other figures if given, and take it up."""

    def _again(**changes: int) -> SelfCheck:
        if changes:
            cells = {(schools[0].code, field): value for field, value in changes.items()}
            keep_clean(returned, chen_officer, changes=cells)
        for step, by in (
            ("send_for_signature", chen_officer),
            ("submit", zhao_signatory),
            ("take_up", zhou_inspector),
        ):
            take_step(self_check=returned, step=step, by=by)
        returned.refresh_from_db()
        return returned

    return _again


def test_the_district_reads_the_words_once_the_decision_is_out(
    reach, self_check: SelfCheck, chen_officer: User, zhou_inspector: User, signed_in
) -> None:
    reach("in_review")
    say(self_check, zhou_inspector)
    client = signed_in(chen_officer)
    assert "名册里只有 3 人" not in words(client.get(COMMENTS))
    take_step(self_check=self_check, step="put_back", by=zhou_inspector, comment="稍后")
    assert "名册里只有 3 人" not in words(client.get(COMMENTS))
    take_step(self_check=self_check, step="take_up", by=zhou_inspector)
    decide(self_check, "send_back", zhou_inspector)
    page = client.get(COMMENTS)
    assert [row[1:] for row in tables(page)[0][1:]] == [
        ["不认可", "名册里只有 3 人"],
        ["存疑", "请附<b>照片"],
        ["认可", ""],
    ]
    assert tables(page)[0][1][0].startswith("A2 每百名学生拥有县级以上骨干教师数")
    assert "<b>照片" not in page.content.decode()


def test_the_words_of_the_last_round_stay_while_the_next_one_is_under_way(
    again, chen_officer: User, zhou_inspector: User, signed_in
) -> None:
    self_check = again(backbone_teachers_primary=7)
    given = {"indicator": "A1", "word": "rejected", "note": "还没有定论"}
    review_indicator(self_check=self_check, by=zhou_inspector, **given)
    page = words(signed_in(chen_officer).get(COMMENTS))
    assert "名册里只有 3 人" in page
    assert "还没有定论" not in page


def test_the_inspector_finds_their_words_after_the_return(
    returned: SelfCheck, zhou_inspector: User, signed_in
) -> None:
    page = signed_in(zhou_inspector).get(address(returned))
    assert ["不认可", "名册里只有 3 人"] in [row[1:3] for row in tables(page)[-1]]
    assert 'name="word_A2"' not in page.content.decode()


def said_of(page: Any, code: str) -> str:
    return next(row[5] for table in tables(page) for row in table if row[0].startswith(f"{code} "))


def test_a_word_on_figures_that_did_not_change_is_offered_again(
    again, zhou_inspector: User, signed_in
) -> None:
    self_check = again(backbone_teachers_primary=7)
    client = signed_in(zhou_inspector)
    page = client.get(address(self_check, part="indicators"))
    assert "上一轮：存疑 请附<b>照片 （数据没有变化，沿用；保存或作出决定时算数）" in said_of(
        page, "B3"
    )
    assert "上一轮：不认可 名册里只有 3 人 （数据已变化，请重新判断）" in said_of(page, "A2")
    html = page.content.decode()
    assert 'name="note_B3" value="请附&lt;b&gt;照片"' in html
    assert 'name="note_A2" value=""' in html
    assert not IndicatorReview.objects.filter(evaluation=latest(self_check)).exists()


def test_the_same_figures_handed_in_again_keep_every_word_and_can_be_saved(
    again, zhou_inspector: User, signed_in
) -> None:
    self_check = again()
    client = signed_in(zhou_inspector)
    assert "沿用" in said_of(client.get(address(self_check, part="indicators")), "A2")
    send(client, self_check, "keep", word_A2="rejected", note_A2="名册里只有 3 人")
    kept = IndicatorReview.objects.get(evaluation=latest(self_check))
    assert (kept.indicator, kept.word) == ("A2", "rejected")
    assert "沿用" not in said_of(client.get(address(self_check, part="indicators")), "A2")


def test_the_page_says_what_changed_since_the_return(
    again, zhou_inspector: User, signed_in
) -> None:
    self_check = again(backbone_teachers_primary=7)
    page = signed_in(zhou_inspector).get(address(self_check, part="changes"))
    assert "上次复核决定以后改了什么：数据 1 处" in words(page)
    changed = next(t for t in tables(page) if t[0][:3] == ["对象", "项目", "上次决定时"])
    assert changed[1][1:] == ["小学县级以上骨干教师数", "6", "7"]


def test_the_first_round_has_no_before(
    reach, self_check: SelfCheck, zhou_inspector: User, signed_in
) -> None:
    reach("in_review")
    client = signed_in(zhou_inspector)
    for part in ("", "changes", "indicators"):
        page = words(client.get(address(self_check, part=part)))
        assert "上次复核决定以后" not in page
        assert "上一轮" not in page


@pytest.mark.parametrize("do", ["keep", "approve", "send_back"])
def test_what_was_typed_in_another_tab_is_shown_again(
    do: str, returned: SelfCheck, zhou_inspector: User, signed_in
) -> None:
    typed = {"comment": "写<b>了很久", "word_A2": "questioned", "note_A2": "差两人"}
    answer = send(signed_in(zhou_inspector), returned, do, **typed, target="A1||", text="看图")
    assert answer.status_code == 409
    for text in ("写<b>了很久", "A2 存疑 差两人", "看图"):
        assert text in words(answer)
    assert "<b>了很久" not in answer.content.decode()
    assert words(answer).count("差两人") == 1  # as not saved, and nowhere as given


def test_a_return_brings_a_day_that_leaves_time(
    reach, self_check: SelfCheck, zhou_inspector: User, signed_in
) -> None:
    reach("in_review")
    today = timezone.localdate()
    SelfCheck.objects.update(due_on=today - timedelta(days=6), fill_from=today - timedelta(60))
    client = signed_in(zhou_inspector)
    soon = today + timedelta(days=7)
    sheet = client.get(address(self_check, "decide", "send_back")).content.decode()
    assert f'name="due_on" value="{soon}"' in sheet
    for bad in (str(today - timedelta(days=1)), "2026-13-01", "x"):
        answer = send(client, self_check, "send_back", comment="补材料", due_on=bad)
        assert (answer.status_code, f'value="{bad}"' in answer.content.decode()) == (422, True)
    assert (
        send(client, self_check, "send_back", comment="补材料", due_on=str(soon)).status_code == 302
    )
    self_check.refresh_from_db()
    assert (self_check.state, self_check.due_on) == (State.RETURNED, soon)
    assert ReviewEntry.objects.get(step="send_back").due_on == soon


def test_a_return_without_a_day_keeps_the_one_that_stands(
    reach, self_check: SelfCheck, zhou_inspector: User, signed_in
) -> None:
    due_on = reach("in_review").due_on
    send(signed_in(zhou_inspector), self_check, "send_back", comment="补材料", due_on="")
    self_check.refresh_from_db()
    assert (self_check.state, self_check.due_on) == (State.RETURNED, due_on)


def test_approving_what_was_not_accepted_asks_why(
    reach, self_check: SelfCheck, zhou_inspector: User, signed_in
) -> None:
    reach("in_review")
    client = signed_in(zhou_inspector)
    typed = {"word_A2": "rejected", "note_A2": "差两人", "reason": "figures"}
    answer = send(client, self_check, "approve", **typed)
    assert answer.status_code == 422
    assert "不认可的指标：A2。仍要通过的，请在补充说明里写明理由。" in words(answer)
    assert IndicatorReview.objects.get().word == "rejected"  # kept, as by 暂存
    self_check.refresh_from_db()
    assert self_check.state == State.IN_REVIEW
    assert send(client, self_check, "approve", **typed, comment="已补材料").status_code == 302
    assert ReviewEntry.objects.get(step="approve").comment == "已补材料"


def test_remarks_name_the_school(
    reach, self_check: SelfCheck, schools: list[School], zhou_inspector: User, signed_in
) -> None:
    reach("in_review")
    target = Target("A2", schools[0].code)
    comment(self_check=self_check, text="附名单", by=zhou_inspector, on=target)
    page = words(signed_in(zhou_inspector).get(address(self_check, part="threads")))
    assert f"A2 · {schools[0].name} 附名单" in page


def test_a_remark_is_jumped_to_by_its_text_box(
    reach, self_check: SelfCheck, zhou_inspector: User, signed_in
) -> None:
    reach("in_review")
    answer = send(signed_in(zhou_inspector), self_check, "point:A1||")
    assert answer.url.endswith("?on=A1%7C%7C#id_text")


def test_putting_back_without_a_reason_comes_back_open(
    reach, self_check: SelfCheck, zhou_inspector: User, signed_in
) -> None:
    reach("in_review")
    client = signed_in(zhou_inspector)
    closed = '<details class="module">\n  <summary>放回待复核'
    assert closed in client.get(address(self_check)).content.decode()
    answer = client.post(address(self_check), {"do": "put_back", "comment": " "})
    assert closed.replace('">', '" open>') in answer.content.decode()


def test_requirements_stand_beside_the_figures(
    reach, self_check: SelfCheck, zhou_inspector: User, signed_in
) -> None:
    reach("in_review")
    page = signed_in(zhou_inspector).get(address(self_check, part="indicators"))
    facts = next(row[2] for table in tables(page) for row in table if row[0].startswith("D1 "))
    assert "要求不低于 85%，达标" in facts


def said(self_check: SelfCheck) -> set[tuple[str, str, str]]:
    rows = IndicatorReview.objects.filter(evaluation=latest(self_check))
    return set(rows.values_list("indicator", "word", "note"))


def test_words_that_hold_are_carried_though_nobody_opened_their_page(
    again, chen_officer: User, zhou_inspector: User, signed_in
) -> None:
    self_check = again(backbone_teachers_primary=7)  # what A2 rests on
    answer = send(signed_in(zhou_inspector), self_check, "send_back", comment="再核对一次")
    assert answer.status_code == 302
    assert said(self_check) == {
        ("B3", "questioned", "请附<b>照片"),
        ("B4", "accepted", ""),
    }
    assert "请附<b>照片" in words(signed_in(chen_officer).get(COMMENTS))


def test_a_rejection_that_holds_weighs_in_the_approval_of_the_next_round(
    again, zhou_inspector: User, signed_in
) -> None:
    self_check = again()
    client = signed_in(zhou_inspector)
    answer = send(client, self_check, "approve")
    assert answer.status_code == 422
    assert "不认可的指标：A2" in words(answer)
    assert said(self_check) == set()
    assert send(client, self_check, "approve", comment="已看名册原件").status_code == 302
    assert {row[0] for row in said(self_check)} == {"A2", "B3", "B4"}


def test_a_new_word_is_never_overwritten_by_an_old_one(
    again, zhou_inspector: User, signed_in
) -> None:
    self_check = again()
    given = {"indicator": "A2", "word": "accepted", "note": "补了名册"}
    review_indicator(self_check=self_check, by=zhou_inspector, **given)
    send(signed_in(zhou_inspector), self_check, "approve")
    assert ("A2", "accepted", "补了名册") in said(self_check)

"""Messages of the public: their steps, who may take them, and what nobody else learns."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from audit.models import Entry
from audit.refusals import Conflict, NotAllowed, Stale, Unusable
from audit.verification import differences_of_rows
from districts.models import District, User
from improvement.models import Feedback
from improvement.services import feedback
from selfchecks import clock
from selfchecks.models import Notice
from selfchecks.services.notice_words import own_page

CODE = "ABCDEFGHJKLMNPQRSTUVWXYZ23"
PERSONAL = ("李秀英", "13800138000")
SAID = "校门口的路灯坏了三个月。"


def say(**other: Any) -> Feedback:
    facts = {"code": CODE, "text": SAID, "name": PERSONAL[0], "contact": PERSONAL[1]}
    return feedback.receive(by=None, **{**facts, **other})


@pytest.fixture
def message(shapingba: District) -> Feedback:
    return say(district=shapingba)


def take(row: Feedback, step: str, by: User, **said: Any) -> Feedback:
    return feedback.take_step(feedback=row, step=step, by=by, **said)


@pytest.fixture
def passed_on(message: Feedback, zhou_inspector: User, chen_officer: User) -> Feedback:
    taken = take(message, "take_up", zhou_inspector)
    return take(taken, "pass_on", zhou_inspector, passed_to=chen_officer.district)


def test_from_the_public_to_the_bureau_and_back(
    passed_on: Feedback, chen_officer: User, zhou_inspector: User
) -> None:
    assert Notice.objects.filter(recipient=chen_officer, kind="feedback.passed_on").count() == 1
    replied = take(passed_on, "reply", chen_officer, reply="已换灯")
    assert (replied.state, replied.reply) == ("taken_up", "已换灯")
    told = Notice.objects.get(recipient=zhou_inspector, kind="feedback.replied")
    assert own_page(told) == f"/admin/improvement/feedback/{replied.pk}/change/"
    done = take(replied, "answer", zhou_inspector, answer="路灯已于11月修好。")
    assert (done.state, done.answered_by, done.published_text) == ("answered", zhou_inspector, "")
    shown = take(done, "publish", zhou_inspector, published_text="反映校门口路灯损坏")
    assert shown.published_text == "反映校门口路灯损坏"
    again = take(shown, "reopen", zhou_inspector, reason="又坏了，需要再查")
    assert (again.state, again.published_text) == ("taken_up", "")


def test_set_aside_only_with_a_reason(message: Feedback, wu_manager: User) -> None:
    for poor in ("", "  ", "无"):
        with pytest.raises(Unusable):
            take(message, "set_aside", wu_manager, reason=poor)
    done = take(message, "set_aside", wu_manager, reason="不属于教育部门的职责")
    assert done.state == "set_aside"
    with pytest.raises(Conflict, match="不予办理"):
        take(done, "answer", wu_manager, answer="已办")


def test_the_same_form_sent_twice_is_one_message(message: Feedback) -> None:
    assert say(text="另一次点击") == message
    assert Feedback.objects.count() == 1


def test_nobody_but_the_city_and_the_district_it_went_to(
    passed_on: Feedback, liu_officer: User, chen_officer: User, he_auditor: User
) -> None:
    assert not Feedback.objects.visible_to(liu_officer).exists()
    assert Feedback.objects.visible_to(chen_officer).get() == passed_on
    for person, step in ((liu_officer, "reply"), (he_auditor, "reply"), (chen_officer, "answer")):
        with pytest.raises(NotAllowed):
            take(passed_on, step, person, reply="回复", answer="答复")


def test_before_it_is_passed_on_no_district_sees_it(message: Feedback, chen_officer: User) -> None:
    """Not even the one it is about."""
    assert not Feedback.objects.visible_to(chen_officer).exists()


def test_it_enters_the_ledger_once(passed_on: Feedback, zhou_inspector: User) -> None:
    about = {"passed_to": passed_on.passed_to, "words": "校门口照明不足", "indicator": "b4"}
    entered = take(passed_on, "enter", zhou_inspector, **about)
    assert entered.problem is not None
    assert (entered.problem.source, entered.problem.indicator) == ("feedback", "B4")
    assert entered.problem.district == passed_on.passed_to
    assert "enter" not in {step.name for step in feedback.open_steps(entered, zhou_inspector)}
    assert take(entered, "enter", zhou_inspector, **about).problem == entered.problem


def test_who_and_what_was_said_is_in_no_entry_notice_or_label(
    passed_on: Feedback, chen_officer: User, zhou_inspector: User
) -> None:
    take(passed_on, "reply", chen_officer, reply="已换灯")
    rows = [*Entry.objects.defer(None).values(), *Notice.objects.values()]
    kept = json.dumps(rows, ensure_ascii=False, default=str) + str(passed_on)
    for secret in (*PERSONAL, SAID, CODE, "已换灯"):
        assert secret not in kept


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"text": " "}, "text"),
        ({"text": "长" * 2001}, "text"),
        ({"text": "反向\u202e文字"}, "text"),
        ({"name": "名" * 41}, "name"),
        ({"contact": "1" * 101}, "contact"),
        ({"page": "/" * 201}, "page"),
    ],
)
def test_what_is_wrong_is_named(reference: None, wrong: Any, field: str) -> None:
    with pytest.raises(Unusable) as refused:
        say(**wrong)
    assert field in refused.value.fields
    assert not Feedback.objects.exists()


def test_who_saw_something_else_is_told(message: Feedback, zhou_inspector: User) -> None:
    seen = feedback.tag_of(message)
    take(message, "take_up", zhou_inspector, expected=seen)
    with pytest.raises(Stale):
        take(message, "set_aside", zhou_inspector, reason="重复反映", expected=seen)


def test_names_and_addresses_go_in_time_and_the_seal_holds(
    message: Feedback, zhou_inspector: User, settings: Any
) -> None:
    """Answered on 1 March and kept for 90 days: still there on 30 May, gone the day after."""
    settings.FEEDBACK_ERASE_DAYS = 90
    answered = datetime(2026, 3, 1, 8, tzinfo=UTC)
    with clock.at(answered):
        take(message, "set_aside", zhou_inspector, reason="不属于教育部门的职责")
    open_one = say(code=CODE[::-1])
    with clock.at(answered + timedelta(days=90)):
        assert feedback.erase_due() == 0
    with clock.at(answered + timedelta(days=90, seconds=1)):
        assert feedback.erase_due() == 1
        assert feedback.erase_due() == 0
    message.refresh_from_db()
    open_one.refresh_from_db()
    assert (message.name, message.contact, message.text) == ("", "", SAID)
    assert message.erased_at is not None
    assert (open_one.name, open_one.contact) == PERSONAL
    assert Entry.objects.get(action="feedback.erase").changes == {"count": 1}
    assert [each for each in differences_of_rows() if each.model is Feedback] == []

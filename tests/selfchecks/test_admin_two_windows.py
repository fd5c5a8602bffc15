"""Two windows of one inspector: the second is refused like another person, and loses nothing."""

import re

from django.test import Client

from districts.models import User
from selfchecks.models import IndicatorReview, ReviewComment, SelfCheck, State
from selfchecks.services.reviews import Target, comment, review_indicator
from selfchecks.services.reviews import answer as reply
from tests.reader import words
from tests.selfchecks.conftest import decide
from tests.selfchecks.test_admin_decide import desk, hidden, press
from tests.selfchecks.test_admin_review import address

__all__ = ["desk"]  # the fixture


def test_the_second_windows_words_are_shown_beside_the_first(
    self_check: SelfCheck, desk: Client
) -> None:
    first = second = hidden(desk.get(address(self_check)))
    press(desk, self_check, "keep", first, word_A2="rejected", note_A2="名册里只有 3 人")
    mine = {"word_A2": "questioned", "note_A2": "请附名单"}
    more = {"target": "A3||", "text": "另请说明这一项"}
    for do in ("keep", "point:A1||", "approve", "send_back"):
        answer = press(desk, self_check, do, second, **mine, **more)
        assert answer.status_code == 412, do
        text = words(answer)
        assert "存疑 请附名单" in text
        assert "不认可 名册里只有 3 人" in text
        assert "另请说明这一项" in text
    assert IndicatorReview.objects.get().note == "名册里只有 3 人"
    assert not ReviewComment.objects.exists()

    # Having seen both, the person may go on.
    again = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', answer.content.decode()))
    again.pop("csrfmiddlewaretoken", None)
    assert press(desk, self_check, "keep", {}, **again).status_code == 302
    assert IndicatorReview.objects.get().note == "请附名单"
    assert ReviewComment.objects.get().text == "另请说明这一项"


def test_a_remark_written_in_the_first_window_stops_the_second(
    self_check: SelfCheck, desk: Client
) -> None:
    shown = hidden(desk.get(address(self_check)))
    press(desk, self_check, "keep", shown, target="A3||", text="请附名单")
    answer = press(desk, self_check, "keep", shown, target="A3||", text="不用附名单了")
    assert answer.status_code == 412
    for text in ("请附名单", "不用附名单了"):
        assert text in words(answer)
    assert ReviewComment.objects.count() == 1


def test_the_same_click_twice_is_no_other_window(self_check: SelfCheck, desk: Client) -> None:
    shown = hidden(desk.get(address(self_check)))
    typed = {"word_A2": "accepted", "target": "A3||", "text": "请附名单"}
    for _click in range(2):
        assert press(desk, self_check, "keep", shown, **typed).status_code == 302
    assert ReviewComment.objects.count() == 1


def test_a_decision_rests_on_the_words_that_were_read(
    self_check: SelfCheck, desk: Client, zhou_inspector: User
) -> None:
    sheet = address(self_check, "decide", "approve")
    shown = hidden(desk.get(sheet))
    said = {"indicator": "A2", "word": "questioned", "note": "与名册不符", "by": zhou_inspector}
    review_indicator(self_check=self_check, **said)
    answer = desk.post(sheet, {**shown, "comment": "各项都看过了"})
    assert answer.status_code == 412
    assert "与名册不符" in words(answer)
    assert "各项都看过了" in answer.content.decode()
    self_check.refresh_from_db()
    assert self_check.state == State.IN_REVIEW
    again = {**hidden(answer), "comment": "各项都看过了"}
    assert desk.post(sheet, again).status_code == 302


def test_a_thread_is_settled_as_it_was_read(
    self_check: SelfCheck, desk: Client, zhou_inspector: User, chen_officer: User
) -> None:
    remark = comment(self_check=self_check, text="请附名单", by=zhou_inspector, on=Target("A3"))
    shown = hidden(desk.get(address(self_check)))
    reply(parent=remark, text="名单有误，正在更正", by=chen_officer)
    answer = press(desk, self_check, f"settle:{remark.pk}", shown)
    assert answer.status_code == 412
    assert "名单有误，正在更正" in words(answer)
    remark.refresh_from_db()
    assert remark.settled_at is None
    assert press(desk, self_check, f"settle:{remark.pk}", hidden(answer)).status_code == 302


def test_decided_elsewhere_is_said(
    self_check: SelfCheck, desk: Client, zhou_inspector: User
) -> None:
    sheet = address(self_check, "decide", "approve")
    shown = hidden(desk.get(sheet))
    decide(self_check, "send_back", zhou_inspector)
    answer = desk.post(sheet, {**shown, "comment": "各项都看过了"})
    assert answer.status_code == 412
    assert "周岚在" in words(answer)
    assert "各项都看过了" in words(answer)

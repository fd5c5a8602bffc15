"""The nudge to those who have not submitted: once a day, in the usual words or in one's own."""

import pytest
from django.utils.translation import override

from audit.models import Entry
from audit.refusals import NotAllowed, Unusable
from districts.models import User
from selfchecks.models import Notice, SelfCheck
from selfchecks.services import board, reminding
from selfchecks.services.notice_words import text_of
from tests.reader import words
from tests.selfchecks.test_admin_board import BOARD

OWN = "请〔区县〕在〔截止日〕前报送〔年度〕年度自查，有困难请来电。"
FILLED = "请沙坪坝区在2026年12月15日前报送2026年度自查，有困难请来电。"


def test_a_nudge_reaches_the_district_once_a_day(
    self_check: SelfCheck, chen_officer: User, zhao_signatory: User, zhou_inspector: User
) -> None:
    first = reminding.remind(self_checks=[self_check], by=zhou_inspector)
    again = reminding.remind(self_checks=[self_check], by=zhou_inspector)
    assert (first.reminded, first.skipped) == ((self_check,), ())
    assert (again.reminded, again.skipped) == ((), (self_check,))
    assert Notice.objects.filter(kind="reminder").count() == 2
    line = next(line for line in board.board(2026, zhou_inspector).lines if line.self_check)
    assert line.reminded_at is not None


def test_nobody_is_nudged_after_submitting(
    reach, self_check: SelfCheck, zhou_inspector: User
) -> None:
    done = reminding.remind(self_checks=[reach("submitted")], by=zhou_inspector)
    assert done.reminded == ()


def test_districts_nudge_nobody(self_check: SelfCheck, chen_officer: User) -> None:
    with pytest.raises(NotAllowed):
        reminding.remind(self_checks=[self_check], by=chen_officer)


def test_own_words_are_filled_in_for_each_district_and_kept(
    self_check: SelfCheck, chen_officer: User, zhou_inspector: User
) -> None:
    [letter] = reminding.preview(self_checks=[self_check], by=zhou_inspector, words=OWN)
    assert (letter.text, letter.skipped_because) == (FILLED, "")
    reminding.remind(self_checks=[self_check], by=zhou_inspector, words=OWN)
    sent = Notice.objects.get(kind="reminder")
    assert text_of(sent) == FILLED
    assert Entry.objects.filter(action="self_check.remind").get().reason == OWN


def test_the_usual_words_reach_each_reader_in_her_language(
    self_check: SelfCheck, chen_officer: User, zhou_inspector: User
) -> None:
    usual = reminding.usual_words(zhou_inspector)
    assert usual == "周岚提醒：〔区县〕 〔年度〕 年度自查尚未报送，截止日 〔截止日〕。"
    reminding.remind(self_checks=[self_check], by=zhou_inspector, words=usual)
    sent = Notice.objects.get(kind="reminder")
    with override("en"):
        assert "due on 15 December 2026, has not been submitted yet." in text_of(sent)


@pytest.mark.parametrize("words", ["请〔县长〕来电", "很" * 501, "请来电\0", "请\u202e来电"])
def test_words_that_cannot_be_filled_in_are_refused(
    self_check: SelfCheck, chen_officer: User, zhou_inspector: User, words: str
) -> None:
    for act in (reminding.preview, reminding.remind):
        with pytest.raises(Unusable):
            act(self_checks=[self_check], by=zhou_inspector, words=words)
    assert not Notice.objects.filter(kind="reminder").exists()


def test_the_page_previews_own_words_and_keeps_those_it_refuses(
    self_check: SelfCheck, chen_officer: User, zhou_inspector: User, signed_in
) -> None:
    client = signed_in(zhou_inspector)
    asked = {"year": "2026", "unit": ["500106"]}
    preview = client.post(BOARD, {**asked, "do": "preview", "words": OWN})
    assert FILLED in words(preview)
    assert OWN in preview.content.decode()
    refused = client.post(BOARD, {**asked, "do": "send", "words": "请〔县长〕<b>来电"})
    assert refused.status_code == 422
    assert "没有「〔县长〕」这一项；可用：〔区县〕 〔年度〕 〔截止日〕。" in words(refused)
    assert "请〔县长〕&lt;b&gt;来电" in refused.content.decode()
    client.post(BOARD, {**asked, "do": "send", "words": OWN})
    client.post(BOARD, {**asked, "do": "send", "words": OWN})
    assert [text_of(row) for row in Notice.objects.filter(kind="reminder")] == [FILLED]

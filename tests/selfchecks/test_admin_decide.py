"""A decision is confirmed on a page that says what it will do, and leads to one that says what it
did; nothing is chosen beforehand, and no second click meets another county."""

import re
from typing import Any

import pytest
from django.test import Client

from districts.models import User
from selfchecks.models import Notice, ReviewEntry, SelfCheck, State
from selfchecks.services.opening import open_year
from selfchecks.services.reviews import Target, comment, review_indicator
from selfchecks.services.reviews import answer as reply
from tests.reader import words
from tests.selfchecks.conftest import DUE_ON, FILL_FROM, latest, register
from tests.selfchecks.test_admin_review import address, send


@pytest.fixture
def desk(reach, zhou_inspector: User, signed_in: Any) -> Client:
    reach("in_review")
    client: Client = signed_in(zhou_inspector)
    return client


def hidden(page: Any) -> dict[str, str]:
    pattern = r'type="hidden" name="(digest|version|seen)" value="([^"]*)"'
    return dict(re.findall(pattern, page.content.decode()))


def buttons(page: Any) -> list[str]:
    content = page.content.decode()
    main = content[content.index("content-main") :].split("<dialog")[0]
    return re.findall(r'<button[^>]*class="btn[^>]*>(.*?)</button>', main)


def test_the_buttons_name_the_county_and_weigh_the_same(self_check, desk: Client) -> None:
    page = desk.get(address(self_check)).content.decode()
    found = re.findall(r'<button ([^>]*)name="do" value="(approve|send_back)">(.*?)</button>', page)
    assert {(value, label) for _more, value, label in found} == {
        ("send_back", "退回沙坪坝区…"),
        ("approve", "通过沙坪坝区…"),
    }
    assert len({more for more, _value, _label in found}) == 1
    assert "accesskey" not in page
    english = desk.get(f"/en{address(self_check)}").content.decode()
    assert "Approve Shapingba" in english
    assert "Return Shapingba" in english


def test_the_summary_says_what_will_be_sent_to_whom(
    self_check: SelfCheck, desk: Client, zhou_inspector: User
) -> None:
    said = {"indicator": "A2", "word": "rejected", "note": "与名册不符", "by": zhou_inspector}
    review_indicator(self_check=self_check, **said)
    comment(self_check=self_check, text="请附名单", by=zhou_inspector, on=Target("A3"))
    page = desk.get(address(self_check, "decide", "send_back"))
    text = words(page)
    assert "退回沙坪坝区 2026 年度自查" in text
    assert "陈静（填报员）、赵明（审签人）" in text
    assert "2 人会收到通知" in text
    assert "第 1 版" in text
    assert latest(self_check).short_digest in text
    assert "不认可 与名册不符" in text
    assert "意见 1 条" in text
    assert "请附名单" in text
    assert "2026年12月15日" in text
    assert buttons(page) == ["退回沙坪坝区"]
    assert f'href="{address(self_check)}"' in page.content.decode()  # the way back
    self_check.refresh_from_db()
    assert self_check.state == State.IN_REVIEW


def test_the_summary_says_how_much_was_not_looked_at(
    self_check: SelfCheck, schools, desk: Client
) -> None:
    """One thing needs eyes, says the review page; it is looked at, and none is left."""
    review, sheet = address(self_check), address(self_check, "decide", "approve")
    assert "还有 1 条需留意没有看过" in words(desk.get(review))
    assert "还有 1 条没有看过" in words(desk.get(sheet))
    (key,) = re.findall(r'name="item" value="([^"]+)"', desk.get(review).content.decode())
    press(desk, self_check, "seen:", {}, item=key)
    assert "都看过了" in words(desk.get(sheet))


@pytest.mark.parametrize("step", ["approve", "send_back"])
def test_a_self_check_without_a_result_has_nothing_to_confirm(
    step: str, self_check: SelfCheck, zhou_inspector: User, signed_in
) -> None:
    page = signed_in(zhou_inspector).get(address(self_check, "decide", step))
    assert page.status_code == 409
    assert buttons(page) == []


@pytest.mark.parametrize("with_remark", [False, True])
def test_no_reason_is_ever_chosen_beforehand(
    with_remark: bool, self_check: SelfCheck, desk: Client, zhou_inspector: User
) -> None:
    if with_remark:
        comment(self_check=self_check, text="请附名单", by=zhou_inspector, on=Target("A3"))
    for page in (address(self_check) + "?on=A1%7C%7C", address(self_check, "decide", "send_back")):
        content = desk.get(page).content.decode()
        assert " checked" not in content
        assert not re.search(r'<option value="\w+" selected', content)
    assert 'autocomplete="off"' in content
    refused = desk.post(address(self_check, "decide", "send_back"), hidden(desk.get(page)))
    assert refused.status_code == 422
    assert "请写明原因或意见" in words(refused)
    assert " checked" not in refused.content.decode()


def test_what_was_typed_on_the_summary_is_not_lost(self_check: SelfCheck, desk: Client) -> None:
    sheet = address(self_check, "decide", "send_back")
    typed = {"reason": "figures", "comment": "写<b>了一半", "due_on": "2001-01-01"}
    answer = desk.post(sheet, {**hidden(desk.get(sheet)), **typed})
    assert answer.status_code == 422
    assert "已经过去" in words(answer)
    content = answer.content.decode()
    assert "写&lt;b&gt;了一半" in content
    assert 'value="figures" checked' in content
    assert 'value="2001-01-01"' in content


def confirm(desk: Client, self_check: SelfCheck, step: str, **typed: str) -> Any:
    sheet = address(self_check, "decide", step)
    return desk.post(sheet, {**hidden(desk.get(sheet)), **typed})


def test_the_page_after_says_what_happened_and_takes_it_back(
    self_check: SelfCheck, desk: Client
) -> None:
    answer = confirm(desk, self_check, "send_back", reason="figures", comment="10 日内补正")
    entry = ReviewEntry.objects.get(step="send_back")
    assert answer.url == address(self_check, "decided", str(entry.number))
    page = desk.get(answer.url)
    text = words(page)
    assert "已办理：退回沙坪坝区 2026 年度自查" in text
    assert f"500106-2026-00{entry.number}" in text
    assert "陈静（填报员）、赵明（审签人）" in text
    assert "10 日内补正" in text
    assert buttons(page) == []  # nothing to press where a decision was confirmed
    undo = address(self_check, "decide", "take_back_return")
    assert f'href="{undo}"' in page.content.decode()
    assert "收回对沙坪坝区的退回 2026 年度自查" in words(desk.get(undo))
    done = confirm(desk, self_check, "take_back_return", comment="退错了区县,请继续等复核")
    self_check.refresh_from_db()
    assert self_check.state == State.IN_REVIEW
    assert "退错了区县" in words(desk.get(done.url))
    assert undo not in desk.get(answer.url).content.decode()  # of that return there is nothing left


def test_it_says_why_a_decision_can_no_longer_be_taken_back(
    self_check: SelfCheck, desk: Client, chen_officer: User
) -> None:
    landing = confirm(desk, self_check, "send_back", comment="请核对名册").url
    remark = comment(self_check=self_check, text="另有一处", by=chen_officer, on=Target("A3"))
    assert "收回对沙坪坝区的退回…" in words(desk.get(landing))
    reply(parent=remark, text="补充说明", by=chen_officer)
    page = words(desk.get(landing))
    assert "收回对沙坪坝区的退回…" not in page
    assert "已经有人改动，不能再收回" in page
    refused = confirm(desk, self_check, "take_back_return", comment="退错了区县")
    assert refused.status_code == 409


def test_approving_tells_the_district_and_shows_the_receipt(
    self_check: SelfCheck, desk: Client
) -> None:
    first = desk.post(
        address(self_check), {"do": "approve", **hidden(desk.get(address(self_check)))}
    )
    assert first.url.startswith(address(self_check, "decide", "approve"))
    sheet = desk.get(first.url)
    assert buttons(sheet) == ["通过沙坪坝区"]
    done = desk.post(first.url, hidden(sheet))
    self_check.refresh_from_db()
    assert self_check.state == State.APPROVED
    assert Notice.objects.filter(kind="step.approve").count() == 2
    page = desk.get(done.url)
    assert "已办理「复核通过」" in words(page)
    assert latest(self_check).short_digest in words(page)


def test_a_second_click_and_a_reload_stay_with_the_same_county(
    self_check: SelfCheck, desk: Client, zhou_inspector: User, wu_manager: User, tongliang, reach
) -> None:
    """Measured before: the next county stood under the same button and was returned too."""
    other = another(tongliang, wu_manager, zhou_inspector)
    sheet = address(self_check, "decide", "approve")
    posted = hidden(desk.get(sheet))
    for answer in (desk.post(sheet, posted), desk.post(sheet, posted)):
        assert answer.url == address(self_check, "decided", "4")
    page = desk.get(answer.url)
    assert "没有重复办理" in words(page)
    assert address(other) in page.content.decode()  # as a link, not as a button
    assert buttons(page) == []
    other.refresh_from_db()
    assert other.state == State.IN_REVIEW
    assert ReviewEntry.objects.filter(step="approve").count() == 1


def another(district, manager: User, inspector: User) -> SelfCheck:
    """铜梁区 in review by the same inspector; its own steps are of no interest here."""
    register(district, ("小学", "初中"))
    opened = open_year(
        year=2026, due_on=DUE_ON, fill_from=FILL_FROM, by=manager, districts=[district]
    )
    rows = SelfCheck.objects.filter(pk=opened.new[0].pk)
    rows.update(state=State.IN_REVIEW, inspector=inspector)
    return rows.get()


def test_a_button_pressed_twice_takes_one_up_and_stays_there(
    reach, self_check: SelfCheck, zhou_inspector: User, wu_manager: User, tongliang, signed_in
) -> None:
    reach("submitted")
    another(tongliang, wu_manager, zhou_inspector)
    client = signed_in(zhou_inspector)
    for _click in range(2):
        answer = send(client, self_check, "take_up")
        assert answer.url == address(self_check)


@pytest.mark.parametrize("step", ["approve", "send_back", "take_back_return"])
def test_only_who_may_decide_is_asked_to_confirm(
    step: str, self_check: SelfCheck, desk: Client, sun_inspector: User, signed_in
) -> None:
    page = signed_in(sun_inspector).get(address(self_check, "decide", step))
    assert page.status_code == 409
    assert buttons(page) == []


def test_other_steps_have_no_summary(self_check: SelfCheck, desk: Client) -> None:
    for step in ("take_up", "fly", "reopen"):
        assert desk.get(address(self_check, "decide", step)).status_code == 404
    assert desk.get(address(self_check, "decided", "1")).status_code == 404  # sent for signature


def press(desk: Client, self_check: SelfCheck, do: str, shown: dict[str, str], **typed: str) -> Any:
    return desk.post(address(self_check), {"do": do, **shown, **typed})

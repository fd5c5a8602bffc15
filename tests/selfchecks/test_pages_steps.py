"""A row added to the table of steps is drawn with its form, refused and taken without more."""

from typing import Any

import pytest

from districts.models import User
from districts.roles import Role
from selfchecks import workflow
from selfchecks.models import SelfCheck, State
from selfchecks.step import Step
from tests.reader import words
from tests.selfchecks.test_admin_review import address

CHECK, TRAIL = "/self-checks/500106-2026/check/", "/self-checks/500106-2026/trail/"


@pytest.fixture
def add(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A function: one more step in the table."""

    def _add(**more: Any) -> None:
        step = Step(label="再议一次", tells=(Role.OFFICER,), notice="%(actor)s再议", **more)
        monkeypatch.setattr(workflow, "STEPS", (*workflow.STEPS, step))
        monkeypatch.setitem(workflow.STEP, step.name, step)

    return _add


def test_a_new_step_of_the_district_asks_for_its_comment(
    reach: Any, self_check: SelfCheck, zhao_signatory: User, signed_in: Any, add: Any
) -> None:
    reach("awaiting_signature")
    sources = (State.AWAITING_SIGNATURE,)
    add(
        name="talk",
        sources=sources,
        target=State.DRAFT,
        roles=(Role.SIGNATORY,),
        needs_comment=True,
    )
    client = signed_in(zhao_signatory)
    page = client.get(CHECK)
    assert "再议一次" in words(page)
    assert '<textarea name="comment" cols="40" rows="2"' in page.content.decode()
    refused = client.post(CHECK, {"step": "talk", "comment": " "})
    assert (refused.status_code, "请写明原因或意见。" in words(refused)) == (422, True)
    assert client.post(CHECK, {"step": "talk", "comment": "数据要再核"}).status_code == 302
    self_check.refresh_from_db()
    assert self_check.state == State.DRAFT
    assert "再议一次" in words(client.get(TRAIL))


def test_a_new_step_of_the_city_asks_for_its_day(
    reach: Any, self_check: SelfCheck, zhou_inspector: User, signed_in: Any, add: Any
) -> None:
    reach("submitted")
    rest = {"target": State.RETURNED, "roles": (Role.INSPECTOR,), "needs_comment": True}
    days = {"takes_due_date": True, "needs_due_date": True}
    add(name="talk", sources=(State.SUBMITTED,), **rest, **days)
    client = signed_in(zhou_inspector)
    assert 'name="due_on"' in client.get(address(self_check)).content.decode()
    typed = {"do": "talk", "comment": "请补齐材料"}
    for day, sentence in (("", "请填写新的报送截止日。"), ("x", "不是日期")):
        refused = client.post(address(self_check), {**typed, "due_on": day})
        assert (refused.status_code, sentence in words(refused)) == (422, True)
        assert "请补齐材料" in refused.content.decode()
    sent = client.post(address(self_check), {**typed, "due_on": "2035-01-31"})
    assert sent.status_code == 302
    self_check.refresh_from_db()
    assert (self_check.state, str(self_check.due_on)) == (State.RETURNED, "2035-01-31")
    assert "再议一次" in words(client.get(address(self_check)))

"""Many messages of the public are set aside at once: shown first, then all or none."""

from typing import Any

import pytest

from audit.refusals import Conflict, NotAllowed, Stale, Unusable
from districts.models import District, User
from improvement.models import Feedback
from improvement.services import feedback, feedback_bulk
from tests.improvement.test_feedback import say
from tests.reader import words

REASON = "同样的广告发了多次"
PAGE = "/admin/improvement/feedback/"


@pytest.fixture
def wave(shapingba: District, zhou_inspector: User) -> list[Feedback]:
    """Three messages alike; the last one has been answered."""
    rows = [say(code=f"{n:026d}", text=f"广告 {n}", district=shapingba) for n in range(3)]
    taken = feedback.take_step(feedback=rows[2], step="take_up", by=zhou_inspector)
    feedback.take_step(feedback=taken, step="answer", by=zhou_inspector, answer="已收到，谢谢")
    return rows


def states(rows: list[Feedback]) -> list[str]:
    known = dict(Feedback.objects.values_list("pk", "state"))
    return [known[row.pk] for row in rows]


def test_what_was_shown_is_done(
    wave: list[Feedback], zhou_inspector: User, he_auditor: User, chen_officer: User
) -> None:
    keys = [row.pk for row in wave]
    found = feedback_bulk.foresee(keys, zhou_inspector)
    assert ([row.pk for row in found.open], [row.pk for row in found.left]) == (keys[:2], keys[2:])
    for person in (he_auditor, chen_officer):
        with pytest.raises(NotAllowed):
            feedback_bulk.set_aside(keys=keys, by=person, reason=REASON)
    with pytest.raises(Unusable):
        feedback_bulk.set_aside(keys=keys, by=zhou_inspector, reason="")
    assert states(wave) == ["new", "new", "answered"]
    feedback.take_step(feedback=wave[1], step="take_up", by=zhou_inspector)
    with pytest.raises(Stale):
        feedback_bulk.set_aside(keys=keys, by=zhou_inspector, reason=REASON, expected=found.tag)
    again = feedback_bulk.foresee(keys, zhou_inspector).tag
    feedback_bulk.set_aside(keys=keys, by=zhou_inspector, reason=REASON, expected=again)
    assert states(wave) == ["set_aside", "set_aside", "answered"]
    assert Feedback.objects.get(pk=keys[0]).reason == REASON
    with pytest.raises(Conflict):
        feedback_bulk.set_aside(keys=keys, by=zhou_inspector, reason=REASON)


def test_in_the_admin_after_a_preview(
    wave: list[Feedback], zhou_inspector: User, he_auditor: User, signed_in: Any
) -> None:
    client = signed_in(zhou_inspector)
    chosen = {"action": "set_aside", "_selected_action": [row.pk for row in wave]}
    preview = client.post(PAGE, chosen)
    assert preview.status_code == 302
    page = client.get(preview.url)
    assert "将不予办理（2 条）" in words(page)
    assert "已在办理或办结，不变（1 条）" in words(page)
    empty = client.post(preview.url, {"reason": ""})
    assert (empty.status_code, "请写明原因" in words(empty)) == (422, True)
    seen = page.context["found"].tag
    done = client.post(preview.url, {"reason": REASON, "seen": seen}, follow=True)
    assert "不予办理 2 条公众反映。" in words(done)
    assert states(wave) == ["set_aside", "set_aside", "answered"]
    assert signed_in(he_auditor).get(preview.url).status_code == 403

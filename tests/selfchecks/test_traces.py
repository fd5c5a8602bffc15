"""What was late stays said, what was opened again is seen, and a return is answered."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from audit.refusals import Conflict
from districts.models import User
from selfchecks.models import SelfCheck
from selfchecks.services import reviews
from selfchecks.services.reviews import Target
from selfchecks.services.steps import take_step
from tests.reader import words
from tests.selfchecks.conftest import decide, keep_clean

pytestmark = pytest.mark.django_db
Reach = Callable[[str], SelfCheck]
SignedIn = Callable[[User], Client]
API = "/api/v1/self-checks/"
BOARD = "/admin/selfchecks/selfcheck/board/?year=2026"


def test_what_came_late_says_so_on_every_page_and_for_ever(
    reach: Reach,
    zhao_signatory: User,
    zhou_inspector: User,
    signed_in: SignedIn,
    bearer: Callable[..., Client],
) -> None:
    row = reach("awaiting_signature")
    assert row.days_late_ever == 0
    due = timezone.localdate() - timedelta(days=3)
    SelfCheck.objects.filter(pk=row.pk).update(due_on=due)  # as if these days had passed
    take_step(self_check=row, step="submit", by=zhao_signatory)
    take_step(self_check=row, step="take_up", by=zhou_inspector)
    decide(row, "approve", zhou_inspector)
    chief: Any = signed_in(zhao_signatory)
    receipt = row.trail.get(to_state="submitted").number
    for place in ("result/", "trail/", f"receipts/{receipt}/"):
        assert "迟报 3 天" in words(chief.get(f"/self-checks/500106-2026/{place}")), place
    assert "迟报 3 天" in words(signed_in(zhou_inspector).get(BOARD))
    client: Any = bearer(zhou_inspector, "read")
    assert client.get(API).json()["results"][0]["days_late_ever"] == 3
    trail = client.get(f"{API}500106-2026/trail/").json()["results"]
    late = {entry["step"]: entry["days_late"] for entry in trail}
    assert late == {"send_for_signature": 0, "submit": 3, "take_up": 0, "approve": 0}


def test_opened_again_after_approval_is_seen_wherever_the_approval_is(
    reach: Reach,
    chen_officer: User,
    wu_manager: User,
    zhou_inspector: User,
    signed_in: SignedIn,
    bearer: Callable[..., Client],
) -> None:
    row = reach("approved")
    officer: Any = signed_in(chen_officer)
    client: Any = bearer(chen_officer, "read")
    assert client.get(f"{API}500106-2026/").json()["is_open_again"] is False
    assert "通过之后又打开了" not in words(officer.get("/self-checks/500106-2026/result/"))
    day = timezone.localdate() + timedelta(days=20)
    take_step(self_check=row, step="reopen", by=wu_manager, comment="补报数据", due_on=day)
    assert "通过之后又打开了" in words(officer.get("/self-checks/500106-2026/result/"))
    assert "通过之后又打开了" in words(signed_in(zhou_inspector).get(BOARD))
    assert "通过之后又打开了" in words(officer.get("/districts/500106/"))
    assert client.get(f"{API}500106-2026/").json()["is_open_again"] is True


def test_the_same_figures_need_a_word_to_each_remark(
    reach: Reach, chen_officer: User, zhou_inspector: User
) -> None:
    row = reach("in_review")
    remark = reviews.comment(
        self_check=row, text="请核对骨干教师数", by=zhou_inspector, on=Target(indicator="A2")
    )
    decide(row, "send_back", zhou_inspector)
    row.refresh_from_db()
    with pytest.raises(Conflict, match="还有 1 条复核意见没有回复") as refused:
        take_step(self_check=row, step="send_for_signature", by=chen_officer)
    assert refused.value.code == "unanswered"
    reviews.answer(parent=remark, text="已核对，数据无误", by=chen_officer)
    take_step(self_check=row, step="send_for_signature", by=chen_officer)


def test_what_the_district_noted_for_itself_needs_no_word(
    reach: Reach, chen_officer: User, zhou_inspector: User
) -> None:
    row = reach("in_review")
    reviews.comment(self_check=row, text="请附名单", by=chen_officer, on=Target(indicator="A1"))
    decide(row, "send_back", zhou_inspector)
    row.refresh_from_db()
    take_step(self_check=row, step="send_for_signature", by=chen_officer)


def test_corrected_figures_are_a_word_themselves(
    reach: Reach, chen_officer: User, zhou_inspector: User
) -> None:
    row = reach("in_review")
    reviews.comment(
        self_check=row, text="请核对专项经费", by=zhou_inspector, on=Target(indicator="B7")
    )
    decide(row, "send_back", zhou_inspector)
    row.refresh_from_db()
    keep_clean(row, chen_officer, district={"B7.special_budget_per_pupil": 6789})
    take_step(self_check=row, step="send_for_signature", by=chen_officer)

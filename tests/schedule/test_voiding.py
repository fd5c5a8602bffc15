"""What was recorded wrongly is voided with a reason, shown as such, and stays."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from audit.models import Entry
from audit.refusals import Conflict, NotAllowed, Unusable
from districts.models import District, User
from schedule.services import consequences, voiding
from tests.schedule.outcomes import DOCUMENT, WHY

pytestmark = pytest.mark.django_db
REASON = "录到了别的区县"


@pytest.fixture
def support(tongliang: District, wu_manager: User) -> Any:
    facts = {"day": date(2026, 6, 1), "ground": WHY, "document_number": DOCUMENT}
    return consequences.record_consequence(
        by=wu_manager, district=tongliang, kind="support", **facts
    )


@pytest.fixture
def urged(tongliang: District, zhou_inspector: User) -> Any:
    facts = {"begun_on": date(2026, 6, 1), "reason": "差异系数多年偏高", "group": "攻坚类"}
    return consequences.begin_guidance(by=zhou_inspector, district=tongliang, kind="urged", **facts)


def test_by_who_may_record_it_once_and_with_a_reason(
    support: Any, urged: Any, wu_manager: User, zhou_inspector: User, liu_officer: User
) -> None:
    for row, person in ((support, zhou_inspector), (support, liu_officer), (urged, liu_officer)):
        with pytest.raises(NotAllowed):
            voiding.void(row=row, by=person, reason=REASON)
    with pytest.raises(Unusable):
        voiding.void(row=support, by=wu_manager, reason=" ")
    for row, person in ((support, wu_manager), (urged, zhou_inspector)):
        done = voiding.void(row=row, by=person, reason=REASON)
        assert (done.voided_by, done.void_reason) == (person, REASON)
        with pytest.raises(Conflict):
            voiding.void(row=row, by=person, reason=REASON)
    actions = Entry.objects.order_by("-number").values_list("action", "reason")[:2]
    assert list(actions) == [("guidance.void", REASON), ("consequence.void", REASON)]


def test_in_the_admin_with_what_it_means(
    support: Any, urged: Any, wu_manager: User, zhou_inspector: User, signed_in: Callable
) -> None:
    manager, page = signed_in(wu_manager), f"/admin/schedule/consequence/{support.pk}/"
    assert 'href="../void/"' in manager.get(f"{page}change/").content.decode()
    form = manager.get(f"{page}void/").content.decode()
    assert "不能再恢复" in form
    assert manager.post(f"{page}void/", {"reason": ""}).status_code == 422
    assert manager.post(f"{page}void/", {"reason": REASON}).status_code == 302
    shown = manager.get(f"{page}change/").content.decode()
    assert REASON in shown
    assert "../void/" not in shown
    inspector = signed_in(zhou_inspector)
    assert inspector.post(f"{page}void/", {"reason": REASON}).status_code == 403
    guided = f"/admin/schedule/guidance/{urged.pk}/void/"
    assert inspector.post(guided, {"reason": REASON}).status_code == 302


def test_the_units_page_says_so(
    support: Any, wu_manager: User, liu_officer: User, signed_in: Callable
) -> None:
    voiding.void(row=support, by=wu_manager, reason=REASON)
    page = signed_in(liu_officer).get("/districts/500151/").content.decode()
    assert all(word in page for word in (WHY, "已作废", REASON))

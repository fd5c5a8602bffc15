"""What follows a year's self-checks, through its services: visits, money, guidance."""

from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone

from districts.models import District, User
from districts.services.feeds import open_feed
from districts.services.saved import save_view
from improvement.services import visit_schools, visits
from schedule.services import consequences, grants, statements
from tests.districts.clock import give_factor
from tests.improvement.visiting.conftest import PNG

PLACE, BEHIND = "500106", "500151"
NUMBER = "（演示）第 1 号"


def play_after(manager: User, inspector: User) -> None:
    officer = User.objects.get(username=f"officer_{PLACE}")
    open_feed(by=officer)
    open_feed(by=officer)  # the first one has ended
    save_view(page="own-table", name="本区", query=f"unit={PLACE}", by=officer, opens=True)
    give_factor(officer)
    keep_visit(inspector)
    keep_money(manager)
    keep_guidance(manager, inspector)
    statements.say(subject="contact", text="电话 000", english="Phone 000", by=manager)


def keep_visit(inspector: User) -> None:
    """A draw, a school seen, a finding with a photo."""
    unit = District.objects.get(code=PLACE)
    visit = visits.draw_schools(district=unit, count=2, by=inspector, seed="演示")
    at = {"visit": visit, "school": visit.sample.schools[0], "by": inspector}
    visit_schools.record_school(**at, visited_on=visits.today(), words="看了操场")
    photos = [("操场.png", PNG)]
    visit_schools.add_finding(**at, kind="condition", words="操场在施工", photos=photos)


def keep_money(manager: User) -> None:
    grant = grants.issue(
        district=District.objects.get(code=BEHIND),
        amount=Decimal(1_000_000),
        issued_on=date(2024, 2, 29),
        purpose="演示",
        document_number=NUMBER,
        by=manager,
    )
    grants.decide(
        grant=grant,
        kind="extend",
        day=timezone.localdate(),
        due_on=date(2028, 2, 28),
        document_number=NUMBER,
        reason="演示",
        by=manager,
    )


def keep_guidance(manager: User, inspector: User) -> None:
    unit, today = District.objects.get(code=BEHIND), timezone.localdate()
    begun = consequences.begin_guidance(
        district=unit, kind="urged", group="演示", reason="演示", begun_on=today, by=inspector
    )
    consequences.note_guidance(guidance=begun, kind="visit", day=today, words="演示", by=inspector)
    consequences.record_consequence(
        district=unit,
        kind="support",
        day=today - timedelta(days=1),
        ground="演示",
        document_number=NUMBER,
        by=manager,
    )

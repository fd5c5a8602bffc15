"""What the calendar of deadlines says of look-backs and of monitoring."""

from datetime import date
from decimal import Decimal

import pytest

from districts.deadlines import dues_of
from districts.models import User
from schedule.models import LookBack
from schedule.services import monitoring
from tests.schedule.looking_back import case, failing, reach, schools, self_check, walk

__all__ = ["case", "failing", "reach", "schools", "self_check"]
pytestmark = pytest.mark.django_db
DUE = date(2099, 12, 31)


def _told(user: User) -> list[tuple[date, str, str]]:
    return [(due.day, due.words, due.path) for due in dues_of(user)]


def test_a_round_is_due_until_all_of_it_is_entered(
    wu_manager: User, chen_officer: User, liu_officer: User
) -> None:
    one = monitoring.open_round(by=wu_manager, year=2026, indicators=["A1"], due_on=DUE)
    said = [(DUE, "2026 年指标监测填报截止", "/monitoring/?year=2026")]
    given = {"round": one, "district": chen_officer.district, "by": chen_officer}
    monitoring.enter(**given, figures={("A1", "primary"): Decimal("0.3")})
    assert _told(chen_officer) == _told(liu_officer) == said
    monitoring.enter(**given, figures={("A1", "junior"): Decimal("0.3")})
    assert _told(chen_officer) == _told(wu_manager) == []
    assert _told(liu_officer) == said


def test_a_look_back_is_due_while_it_is_the_units_turn(
    case: LookBack, chen_officer: User, zhao_signatory: User, zhou_inspector: User
) -> None:
    path = f"/look-backs/{case.pk}/"
    said = (case.due_on, "沙坪坝区回头看截止：待报整改措施", path)
    assert said in _told(chen_officer)
    assert said in _told(zhou_inspector)
    walk(case, ("plan", chen_officer), ("report", zhao_signatory))
    assert path not in [place for _day, _words, place in _told(chen_officer)]

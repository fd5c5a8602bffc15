"""指标监测: who opens and enters, until when, and who moves."""

from datetime import date
from decimal import Decimal

import pytest

from audit.models import Entry
from audit.refusals import Conflict, NotAllowed, Unusable
from districts.models import District, User
from schedule.models import MonitoringFigure, MonitoringRound
from schedule.services import monitoring

pytestmark = pytest.mark.django_db
A1, A6 = ("A1", "primary"), ("A6", "junior")


def opened(by: User, year: int = 2026, due_on: date = date(2099, 12, 31)) -> MonitoringRound:
    return monitoring.open_round(by=by, year=year, indicators=["A6", "A1"], due_on=due_on)


def test_a_round_is_opened_once_for_some_of_the_seven(wu_manager: User, chen_officer: User) -> None:
    assert opened(wu_manager).indicators == ["A1", "A6"]
    with pytest.raises(Unusable):
        opened(wu_manager)
    with pytest.raises(NotAllowed):
        opened(chen_officer, 2027)
    for wrong in ([], ["B1"], "A1"):
        with pytest.raises(Unusable):
            monitoring.open_round(
                by=wu_manager, year=2028, indicators=wrong, due_on=date(2028, 12, 31)
            )


def test_a_unit_enters_its_own_until_the_last_day(
    wu_manager: User, chen_officer: User, liu_officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, district = opened(wu_manager, due_on=date(2026, 12, 31)), chen_officer.district
    day = "schedule.services.monitoring.today"
    monkeypatch.setattr(day, lambda: date(2026, 12, 31))
    figures = {A1: Decimal("0.3100"), A6: None, ("A7", "primary"): Decimal("0.1")}
    given = {"round": one, "district": district, "by": chen_officer, "figures": figures}
    assert monitoring.enter(**given) == 1  # A7 is not asked for, A6 is left
    assert monitoring.enter(**given) == 0
    assert Entry.objects.order_by("number").last().changes == {"A1.primary": [None, "0.3100"]}
    with pytest.raises(NotAllowed):
        monitoring.enter(**given | {"by": liu_officer})
    with pytest.raises(NotAllowed):
        monitoring.enter(**given | {"by": wu_manager})
    for wrong in ("-0.1", "10.1", "0.12345"):
        with pytest.raises(Unusable):
            monitoring.enter(**given | {"figures": {A1: Decimal(wrong)}})
    monkeypatch.setattr(day, lambda: date(2027, 1, 1))
    with pytest.raises(Conflict):
        monitoring.enter(**given)


def test_who_moves(wu_manager: User, chen_officer: User, tongliang: District) -> None:
    """0.5 is within the limit of primary schools, 0.4501 beyond that of junior ones."""
    district = chen_officer.district
    before, now = opened(wu_manager, 2025), opened(wu_manager)
    for one, values in ((before, ("0.52", "0.40")), (now, ("0.50", "0.4501"))):
        figures = {A1: Decimal(values[0]), A6: Decimal(values[1])}
        monitoring.enter(round=one, district=district, by=chen_officer, figures=figures)
    board = monitoring.board(now, [district, tongliang], date(2026, 11, 23))
    found = {(cell.indicator, cell.stage): cell for cell in board[district.code]}
    assert (found[A1].verdict, found[A1].moved) == ("met", Decimal("-0.02"))
    assert (found[A6].verdict, found[A6].moved) == ("not_met", Decimal("0.0501"))
    assert (found["A1", "junior"].verdict, found["A1", "junior"].moved) == ("unknown", None)
    assert {cell.verdict for cell in board[tongliang.code]} == {"unknown"}
    assert MonitoringFigure.objects.count() == 4

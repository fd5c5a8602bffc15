"""指标监测: who opens and enters, until when, and who moves."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import BytesIO

import openpyxl
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


@pytest.mark.parametrize("year", [1, 1999, 2100])
def test_a_round_is_of_a_year_that_its_last_day_does_not_precede(
    wu_manager: User, year: int
) -> None:
    with pytest.raises(Unusable) as refusal:
        opened(wu_manager, year=year)
    assert set(refusal.value.fields) == {"year"}


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


# -- its page --------------------------------------------------------------------------------------


def test_the_page_before_any_round(liu_officer: User, signed_in: Callable) -> None:
    assert "还没有开启" in signed_in(liu_officer).get("/monitoring/").content.decode()


def test_a_unit_enters_on_the_page_and_sees_its_own_only(
    wu_manager: User, liu_officer: User, zhou_inspector: User, signed_in: Callable
) -> None:
    form = {"year": 2026, "indicators": ["A1", "A6"], "due_on": "2099-12-31"}
    add = "/admin/schedule/monitoringround/add/"
    assert signed_in(wu_manager).post(add, form).status_code == 302
    client = signed_in(liu_officer)
    wrong = client.post("/monitoring/", {"A1_primary": "12"})
    assert "请填 0 到 10 之间的数" in wrong.content.decode()
    done = client.post("/monitoring/", {"A1_primary": "0.5123"}, follow=True).content.decode()
    assert "已保存 1 个数。" in done
    assert "0.512 不达标" in done
    assert "沙坪坝区" not in done
    city = signed_in(zhou_inspector).get("/monitoring/").content.decode()
    assert all(word in city for word in ("0.512 不达标", "沙坪坝区", "资料不足"))


def test_the_years_list_as_a_workbook(
    wu_manager: User, liu_officer: User, signed_in: Callable
) -> None:
    figures = {A1: Decimal("0.5123")}
    given = {"district": liu_officer.district, "by": liu_officer, "figures": figures}
    monitoring.enter(round=opened(wu_manager), **given)
    answer = signed_in(wu_manager).get("/monitoring/?year=2026&format=xlsx")
    rows = list(openpyxl.load_workbook(BytesIO(answer.getvalue())).active.values)
    assert len(rows) == 1 + 39  # the units that exist
    head, line = rows[0], next(row for row in rows if row[0] == "铜梁区")
    assert (head[4], line[4], line[5], line[6]) == ("A1 小学", 0.5123, None, "不达标")
    assert line[1] == "资料不足"

"""The application form: what is computed, what is asked for, and that a blank is no zero."""

from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from audit.refusals import Conflict, NotAllowed, Stale, Unusable
from districts.models import User
from papers.application.figures import UNKNOWN, Value, rate, total
from papers.contents.form import fill
from papers.models import FormAnswers
from papers.names import Name
from papers.services.answers import keep_answers
from papers.services.making import book, make
from schedule.services.reading import today
from selfchecks.models import SelfCheck
from tests.papers.conftest import words_of

Reach = Callable[..., SelfCheck]


def test_a_sum_with_a_blank_is_unknown() -> None:
    assert total([1, "2.5"]) == Value(Decimal("3.5"))
    assert total([1, None]) == UNKNOWN
    assert str(UNKNOWN) == "—"


@pytest.mark.parametrize(
    ("part", "whole", "shown"), [(1, 3, "33.3"), (0, 5, "0.0"), (1, 0, "—"), (None, 3, "—")]
)
def test_a_share_of_nothing_is_unknown(part: int | None, whole: int, shown: str) -> None:
    given = [Value(None if each is None else Decimal(each)) for each in (part, whole)]
    assert str(rate(*given)) == shown


@pytest.fixture
def filled(reach: Reach) -> dict[str, Any]:
    return fill(reach("approved"), today())


def test_the_seven_are_those_of_the_evaluation(
    reach: Reach, chen_officer: User, signed_in: Any
) -> None:
    self_check = reach("approved")
    told = fill(self_check, today())
    address = f"/api/v1/self-checks/{self_check.reference}/evaluation/"
    answer = signed_in(chen_officer).get(address).json()
    units = {(unit["school_name"], unit["stage"]): unit for unit in answer["units"]}
    stages = {"小学": "primary", "初中": "junior"}
    counted = sum(unit["counted"] for unit in answer["units"])
    assert len(told["schools"]) == counted > 0
    for row in told["schools"]:
        unit = units[row["c2"], stages[row["c3"]]]
        assert row["c5"] == unit["pupils"]
        for at, code in enumerate(sorted(unit["indicators"]), 8):
            value = Decimal(unit["indicators"][code]["value"])
            assert Decimal(row[f"c{at}"]) == pytest.approx(value, abs=Decimal("0.005"))
        assert row["c15"] == {"met": "是", "not_met": "否", "unknown": "无法判定"}[unit["verdict"]]
    for row in told["spreads"]:
        stage, what = row["c1"].split()
        found = answer["dispersion"][stages[stage]]
        if what == "差异系数":
            assert row["c2"] == f"{float(found['A1']['cv']):.3f}"


def test_the_remark_says_what_passes_and_what_reaches_85_per_cent(filled: dict[str, Any]) -> None:
    for row in filled["schools"]:
        named = row["c16"].replace("；", "、").replace("：", "、").split("、")
        assert sorted(each for each in named if each[0] == "A") == [f"A{at}" for at in range(1, 8)]


def test_what_nobody_answered_is_a_dash(filled: dict[str, Any]) -> None:
    basics = {row["c1"]: row["c2"] for row in filled["basics"]}
    assert len(basics) == 24
    assert basics["乡镇数"] == "—"
    assert basics["小学"] == "1"
    assert basics["九年一贯制"] == "1"


def test_answers_are_kept_and_printed(reach: Reach, chen_officer: User) -> None:
    self_check = reach("approved")
    keep_answers(
        self_check=self_check, answers={"townships": "２１", "people": "45.2"}, by=chen_officer
    )
    keep_answers(
        self_check=self_check, answers={"villages": "1,024", "people": ""}, by=chen_officer
    )
    row = FormAnswers.objects.get()
    assert (row.answers, row.version) == ({"townships": "21", "villages": "1024"}, 2)
    text = words_of(make(Name.APPLICATION, self_check, today()))
    assert "1024" in text
    sheet = load_workbook(BytesIO(book(Name.APPLICATION, self_check, today())))["表Ⅰ 基本情况"]
    found = {line[0].value: line[1].value for line in sheet.iter_rows(min_row=2)}
    assert found["乡镇数"] == 21
    assert found["人口总数"] is None


@pytest.mark.parametrize(
    ("answers", "word"),
    [
        ({"townships": "1.5"}, "乡镇数"),
        ({"people": "-1"}, "人口总数"),
        ({"people": "many"}, "人口总数"),
        ({"people": "NaN"}, "人口总数"),
        ({"nothing": "1"}, "没有这一项"),
        ({"grades.2100000001.primary": "0"}, "年级数"),
    ],
)
def test_an_answer_that_cannot_be_is_refused(
    self_check: SelfCheck, chen_officer: User, answers: dict[str, str], word: str
) -> None:
    with pytest.raises(Unusable, match=word):
        keep_answers(self_check=self_check, answers=answers, by=chen_officer)


def test_only_the_districts_officer_answers(
    self_check: SelfCheck, zhao_signatory: User, liu_officer: User, wu_manager: User
) -> None:
    for person in (zhao_signatory, liu_officer, wu_manager):
        with pytest.raises(NotAllowed):
            keep_answers(self_check=self_check, answers={"people": "1"}, by=person)


def test_who_saw_earlier_answers_is_told(self_check: SelfCheck, chen_officer: User) -> None:
    given = {"self_check": self_check, "by": chen_officer}
    keep_answers(answers={"people": "1"}, version=0, **given)
    with pytest.raises(Stale):
        keep_answers(answers={"people": "2"}, version=0, **given)


def test_without_figures_there_is_no_form(self_check: SelfCheck) -> None:
    with pytest.raises(Conflict, match="没有数据"):
        fill(self_check, today())


def test_the_page_asks_and_keeps(reach: Reach, chen_officer: User, signed_in: Any) -> None:
    self_check = reach("approved")
    client, address = signed_in(chen_officer), f"/papers/application-form/{self_check.reference}/"
    page = client.get(f"{address}answers/").content.decode()
    assert page.count('name="grades.') == 4
    assert client.post(f"{address}answers/", {"version": "0", "people": "x"}).status_code == 422
    sent = client.post(f"{address}answers/", {"version": "0", "people": "45.23"})
    assert sent.status_code == 302
    assert 'value="45.23"' in client.get(f"{address}answers/").content.decode()
    assert client.get(f"{address}?format=xlsx").content.startswith(b"PK")
    assert client.get(address).content.startswith(b"PK")


def test_the_city_reads_the_answers(reach: Reach, zhou_inspector: User, signed_in: Any) -> None:
    self_check = reach("approved")
    address = f"/papers/application-form/{self_check.reference}/answers/"
    client = signed_in(zhou_inspector)
    page = client.get(address).content.decode()
    assert "人口总数" in page
    assert 'name="people"' not in page
    assert client.post(address, {"version": "0", "people": "1"}).status_code == 403

"""The result: what is open, each with its one act; last year; the rest one click away."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from districts.models import District, School, User
from selfchecks.bureau import outcome
from selfchecks.models import SelfCheck
from selfchecks.services.opening import open_year
from selfchecks.services.steps import take_step
from tests.reader import ids, links, tables, words
from tests.selfchecks.conftest import FILL_FROM, keep_clean

RESULT = "/self-checks/500106-2026/result/"
FIRST, NINE_YEAR = "2100001001", "2100001003"


def get(client: Client, address: str = RESULT) -> Any:
    return client.get(address)


def test_what_cannot_be_said_names_the_school_and_leads_to_its_cell(
    self_check: SelfCheck, schools: list[School], chen_officer: User, signed_in: Any
) -> None:
    keep_clean(self_check, chen_officer, changes={(FIRST, "music_rooms"): None})
    page = get(signed_in(chen_officer))
    text = words(page)
    assert re.search(r"无法判定 ?沙坪坝区第1学校：音乐专用教室数未填报", text)
    assert f"/self-checks/500106-2026/figures/{FIRST}/music_rooms/" in links(page)
    assert "不符合 0 所" in text  # the count stays, and no longer stands alone


def test_a_question_nobody_answered_is_not_spoken_of_as_a_number(
    self_check: SelfCheck, schools: list[School], chen_officer: User, signed_in: Any
) -> None:
    """It said 没有填报不算零 of a question that is answered yes or no."""
    keep_clean(self_check, chen_officer, sheets=("学校数据", "区县数据", "定性指标"))
    text = words(get(signed_in(chen_officer)))
    assert "一票否决有事项没有回答" in text
    assert "没有填报不等于没有，也不算达标" in text
    assert "零" not in text


@pytest.mark.parametrize(("rooms", "is_shown"), [(1, False), (9, True)])
def test_the_triangle_is_explained_where_one_is_shown(
    self_check: SelfCheck,
    schools: list[School],
    chen_officer: User,
    signed_in: Any,
    rooms: int,
    is_shown: bool,
) -> None:
    """A school short of ground has 9 rooms of the 9.2 it should have: above the floor of 7.82."""
    short = {(FIRST, "sports_ground_area"): 300, (FIRST, "multimedia_classrooms"): rooms}
    keep_clean(self_check, chen_officer, changes={**short, (FIRST, "pupils_primary"): 400})
    page = get(signed_in(chen_officer))
    assert ("唯一可以在基本值以上放宽的一项" in words(page)) is is_shown
    assert ('class="v v-floor"' in page.content.decode()) is is_shown


def test_a_coefficient_above_its_limit_names_the_school_that_widens_it_most(
    self_check: SelfCheck, schools: list[School], chen_officer: User, signed_in: Any
) -> None:
    """Of two primary units one has hardly any room: lifting it is the first remedy."""
    keep_clean(self_check, chen_officer, changes={(FIRST, "multimedia_classrooms"): 1})
    page = get(signed_in(chen_officer))
    text = words(page)
    assert "A7 每百名学生拥有网络多媒体教室数（小学）：差异系数 0." in text
    assert "把沙坪坝区第1学校补到达标值，系数会是 0." in text
    assert f"/self-checks/500106-2026/schools/{FIRST}/" in links(page)
    assert "14 项校际差异系数里 1 项超过限值" in text


def test_a_school_of_two_stages_stands_once(
    self_check: SelfCheck, schools: list[School], chen_officer: User, signed_in: Any
) -> None:
    """It stood in both stages with 6075 and 7510.91 less what there is, which invited adding."""
    split = {"pupils_primary": 480, "pupils_junior": 300, "classes_primary": 12}
    changes: Any = {(NINE_YEAR, field): value for field, value in split.items()}
    changes[NINE_YEAR, "sports_ground_area"] = "2000.00"
    keep_clean(self_check, chen_officer, changes=changes)
    client = signed_in(chen_officer)
    text = words(get(client))
    assert "小学：1 所学校不达标、初中：1 所学校不达标" in text
    assert text.count("运动场地面积全校差 5310.91 ㎡") == 1
    primary, junior = (
        words(get(client, f"{RESULT}?part={part}")) for part in ("primary", "junior")
    )
    assert "运动场地面积全校差 5310.91 ㎡" in primary
    assert "运动场地面积见小学" in junior
    assert "5310.91" not in junior


def test_every_unit_and_every_drawing_is_one_click_away(
    reach: Callable[[str], SelfCheck], chen_officer: User, signed_in: Any
) -> None:
    reach("submitted")
    client = signed_in(chen_officer)
    page = get(client)
    assert {"units-primary", "units-junior", "judged", "spreads", "veto"} <= set(ids(page))
    for part, units in (("primary", 2), ("junior", 2)):
        assert f"?part={part}" in links(page)
        (table,) = tables(get(client, f"{RESULT}?part={part}"))
        assert table[0][2:9] == [f"A{at} ≥ {needed}" for at, needed in enumerate(ASKED[part], 1)]
        assert len(table) == 1 + units
        assert all(len(row) == 10 for row in table)
    assert "?part=strips" in links(page)
    assert get(client, f"{RESULT}?part=strips").content.count(b"<svg id=") == 14
    assert get(client, f"{RESULT}?part=nonsense").status_code == 200


def test_what_was_handed_in_is_laid_out_once_for_all_who_may_see_it(
    reach: Callable[[str], SelfCheck],
    chen_officer: User,
    zhou_inspector: User,
    liu_officer: User,
    signed_in: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made, as_it_is = [], outcome.build
    monkeypatch.setattr(outcome, "build", lambda row: made.append(row.state) or as_it_is(row))
    self_check = reach("submitted")
    said = [words(get(signed_in(by))) for by in (chen_officer, zhou_inspector)]
    assert all("第 1 次报送的结果" in text for text in said)
    assert "Result" in words(get(signed_in(chen_officer), f"/en{RESULT}"))
    assert get(signed_in(liu_officer)).status_code == 404
    assert made == ["submitted", "submitted"]  # once in each language
    take_step(self_check=self_check, step="take_up", by=zhou_inspector)
    get(signed_in(chen_officer))
    assert len(made) == 2
    digest = self_check.evaluations.get().digest
    back: Any = {"step": "send_back", "evaluation_digest": digest, "comment": "请核对操场面积"}
    take_step(self_check=self_check, by=zhou_inspector, **back)
    for _round in range(2):  # what may change before it is handed in again is worked out each time
        assert "还没有报送" in words(get(signed_in(chen_officer)))
    assert made[2:] == ["returned", "returned"]


ASKED = {
    "primary": ("4.2", "1", "0.9", "4.5", "7.5", "2000", "2.3"),
    "junior": ("5.3", "1", "0.9", "5.8", "10.2", "2500", "2.4"),
}


def test_last_year_stands_beside_each_coefficient(
    reach: Callable[[str], SelfCheck],
    shapingba: District,
    chen_officer: User,
    wu_manager: User,
    signed_in: Any,
) -> None:
    reach("approved")
    before = spreads(get(signed_in(chen_officer)))
    (following,) = open_year(
        year=2027,
        due_on=date(2027, 12, 15),
        fill_from=FILL_FROM,
        by=wu_manager,
        districts=[shapingba],
    ).new
    keep_clean(following, chen_officer, changes={(FIRST, "backbone_teachers_primary"): 12})
    page = get(signed_in(chen_officer), "/self-checks/500106-2027/result/")
    now = spreads(page)
    assert {key: row[4] for key, row in now.items()} == {
        key: row[2].split()[0] for key, row in before.items()
    }
    assert now["A2", "小学"][2] != before["A2", "小学"][2]
    assert words(page).count("上年 4") == 1  # of four units all were met


def spreads(page: Any) -> dict[tuple[str, str], list[str]]:
    (table,) = (table for table in tables(page) if table[0][2] == "差异系数")
    return {(row[0][:2], row[1]): row for row in table[1:]}


@pytest.mark.parametrize(("sample", "satisfied", "is_said"), [(20, 18, True), (2000, 1800, False)])
def test_a_doubtful_survey_is_said_beside_satisfaction(
    self_check: SelfCheck,
    schools: list[School],
    chen_officer: User,
    signed_in: Any,
    sample: int,
    satisfied: int,
    is_said: bool,
) -> None:
    """18 of 20 are 90 %, with a lower bound of 69.9 %; 1,800 of 2,000 are 90 % for sure."""
    survey = {"D1.sample": sample, "D1.satisfied": satisfied}
    keep_clean(self_check, chen_officer, district=survey)
    note = "置信下限（95%）69.9%，低于要求的 85%"
    text = words(get(signed_in(chen_officer)))
    assert re.search("满意度 ?90.0% ?达标", text)
    assert (note in text) is is_said


def test_the_page_is_in_english_too(
    reach: Callable[[str], SelfCheck], chen_officer: User, signed_in: Any
) -> None:
    reach("draft")
    text = words(get(signed_in(chen_officer), f"/en{RESULT}"))
    assert "All 14 coefficients are within their limits" in text

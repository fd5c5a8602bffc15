"""Results as Excel: a clerk can go on working with them, an inspector with those of the city."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from districts.models import User
from selfchecks.models import SelfCheck

pytestmark = pytest.mark.django_db
Reach = Callable[[str], SelfCheck]
SignedIn = Callable[[User], Client]
RESULT = "/self-checks/500106-2026/result/?format=xlsx"


def book(client: Client, address: str) -> openpyxl.Workbook:
    answer: Any = client.get(address)
    assert answer.status_code == 200
    return openpyxl.load_workbook(BytesIO(answer.content))


def lines(page: Any) -> list[dict[str, Any]]:
    head, *rows = page.iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_a_school_has_one_line_per_stage_with_numbers_that_sum(
    reach: Reach, chen_officer: User, signed_in: SignedIn
) -> None:
    """Row 4 of the workbook: 24 qualified teachers for 404 pupils, 24 ÷ 404 × 100 = 5.940594."""
    reach("draft")
    found = book(signed_in(chen_officer), RESULT)
    assert found.sheetnames == ["学校", "差异系数", "其他指标", "未填报", "说明"]
    rows = lines(found["学校"])
    assert len({(row["学校标识码"], row["学段"]) for row in rows}) == len(rows)
    first = rows[0]
    assert first["在校生数"] == 404
    name = next(head for head in first if head.startswith("A1 ") and head != "A1 结论")
    assert first[name] == pytest.approx(5.940594, abs=1e-9)
    assert isinstance(first["学校标识码"], str)
    assert found["学校"]["H2"].number_format == "0.00"


def test_what_is_short_is_a_number_in_the_raw_unit(
    reach: Reach, chen_officer: User, signed_in: SignedIn
) -> None:
    reach("draft")
    rows = lines(book(signed_in(chen_officer), RESULT)["学校"])
    for row in rows:
        verdict, short = row["A1 结论"], row["A1 差多少（人）"]
        assert (short is None) == (verdict in ("达标", "无法判定", None))
        assert short is None or (short == int(short) and short > 0)
    assert {"A4 差多少（㎡）", "A6 差多少（万元）", "A7 差多少（间）"} <= rows[0].keys()


def test_coefficients_and_the_other_indicators_have_sheets_of_their_own(
    reach: Reach, chen_officer: User, signed_in: SignedIn
) -> None:
    reach("draft")
    found = book(signed_in(chen_officer), RESULT)
    coefficients = lines(found["差异系数"])
    assert [row["指标"] for row in coefficients] == sorted(row["指标"] for row in coefficients)
    assert {(row["限值"], row["学段"]) for row in coefficients} == {(0.5, "小学"), (0.45, "初中")}
    codes = [row["指标"] for row in lines(found["其他指标"])]
    assert codes[:2] == ["B1", "B2"]
    assert codes.index("B10") == codes.index("B9") + 1
    about = {row["项目"]: row["内容"] for row in lines(found["说明"])}
    assert about["指纹"].startswith("sha256:")


def test_the_city_has_every_unit_of_the_year_and_every_school(
    reach: Reach, zhou_inspector: User, signed_in: SignedIn
) -> None:
    row = reach("approved")
    address = reverse("admin:selfchecks_selfcheck_board") + "?year=2026&format=xlsx"
    found = book(signed_in(zhou_inspector), address)
    units = lines(found["区县"])
    assert len(units) == 42  # the 41 of the plan and 500157
    mine = next(unit for unit in units if unit["代码"] == "500106")
    assert mine["区县"] == row.district.name
    stored = row.evaluations.get()
    assert mine["评估单元"] == stored.unit_results.filter(is_counted=True).count()
    assert mine["评估单元"] == mine["达标"] + mine["不达标"] + mine["无法判定"]
    other = next(unit for unit in units if unit["代码"] != "500106")
    assert other["测算结论"] is None
    assert isinstance(mine["A1 小学差异系数"], float)
    schools = lines(found["学校"])
    assert len(schools) == stored.unit_results.count()
    assert {school["区县"] for school in schools} == {row.district.name}


def test_only_the_city_takes_the_city_out(
    reach: Reach, chen_officer: User, signed_in: SignedIn
) -> None:
    reach("submitted")
    address = reverse("admin:selfchecks_selfcheck_board") + "?year=2026&format=xlsx"
    assert signed_in(chen_officer).get(address).status_code in (302, 403, 404)

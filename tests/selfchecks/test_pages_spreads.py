"""The table of coefficients: ours decides, what others would compute stands beside it."""

import csv
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

from django.test import Client
from django.utils.translation import override

from districts.models import User
from indicators.calculation.evaluate import evaluate
from indicators.models import Indicator
from indicators.presenting import Presented
from selfchecks.models import SelfCheck
from tests.indicators.calculation.builders import make_payload
from tests.indicators.calculation.test_mistakes_of_others import five_schools
from tests.reader import links, words


def test_another_verdict_without_weights_is_said() -> None:
    """The published example of five schools: 0.5153 by pupils, 0.4888 with every school alike."""
    with override("zh-hans"):
        rows = Presented(
            evaluate(make_payload(*five_schools())), [Indicator(code="A1", name="教师数")]
        ).spreads
    first = rows[0]
    assert (first.code, first.name, first.stage) == ("A1", "教师数", "小学")
    assert (first.found.cv, first.words) == ("0.515257", "不达标")
    assert (first.cv, first.unweighted_cv) == ("0.515", "0.489")
    assert (first.found.unweighted_cv, first.unweighted_words) == ("0.488771", "达标")
    assert (first.mean, first.sd) == ("633.44", "326.39")  # 1913 ÷ 302 × 100, × 0.515257
    assert all(not row.unweighted_words for row in rows[1:])


def test_the_composite_is_the_plain_mean_of_seven() -> None:
    outcome = evaluate(make_payload(*five_schools()))
    ((_stage, composite),) = Presented(outcome, []).composites
    table = outcome.dispersion["primary"].coefficients
    seven = [float(found.cv or "nan") for found in table.values()]
    assert abs(float(composite) - sum(seven) / 7) <= 0.0005


def test_the_result_page_shows_what_decides_nothing_as_such(
    reach: Callable[[str], SelfCheck], chen_officer: User, signed_in: Callable[[User], Client]
) -> None:
    reach("draft")
    page: Any = words(signed_in(chen_officer).get("/self-checks/500106-2026/result/"))
    assert "各校同等计（仅供参考）" in page
    assert "综合（七项的平均，仅供参考，不作判定）" in page


def test_the_table_to_download_has_shown_and_exact_values(
    reach: Callable[[str], SelfCheck], chen_officer: User, signed_in: Callable[[User], Client]
) -> None:
    """Row 4 of the workbook: 24 qualified teachers for 404 pupils, 5.9405…"""
    reach("draft")
    client = signed_in(chen_officer)
    content = client.get("/self-checks/500106-2026/result/?format=csv").content.decode("utf-8-sig")
    lines = list(csv.DictReader(content.splitlines()))
    first = lines[0]
    assert (first["在校生数"], first["指标"]) == ("404", "A1")
    assert (first["数值"], first["未修约的数值"]) == ("5.94", "5.940594")
    assert {len(line["数值"].partition(".")[2]) for line in lines if line["数值"]} == {2}


def test_the_drawn_coefficients_are_taken_along_as_a_table_and_as_drawings(
    reach: Callable[[str], SelfCheck], chen_officer: User, signed_in: Callable[[User], Client]
) -> None:
    reach("draft")
    client, path = signed_in(chen_officer), "/self-checks/500106-2026/result/"
    page = client.get(path)
    for tail in ("?part=spreads&format=csv", "?part=primary&format=svg", "?part=junior&format=svg"):
        assert tail in links(page)
    content = client.get(f"{path}?part=spreads&format=csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(content.splitlines()))
    assert [(row["指标"], row["学段"]) for row in rows[:2]] == [("A1", "小学"), ("A1", "初中")]
    assert (len(rows), rows[0]["限值"], rows[0]["上年"]) == (14, "0.50", "")
    drawn = client.get(f"{path}?part=junior&format=svg")
    assert drawn["Content-Type"] == "image/svg+xml"
    root = ElementTree.fromstring(drawn.content)
    assert root.get("id") == "spreads-junior"
    assert "var(--" not in drawn.content.decode()  # its colours stand in it
    assert client.get(f"{path}?part=nothing&format=svg").headers["Content-Type"].startswith("text")


def test_the_coefficients_stand_drawn_beside_their_sentence(
    reach: Callable[[str], SelfCheck], chen_officer: User, signed_in: Callable[[User], Client]
) -> None:
    """A drawing a stage, seven lines each; of a first year nothing is drawn beside."""
    reach("draft")
    page = signed_in(chen_officer).get("/self-checks/500106-2026/result/").content.decode()
    assert page.index("14 项校际差异系数都在限值以内") < page.index('id="spreads-primary"')
    for stage in ("primary", "junior"):
        drawn = page.partition(f'id="spreads-{stage}"')[2].partition("</svg>")[0]
        assert drawn.count("<title>") == 7
        assert "限值 0.50；7 项中 7 项达标。" in drawn or "限值 0.45；7 项中 7 项达标。" in drawn
        assert 'class="way"' not in drawn

"""The line above the stairs is true of any plan and outcome, and the drawing stands alone."""

import re
from datetime import date
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from schedule.models import (
    CertificationEvent,
    CertificationList,
    CertificationStep,
    PlannedCertification,
)
from schedule.progress import Event, Listing, PhaseGoal, Progress, Unit, measure
from schedule.totals import finding
from tests.reader import words

PHASES = [PhaseGoal("一", 2022, 2023, 3), PhaseGoal("二", 2024, 2025, 3)]
# Two units a year, 2022 to 2024.
UNITS = [Unit(f"U{at}", 2022 + at // 2) for at in range(6)]


def counted(day: date, *certified: date, unnamed: int = 0) -> Progress:
    events = [Event(f"U{at}", when, "certified", "nation") for at, when in enumerate(certified)]
    lists = [Listing("名单", date(2024, 5, 6), unnamed)] if unnamed else []
    return measure(UNITS, PHASES, events, as_of=day, lists=lists)


SPRING, MAY = date(2023, 3, 1), date(2024, 5, 6)


@pytest.mark.parametrize(
    ("progress", "sentence"),
    [
        (counted(date(2022, 6, 1)), "已通过 0 个；2022 年底应有 2 个"),
        (counted(date(2022, 6, 1), date(2022, 5, 1)), "已通过 1 个；2022 年底应有 2 个"),
        (counted(date(2023, 6, 1)), "还没有单位通过，比 2022 年底的规划少 2 个"),
        (counted(date(2023, 6, 1), SPRING), "2023年3月增加 1 个，比 2022 年底的规划少 1 个"),
        (
            counted(date(2023, 6, 1), SPRING, SPRING),
            "2023年3月增加 2 个，正好是 2022 年底规划的 2 个",
        ),
        (counted(date(2023, 6, 1), *[SPRING] * 4), "2023年3月增加 4 个，比 2022 年底的规划多 2 个"),
        (
            counted(date(2024, 6, 1), SPRING, unnamed=2),
            "2024年5月增加 2 个，比 2023 年底的规划少 1 个",
        ),
        (counted(date(2024, 6, 1), SPRING, MAY), "2024年5月增加 1 个，比 2023 年底的规划少 2 个"),
        (counted(date(2024, 6, 1), *[SPRING] * 6), "6 个单位全部通过国家认定"),
        (counted(date(2024, 6, 1), *[SPRING] * 2, unnamed=4), "6 个单位全部通过国家认定"),
        (counted(date(2031, 6, 1), SPRING), "2023年3月增加 1 个，比 2025 年底的规划少 5 个"),
    ],
)
def test_it_says_growth_and_gap(progress: Progress, sentence: str) -> None:
    assert finding(progress) == sentence


def test_in_english() -> None:
    with translation.override("en"):
        assert (
            finding(counted(date(2023, 6, 1), SPRING))
            == "1 more in March 2023, 1 fewer than planned for the end of 2022"
        )


@given(
    day=st.dates(date(2022, 1, 1), date(2031, 1, 1)),
    days=st.lists(st.dates(date(2022, 1, 1), date(2031, 1, 1)), max_size=6),
)
def test_the_gap_is_what_the_sums_say(day: date, days: list[date]) -> None:
    progress = counted(day, *days)
    reached = sum(when <= day for when in days)
    due = min(2 * max(day.year - 2022, 0), 6)  # counted here by hand, not by the table of years
    told = re.search(r"规划(少|多) (\d+) 个", finding(progress))
    if told and reached < 6:
        assert (int(told[2]) if told[1] == "多" else -int(told[2])) == reached - due
    else:
        assert reached == 6 or due == 0 or reached == due


# -- with the city's own figures -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"as_of": "2026-11-28"}, "2026年1月增加 6 个，比 2025 年底的规划少 8 个"),
        ({"as_of": "2026-01-11"}, "2025年3月增加 4 个，比 2025 年底的规划少 14 个"),
        ({"as_of": "2025-03-13"}, "还没有单位通过，比 2024 年底的规划少 11 个"),
        ({"as_of": "2022-01-08"}, "已通过 0 个；2022 年底应有 4 个"),
        (
            {"as_of": "2026-11-28", "basis": "current"},
            "2026年1月增加 6 个，比 2025 年底的规划少 7 个",
        ),
    ],
)
def test_the_page_says_it(
    client: Client, reference: None, asked: dict[str, str], sentence: str
) -> None:
    page = client.get("/", asked)
    assert f'<h2 id="stairs-heading">{sentence}</h2>' in page.text
    assert f'<title id="stairs-title">{sentence}</title>' in page.text


def test_when_all_are_certified_nothing_is_missing(client: Client, reference: None) -> None:
    CertificationList.objects.filter(name="2025年第一批").update(units_in_city=0)
    announced = CertificationStep.objects.get(year=2025, is_announcement=True)
    certified = CertificationEvent.objects.filter(result="certified").values("district")
    planned = PlannedCertification.objects.exclude(district__in=certified)
    CertificationEvent.objects.bulk_create(
        CertificationEvent(
            district=entry.district,
            step=announced,
            result="certified",
            date=date(2026, 11, 1),
            recorded_at=timezone.now(),
            changed_at=timezone.now(),
            source="https://example.org/list",
            document_number="试2号",
            known_on=date(2026, 11, 1),
        )
        for entry in planned
    )
    page = client.get("/", {"as_of": "2026-11-28"})
    text = words(page)
    assert "41 / 41 截至2026年11月28日，41 个规划单位中 41 个已通过国家认定 按规划" in text
    assert "41 个单位全部通过国家认定" in text
    # Nothing of what is late, open or unknown is left: no key, no group, no gap, no warning.
    assert "m-gap" not in page.text
    assert re.findall(r'square q-(\w+)" aria', page.text) == ["pass"]
    assert page.text.count("<summary>") == 1 + 1 + 1 + 1  # two tables, one group, a code to embed
    assert "待核" not in text.split("最近的变化")[0]
    assert "已过规划年份" not in text


def test_before_the_list_nobody_is_unnamed(client: Client, reference: None) -> None:
    text = words(client.get("/", {"as_of": "2025-03-13"})).split("最近的变化")[0]
    assert "待核" not in text
    assert "41 个规划单位中 0 个已通过国家认定" in text


def test_the_chart_leads_to_its_figures_and_to_itself(client: Client, reference: None) -> None:
    asked = {"as_of": "2026-11-28", "basis": "current"}
    html = client.get("/", asked).text
    csv = re.search(r'<a href="([^"]+)">CSV</a>', html)
    svg = re.search(r'<a href="([^"]+)">SVG</a>', html)
    assert csv
    assert svg
    lines = client.get(csv[1].replace("&amp;", "&")).content.decode("utf-8-sig").splitlines()
    assert lines[1].startswith("2026-11-28,current,total")
    file = client.get(svg[1].replace("&amp;", "&"))
    assert file["Content-Disposition"] == 'attachment; filename="stairs-current-2026-11-28.svg"'
    root = ElementTree.fromstring(file.content)
    style = next(part for part in root if part.tag.endswith("style")).text or ""
    assert "var(" not in style
    assert re.search(r"\.f-pass \{\s*fill: #0b6e4f", style)
    drawn = [part for part in root.iter() if part.get("class", "").startswith("f-")]
    assert len(drawn) == 38  # 39 units, one of them without a planned year


def test_a_file_of_a_day_to_come_is_refused(client: Client, reference: None) -> None:
    assert client.get("/stairs.svg", {"as_of": "2999-01-01"}).status_code == 422
    assert client.post("/stairs.svg").status_code == 405

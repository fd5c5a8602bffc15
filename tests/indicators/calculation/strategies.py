"""Random districts for property tests: any types, any figures the intake lets pass."""

from typing import Any

from hypothesis import strategies as st

from figures.table import STAGES_OF_TYPE
from tests.indicators.calculation.builders import make_district, make_payload, make_school

COUNTS = st.integers(0, 60)


@st.composite
def schools(draw: st.DrawFn, number: int) -> dict[str, Any]:
    """A school around the thresholds; pupils never zero."""
    kind = draw(st.sampled_from(sorted(STAGES_OF_TYPE)))
    changes: dict[str, Any] = {}
    for stage in STAGES_OF_TYPE[kind]:
        changes[f"pupils_{stage}"] = draw(st.integers(1, 900))
        if stage != "senior":
            for field in ("qualified_teachers", "backbone_teachers", "pe_arts_teachers"):
                changes[f"{field}_{stage}"] = draw(COUNTS)
    changes["location"] = draw(st.sampled_from(["城区", "镇区", "乡村"]))
    changes["boarding"] = draw(st.sampled_from(["是", "否"]))
    indoor = draw(st.integers(0, 2000))
    changes["indoor_sports_area"] = indoor
    changes["teaching_area"] = indoor + draw(st.integers(0, 9000))
    changes["sports_ground_area"] = draw(st.integers(0, 15_000))
    changes["equipment_value"] = f"{draw(st.integers(0, 4_000_000)) / 10_000:.4f}"
    changes["multimedia_classrooms"] = draw(COUNTS)
    return make_school(number, kind, **changes)


@st.composite
def payloads(draw: st.DrawFn, most: int = 5) -> dict[str, Any]:
    """A district of one to ``most`` schools whose district items sometimes fail."""
    size = draw(st.integers(1, most))
    rows = [draw(schools(number)) for number in range(size)]
    items = make_district(
        B7__special_budget_per_pupil=draw(st.sampled_from(["6000", "5999.99"])),
        C1__graduates=draw(st.integers(93, 97)),
        D1__satisfied=draw(st.integers(845, 855)),
    )
    return make_payload(*rows, district=items)

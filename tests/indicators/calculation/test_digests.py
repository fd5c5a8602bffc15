"""Stored snapshots must replay bit for bit: results of known figures keep the digests they had."""

from dataclasses import replace
from typing import Any

import pytest

from figures.table import STAGES_OF_TYPE
from indicators.calculation.rules import Rules
from indicators.calculation.rules_2017 import STANDARD_2017
from tests.indicators.calculation.builders import evaluate, make_payload, make_school
from tests.indicators.calculation.test_special_cases import OPEN, case, village

UNEVEN = [
    make_school(
        number,
        kind,
        teaching_area=f"{2500 * number}.5{number}",
        equipment_value=f"{90 * number}.07",
        multimedia_classrooms=9 * number,
    )
    for number, kind in enumerate(STAGES_OF_TYPE, 1)
]
NOBODY = ("pupils", "qualified_teachers", "backbone_teachers", "pe_arts_teachers", "classes")
# Kept before the intake was held against the pupils: such snapshots replay all the same.
INTAKE_OF_ITS_DAY = {
    stage: {f"intake_{stage}": 100, f"nearby_intake_{stage}": 100}
    for stage in ("primary", "junior")
}
OPEN_QUESTIONS = [
    make_school(1, backbone_teachers_primary=None),
    make_school(
        2,
        "九年一贯制",
        largest_class_junior=0,
        **INTAKE_OF_ITS_DAY["junior"],
        **{f"{name}_junior": 0 for name in NOBODY},
    ),
]
SHARED = [case("A3.shared_teachers", stage="primary", amount=1)]


@pytest.mark.parametrize(
    ("payload", "rules", "digest"),
    [
        (
            make_payload(),
            STANDARD_2017,
            "387a3cdd992ea69327b0c45d67ec283578a9005b717772a46e03aab69eb2e79e",
        ),
        (
            make_payload(*UNEVEN),
            STANDARD_2017,
            "a70b6bb4df4b6a8340a86ad1c052ae536e26de465c9f8f049d05ec837a8643d4",
        ),
        (
            make_payload(*UNEVEN),
            replace(STANDARD_2017, weighting="none"),
            "e2767dfd61d688c339d7c0cce7818c959332dfda3777d5ebceea87055b86f211",
        ),
        (
            make_payload(*OPEN_QUESTIONS),
            STANDARD_2017,
            "744b46dbd5084f97ba4731d5ab2810d8ade827c07d50852c905eccb2fbb8f6fe",
        ),
        (
            make_payload(village(**INTAKE_OF_ITS_DAY["primary"]), special_cases=SHARED),
            OPEN,
            "c3a8648762303445c02b8efc22cc5faa4fd9d7bae0288e30050aa168b43e5bc7",
        ),
    ],
)
def test_the_digest_is_what_it_always_was(
    payload: dict[str, Any], rules: Rules, digest: str
) -> None:
    assert evaluate(payload, rules, is_stored=True)["digest"] == f"sha256:{digest}"

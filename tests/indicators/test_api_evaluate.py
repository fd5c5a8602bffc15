"""POST evaluate/: any signed-in client, nothing stored, exact refusals, 5,000 schools in time."""

import json
import time
from typing import Any

import pytest

URL = "/api/v1/evaluate/"


def school(number: int, **figures: Any) -> dict[str, Any]:
    return {
        "school_code": f"21500{number:05d}",
        "school_name": f"第{number}小学",
        "school_type": "小学",
        "location": "城区",
        "ownership": "公办",
        "boarding": "否",
        "pupils_primary": 1000,
        "classes_primary": 24,
        "largest_class_primary": 45,
        "qualified_teachers_primary": 42,
        "backbone_teachers_primary": 10,
        "pe_arts_teachers_primary": 9,
        "teaching_area": "4500.00",
        "indoor_sports_area": "0",
        "sports_ground_area": "7500.00",
        "equipment_value": "200.0000",
        "multimedia_classrooms": 23,
        "music_rooms": 2,
        "art_rooms": 2,
        "teachers": 60,
        "teachers_certified": 60,
        "teachers_trained": 60,
        "funded_pupils": 1000,
        "operating_budget": "100",
        "training_budget": "5",
        "nearby_intake_primary": 160,
        "intake_primary": 160,
        **figures,
    }


@pytest.fixture
def post(bearer: Any, chen_officer: Any) -> Any:
    client = bearer(chen_officer)

    def _post(body: Any, **headers: str) -> Any:
        return client.post(
            URL, json.dumps(body), content_type="application/json", headers=headers or None
        )

    return _post

def test_time(post):
    body = {"standard": "2017", "schools": [school(n) for n in range(5000)]}
    raw=json.dumps(body)
    start = time.perf_counter()
    r = post(body)
    print(r.status_code, len(raw), len(r.content), time.perf_counter() - start)
    import cProfile,pstats
    p=cProfile.Profile();p.enable();post(body);p.disable();pstats.Stats(p).sort_stats("cumtime").print_stats(25)

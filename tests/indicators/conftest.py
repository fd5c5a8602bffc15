"""The standard of 2017 as loaded, and a draft made from it by a manager."""

from typing import Any

import pytest

from districts.models import User
from indicators.models import Standard
from indicators.services.standards import draft_from


@pytest.fixture
def standard(reference: None) -> Standard:
    return Standard.objects.get(code="2017")


@pytest.fixture
def draft(standard: Standard, wu_manager: User) -> Standard:
    return draft_from(standard=standard, code="2027", reason="国家修订办法", by=wu_manager)


def primary_school(number: int, **figures: Any) -> dict[str, Any]:
    """A 小学 of 1000 pupils with exactly what is asked, 9 teachers of PE and arts included."""
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

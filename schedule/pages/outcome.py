"""What came of a certification, for who answers for the unit: never public."""

from typing import Any

from districts.models import District
from districts.scope import Viewer
from schedule.look_back_words import line
from schedule.models import LookBack
from schedule.services.reading import today

SHOWN = 10  # of each kind, the newest first


def outcome_of(district: District, viewer: Viewer) -> dict[str, Any]:
    """Nothing for who may not see it."""
    looked = LookBack.objects.visible_to(viewer).filter(district=district)
    rows = looked.select_related("district")[:SHOWN]
    return {"look_backs": [line(row, today()) for row in rows]}

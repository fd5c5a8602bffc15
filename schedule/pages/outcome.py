"""What came of it for a unit, for who answers for it: look-backs, money, what followed."""

from typing import Any

from districts.models import District
from districts.scope import Viewer, reaches
from districts.sources import source_of
from schedule.look_back_words import GRANT_LOOKS, line
from schedule.models import Consequence, Guidance, LookBack
from schedule.services import grants
from schedule.services.reading import today

SHOWN = 10  # of each kind, the newest first


def outcome_of(district: District, viewer: Viewer) -> dict[str, Any]:
    """Nothing for who may not see it."""

    def rows(model: Any) -> Any:
        return model.objects.visible_to(viewer).filter(district=district)

    looked = rows(LookBack).select_related("district")[:SHOWN]
    guided = rows(Guidance).prefetch_related("entries")[:SHOWN]
    return {
        "look_backs": [line(row, today()) for row in looked],
        "grants": [
            (found, GRANT_LOOKS[found.state]) for found in grants.of_district(district, viewer)
        ],
        "consequences": [(row, source_of(row)) for row in rows(Consequence)[:SHOWN]],
        "guidances": list(guided),
        "is_theirs": reaches(viewer, district.pk),
    }

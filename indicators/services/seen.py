"""What a reader saw of a version, as short texts that change when it says something else."""

import hashlib
import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from audit.services import fingerprint
from indicators.models import Indicator, OpenPoint, SpecialCase, Standard, Threshold

FIELDS: dict[type, tuple[str, ...]] = {
    Standard: (
        "title",
        "english_title",
        "document_number",
        "effective_from",
        "effective_to",
        "floor_ratio",
        "required_met",
        "dispersion_limit_primary",
        "dispersion_limit_junior",
        "weighting",
        "shown_digits",
        "point_limit",
        "point_comparison",
        "attached_points",
        "training_accounts",
        "monitored_subjects",
        "split_weights",
        "exempt_types",
    ),
    Indicator: ("name", "english_name", "wording", "english_wording", "source"),
    Threshold: ("label", "english_label", "value"),
    SpecialCase: (
        "wording",
        "english_wording",
        "parameters",
        "is_enabled",
        "needs_end_year",
        "source",
    ),
    OpenPoint: (
        "question",
        "english_question",
        "default",
        "english_default",
        "note",
        "english_note",
    ),
}


def row_tag(row: Any) -> str:
    """Changes whenever the row says something else."""
    return fingerprint(row, *FIELDS[type(row)])


def content_tag(standard: Standard) -> str:
    """Changes whenever anything in the version does."""
    rows = [
        Standard.objects.filter(pk=standard.pk),
        standard.indicators.all(),
        Threshold.objects.filter(indicator__standard=standard).order_by("pk"),
        standard.special_cases.all(),
        standard.open_points.all(),
    ]
    said = [list(found.values_list("pk", *FIELDS[found.model])) for found in rows]
    text = json.dumps(said, cls=DjangoJSONEncoder, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]

"""What the indicators of a standard are called, for sheets and pages of a self-check."""

from indicators.models import Standard


def indicator_names(standard: Standard) -> dict[str, str]:
    """Indicator code → its short name in this version of the standard."""
    return {}

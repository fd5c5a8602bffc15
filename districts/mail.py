"""Whether letters would reach anybody."""

from django.conf import settings

# Backends that reach nobody: with them a notice stays in the portal.
SILENT = ("console", "dummy", "filebased")


def mail_is_configured() -> bool:
    """Whether letters would reach anybody."""
    return not any(f".{name}." in settings.EMAIL_BACKEND for name in SILENT)

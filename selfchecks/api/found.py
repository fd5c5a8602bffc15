"""The self-check an address names, within the reader's scope, and what its tag says."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from districts.roles import Role
from rest.permissions import allow
from selfchecks.models import SelfCheck

TAG = _("自查")
REFERENCE = "[0-9A-Za-z]{1,12}-[0-9]{4}"
SAMPLES = {"reference": "500106-2026", "number": "1"}
READERS = [role.value for role in Role]
READING = allow(read=READERS)


def visible_self_checks(viewer: Any) -> "QuerySet[SelfCheck]":
    rows: QuerySet[SelfCheck] = SelfCheck.objects.visible_to(viewer).select_related(
        "district", "standard", "inspector", "approved_evaluation"
    )
    return rows


def self_check_of(viewer: Any, reference: str) -> SelfCheck:
    """``500106-2026`` → the self-check. Raises Http404 for somebody else's."""
    code, _dash, year = reference.rpartition("-")
    row = visible_self_checks(viewer).filter(district__code=code, year=int(year)).first()
    if row is None:
        raise Http404
    return row


def tag_of(self_check: SelfCheck) -> str:
    """Changes with every change of state or content."""
    return f"{self_check.reference}.{self_check.version}"


def version_of(self_check: SelfCheck, seen: str | None) -> int | None:
    """The version a writer has seen, for the service to compare under its lock; None for any.

    A tag of another state is a version that never was.
    """
    if seen is None:
        return None
    tag = tag_of(self_check)
    return self_check.version if seen == tag or seen.startswith(f"{tag}.") else 0

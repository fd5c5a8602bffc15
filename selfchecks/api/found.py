"""The self-check an address names, within the reader's scope, and what its tag says."""

from typing import Any, ClassVar

from django.db.models import Model, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import mixins
from rest_framework.request import Request

from districts.roles import Role
from rest.permissions import allow
from rest.views import ApiView, Resource, seen_tag
from selfchecks.demo import RETURNED
from selfchecks.models import SelfCheck
from selfchecks.services.blockers import stale
from selfchecks.services.demo import years_until

TAG = _("自查")
REFERENCE = "[0-9A-Za-z]{1,12}-[0-9]{4}"
YEAR = years_until(timezone.localdate(), 1)[0]  # of the demonstration's newest self-checks
# Of a returned one, so that its officer may upload again.
SAMPLES = {"reference": f"{RETURNED}-{YEAR}", "number": "1", "account": f"officer_{RETURNED}"}
READERS = [role.value for role in Role]
READING = allow(read=READERS)


def writing(*roles: str) -> Any:
    """All may read, these roles may write, with a token of its own scope."""
    return allow(read=READERS, write=[*roles], scope="write:selfcheck")


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


def refuse_stale(request: Request, self_check: SelfCheck) -> None:
    """Raises Stale when the writer has seen another version, PreconditionRequired for none."""
    seen = seen_tag(request, tag_of(self_check))
    if version_of(self_check, seen) not in (None, self_check.version):
        raise stale(self_check)


class SelfCheckView(ApiView):
    """One answer about the self-check of the address."""

    permission_classes = [READING]
    samples = SAMPLES
    tag = TAG


class SelfCheckRows(mixins.ListModelMixin, Resource):
    """Rows of the self-check of the address, the latest first."""

    model: ClassVar[Any] = Model
    related: tuple[str, ...] = ()
    permission_classes = [READING]
    cursor_key = "-number"
    samples = SAMPLES
    tag = TAG

    def get_queryset(self) -> "QuerySet[Any]":
        if getattr(self, "swagger_fake_view", False):
            return self.model.objects.none()
        self_check = self_check_of(self.request.user, self.kwargs["reference"])
        rows = self.model.objects.visible_to(self.request.user).filter(self_check=self_check)
        return rows.select_related(*self.related)

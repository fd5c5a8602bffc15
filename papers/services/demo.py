"""A template of the office, so that the demonstration has one to show."""

from districts.models import User
from documents.fields import shipped
from papers.kinds import Name
from papers.models import Template
from papers.services.templates import keep


def load(*, by: User) -> None:
    """Once; the portal's own, sent back as it is."""
    if not Template.objects.exists():
        kind = Name.UNIT_REPORT
        name, reason = f"{kind.label}.docx", "演示：与门户自带的模板相同"
        keep(kind=kind, content=shipped(kind), name=name, reason=reason, by=by)

"""A template of the office and a few answers, so that the demonstration has them to show."""

from districts.models import User
from districts.roles import Role
from documents.fields import shipped
from papers.models import Batch, FormAnswers, Template
from papers.names import Name
from papers.services.answers import keep_answers
from papers.services.batches import ask, work_on
from papers.services.templates import keep
from selfchecks.models import SelfCheck

MADE_UP = {"people": "45.20", "townships": "12", "villages": "96"}


def load(*, by: User) -> None:
    """A template once: the portal's own, sent back as it is; and answers of one district."""
    if not Template.objects.exists():
        kind = Name.UNIT_REPORT
        name, reason = f"{kind.label}.docx", "演示：与门户自带的模板相同"
        keep(kind=kind, content=shipped(kind), name=name, reason=reason, by=by)
    if not FormAnswers.objects.exists():
        _answer()
    if not Batch.objects.exists():
        work_on(key=ask(kind=Name.UNIT_REPORT, by=by).pk, by=None)


def _answer() -> None:
    """By an officer whose unit has a self-check."""
    officers = User.objects.filter(role=Role.OFFICER, is_demo=True, is_active=True)
    rows = SelfCheck.objects.filter(is_demo=True, district__in=officers.values("district"))
    self_check = rows.select_related("district").order_by("-year", "district__code").first()
    if self_check:
        officer = officers.filter(district=self_check.district).first()
        assert officer
        keep_answers(self_check=self_check, answers=MADE_UP, by=officer)

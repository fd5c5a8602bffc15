"""Keeps an office's template once it has been looked at and filled in with examples."""

from collections.abc import Iterator

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from audit.refusals import Conflict, NotAllowed, Unusable
from audit.services import record
from districts.models import User
from districts.roles import Role
from documents.checking import checked
from documents.faults import Fault
from documents.fields import sample
from papers.models import Template
from papers.names import Name
from papers.services.making import content_of
from selfchecks import clock
from selfchecks.files import fingerprint, harmless_name, scanner
from workbooks.findings import Refused
from workbooks.guard import screen

MAY_KEEP = (Role.MANAGER,)
NO_REASON = _("请写明改动了什么、依据什么；会写入审计记录。")


def keep(*, kind: str, content: bytes, name: str, reason: str, by: User) -> Template:
    """A new version, in use at once; earlier ones stay.

    Raises NotAllowed, and Unusable for a file that is no plain document, or that asks for a field
    the document does not have.
    """
    if by.role not in MAY_KEEP:
        raise NotAllowed(_("公文模板由市级管理员维护。"))
    Unusable.check(
        {
            "kind": None if kind in Name.values else _("没有这种公文。"),
            "reason": None if reason.strip() else NO_REASON,
        }
    )
    sound = _looked_at(kind, content)
    with transaction.atomic():
        rows = Template.objects.select_for_update().filter(kind=kind)
        last = max((row.number for row in rows.only("number")), default=0)
        template = Template.objects.create(
            kind=kind,
            number=last + 1,
            name=harmless_name(name),
            content=sound,
            sha256=fingerprint(sound),
            reason=reason.strip(),
            kept_by=by,
            kept_at=clock.now(),
        )
        changes = {"kind": kind, "number": template.number, "sha256": template.sha256}
        record(action="template.keep", by=by, on=template, changes=changes, reason=template.reason)
    return template


def faults() -> Iterator[str]:
    """What would be refused if it were sent today, of the templates in use: each with the reason.

    Rules grow stricter and fields change after an office has sent its own.
    """
    for kind in Name:
        template = Template.objects.newest(kind)
        try:
            if template:
                checked(content_of(template), sample(kind))
        except Conflict as refusal:
            yield str(refusal)
        except Fault as fault:
            yield _("公文模板「%(template)s」：%(reason)s") % {
                "template": template,
                "reason": fault.render(gettext),
            }


def _looked_at(kind: str, content: bytes) -> bytes:
    try:
        screen(content, scan=scanner())
        return checked(content, sample(kind))
    except Refused as refusal:
        raise Unusable.at("file", str(refusal), code=refusal.state) from refusal
    except Fault as fault:
        raise Unusable.at("file", fault.render(gettext), code="template") from fault

"""Audit: what was done, by whom, and has anyone touched the record?"""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

VERIFY = "audit_verify"  # the command, and the periodic work that runs it
INTACT = _("审计链完整，共 %(number)s 条；数据和文件与记录一致。末端 %(number)s：%(hash)s")


class AuditConfig(AppConfig):
    name = "audit"
    verbose_name = _("审计")

    def ready(self) -> None:
        from audit.periodic import Job, export_anchor, register, verify_record

        register(
            Job(VERIFY, _("核对审计链、数据和文件"), verify_record, INTACT),
            Job("audit_anchor", _("抄存审计链末端"), export_anchor, _("末端 %(number)s：%(hash)s")),
        )

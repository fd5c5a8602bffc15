"""Audit: what was done, by whom, and has anyone touched the record?"""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "audit"
    verbose_name = _("审计")

    def ready(self) -> None:
        from audit.periodic import Job, export_anchor, register, verify_record

        register(
            Job("audit_verify", _("核对审计链、数据和文件"), verify_record),
            Job("audit_anchor", _("抄存审计链末端"), export_anchor),
        )

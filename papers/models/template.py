"""A template an office has sent in place of the one the portal brings."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.seals import Sealed
from districts.scope import PUBLIC, ScopedQuerySet
from papers.names import Name
from selfchecks.models.self_check import person


class TemplateQuerySet(ScopedQuerySet):
    def newest(self, kind: str) -> "Template | None":
        """The one in use, unless the portal's own is."""
        found: Template | None = self.filter(kind=kind).order_by("number").last()
        return found


class Template(Sealed):
    """One version of the template of a document (公文模板), for good; the newest is in use."""

    scope = PUBLIC
    unsealed = {"content": "sha256 is sealed and says what the bytes were"}

    kind = models.CharField(_("公文"), max_length=24, choices=Name.choices)
    number = models.PositiveIntegerField(_("版次"))
    name = models.CharField(_("文件名"), max_length=120)
    content = models.BinaryField(_("内容"))
    sha256 = models.CharField(_("文件校验码（SHA-256）"), max_length=64)
    reason = models.CharField(_("改动说明"), max_length=500)
    kept_by = person(_("上传人"))
    kept_at = models.DateTimeField(_("上传时间"))

    objects = TemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("公文模板")
        verbose_name_plural = pgettext_lazy("plural", "公文模板")
        ordering = ("kind", "-number")
        constraints = [
            models.UniqueConstraint(fields=("kind", "number"), name="template_number_once"),
            models.CheckConstraint(
                condition=models.Q(kind__in=Name.values), name="template_kind_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"

"""Documents that show what figures cannot."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.seals import Sealed
from districts.scope import ScopedQuerySet

from .self_check import OPTIONAL, part_of_self_check, person


class EvidenceItem(Sealed):
    """A file attached to an indicator (佐证材料); kept inert, only ever offered for download.

    Taking it back marks it removed: what was part of a submission stays on record.
    """

    scope = "self_check__district"

    self_check = part_of_self_check("evidence_items")
    indicator = models.CharField(_("指标"), max_length=8)
    file = models.FileField(_("文件"), max_length=200)
    display_name = models.CharField(_("文件名"), max_length=120)
    kind = models.CharField(_("类型"), max_length=5)
    size = models.PositiveIntegerField(_("字节数"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    added_by = person(_("上传人"))
    added_at = models.DateTimeField(_("上传时间"))
    removed_by = person(_("撤下人"), **OPTIONAL)
    removed_at = models.DateTimeField(_("撤下时间"), null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("佐证材料")
        verbose_name_plural = _("佐证材料")
        ordering = ("self_check", "indicator", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("self_check", "indicator", "sha256"),
                condition=Q(removed_at__isnull=True),
                name="evidence_file_once_per_indicator",
            ),
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True, removed_by__isnull=True)
                | Q(removed_at__isnull=False, removed_by__isnull=False),
                name="evidence_removed_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.display_name}"

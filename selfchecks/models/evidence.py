"""Documents that show what figures cannot."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.seals import Sealed
from districts.scope import PUBLIC, ScopedQuerySet
from indicators.models import Standard

from .self_check import OPTIONAL, part_of_self_check, person


class EvidenceItem(Sealed):
    """A file attached to an indicator (佐证材料); kept inert, only ever offered for download.

    Taking it back marks it removed: what was part of a submission stays on record. Without an
    ``indicator`` it came with others and waits to be assigned; ``came_from`` is its place in the
    archive it was sent in, ``school_code`` the school it speaks of.
    """

    scope = "self_check__district"

    self_check = part_of_self_check("evidence_items")
    indicator = models.CharField(_("指标"), max_length=8, blank=True)
    school_code = models.CharField(_("学校标识码"), max_length=10, blank=True, default="")
    file = models.FileField(_("文件"), max_length=200)
    display_name = models.CharField(_("文件名"), max_length=120)
    kind = models.CharField(_("类型"), max_length=5)
    size = models.PositiveIntegerField(_("字节数"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    came_from = models.CharField(_("在压缩包里的位置"), max_length=200, blank=True, default="")
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
                condition=Q(removed_at__isnull=True) & ~Q(indicator=""),
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


class EvidenceRule(Sealed):
    """From a day on, an indicator needs a document before signature, or no longer (佐证要求).

    It holds for self-checks judged by its version of the standard or a later one; the last row of
    a ``subject``, an indicator's code or ``VETO``, is the one that counts. Rows are only added.
    """

    VETO = "veto"
    scope = PUBLIC

    standard = models.ForeignKey(Standard, models.PROTECT, "+", verbose_name=_("标准版本"))
    subject = models.CharField(_("事项"), max_length=8)
    is_needed = models.BooleanField(_("须附佐证材料"))
    effective_from = models.DateField(_("自何日起"))
    reason = models.TextField(_("原因"))
    set_by = person(_("设定人"), **OPTIONAL)
    set_at = models.DateTimeField(_("设定时间"))

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("佐证要求")
        verbose_name_plural = pgettext_lazy("plural", "佐证要求")
        ordering = ("effective_from", "pk")

    def __str__(self) -> str:
        return f"{self.subject} {self.effective_from}"

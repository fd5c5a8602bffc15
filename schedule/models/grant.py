"""市级奖补资金: what was issued, by when the unit is to be certified, what was decided since."""

from datetime import date
from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from districts.models import District, Sourced
from districts.scope import ScopedQuerySet
from districts.wording import day_text, in_yuan
from schedule.terms import years_after
from selfchecks.models.append_only import HistoryModel
from selfchecks.models.self_check import OPTIONAL

from .plan import person

YEARS = 3  # from the day it was issued; the plan, section 五（三）
LEAST = MinValueValidator(Decimal("0.01"))


class Grant(Sourced):
    """Money the city issued to a unit (市级奖补资金), in yuan.

    What was decided later stands beside it: the day moves and money comes back by decision only.
    """

    scope = "district"

    district = models.ForeignKey(
        District, models.PROTECT, related_name="grants", verbose_name=_("区县")
    )
    amount = models.DecimalField(
        _("金额（元）"), max_digits=14, decimal_places=2, validators=[LEAST]
    )
    issued_on = models.DateField(_("下达日"), db_index=True)
    purpose = models.CharField(_("用途"), max_length=200)
    recorded_by = person(_("录入人"))
    recorded_at = models.DateTimeField(_("录入时间"))
    is_demo = models.BooleanField(_("演示数据"), default=False, editable=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "市级奖补资金")
        verbose_name_plural = _("市级奖补资金")
        ordering = ("-issued_on", "district__code", "-pk")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="grant_amount_is_positive"),
            models.UniqueConstraint(
                fields=("district", "document_number", "issued_on", "purpose"),
                name="grant_recorded_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.district} {day_text(self.issued_on)} {in_yuan(self.amount)}"

    @property
    def first_due_on(self) -> date:
        return years_after(self.issued_on, YEARS)


class Decision(models.TextChoices):
    EXTEND = "extend", _("延期")
    RECOVER = "recover", _("追回")
    VOID = "void", _("录错作废")


class GrantDecision(HistoryModel):
    """What was decided about a grant (奖补资金的决定); ``amount`` is what comes back, in yuan."""

    scope = "grant__district"

    grant = models.ForeignKey(
        Grant,
        models.PROTECT,
        related_name="decisions",
        verbose_name=pgettext_lazy("one", "市级奖补资金"),
    )
    kind = models.CharField(_("决定"), max_length=8, choices=Decision.choices)
    day = models.DateField(_("决定日"))
    document_number = models.CharField(_("文号"), max_length=60, blank=True)
    reason = models.TextField(_("理由"), max_length=1000)
    due_on = models.DateField(_("延期到"), **OPTIONAL)
    amount = models.DecimalField(
        _("追回金额（元）"), max_digits=14, decimal_places=2, validators=[LEAST], **OPTIONAL
    )
    recorded_by = person(_("录入人"))
    recorded_at = models.DateTimeField(_("录入时间"))

    class Meta:
        verbose_name = pgettext_lazy("one", "奖补资金的决定")
        verbose_name_plural = _("奖补资金的决定")
        ordering = ("grant", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="extend", due_on__isnull=False, amount__isnull=True)
                | Q(kind="recover", due_on__isnull=True, amount__gt=0)
                | Q(kind="void", due_on__isnull=True, amount__isnull=True),
                name="grant_decision_says_what",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.grant} {self.get_kind_display()}"

    @property
    def amount_text(self) -> str:
        """Empty where nothing comes back."""
        return in_yuan(self.amount) if self.amount else ""

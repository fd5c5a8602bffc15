"""回头看: a certified unit tested again, and the case that opens when it does not hold."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.seals import Sealed
from districts.models import District
from districts.scope import ScopedQuerySet
from schedule import regression
from selfchecks.models import Evaluation
from selfchecks.models.append_only import HistoryModel
from selfchecks.models.self_check import OPTIONAL

from .certification import CertificationEvent
from .plan import person


class Origin(models.TextChoices):
    SELF_CHECK = "self_check", _("复核通过的自查")
    COMMITMENT = "commitment", _("特殊情形承诺到期")


class Grade(models.TextChoices):
    """How heavy a regression is, the heavier the later."""

    FLOOR = regression.FLOOR, _("触底：有学校新落到基本值上")
    UNKNOWN = regression.UNKNOWN, _("无法判定是否保持达标")
    FAILING = regression.FAILING, _("有学校或差异系数不达标")
    LOST = regression.LOST, _("区县一级的结论不达标")


class CaseState(models.TextChoices):
    HELD = "held", _("保持达标")
    OPENED = "opened", _("待报整改措施")
    RECTIFYING = "rectifying", pgettext_lazy("look-back", "整改中")
    REPORTED = "reported", _("待复查")
    LIMITED = "limited", _("限期整改")
    REPORTED_AGAIN = "reported_again", _("限期整改后待复查")
    PASSED = "passed", _("复查通过")
    REVOKED = "revoked", _("已撤销认定")
    CLOSED = "closed", pgettext_lazy("look-back", "已终止")


AT_DISTRICT = (CaseState.OPENED, CaseState.RECTIFYING, CaseState.LIMITED)
AT_CITY = (CaseState.REPORTED, CaseState.REPORTED_AGAIN)
OPEN = (*AT_DISTRICT, *AT_CITY)


class LookBackQuerySet(ScopedQuerySet):
    def open(self) -> "LookBackQuerySet":
        return self.filter(state__in=OPEN)


class LookBack(Sealed):
    """One test of a certified unit (回头看), and the case it opened where something got worse.

    ``certified_on`` is the certification looked back on; ``findings`` are the regressions with
    their figures as :class:`schedule.regression.Regression` has them. A promise that was not kept
    names school, special case and promised day instead of an evaluation. ``due_on`` is the last
    day of whose turn it is; ``revocation`` the event by which it ended.
    """

    scope = "district"

    district = models.ForeignKey(
        District, models.PROTECT, related_name="look_backs", verbose_name=_("区县")
    )
    origin = models.CharField(_("由来"), max_length=10, choices=Origin.choices)
    year = models.PositiveSmallIntegerField(_("年度"), db_index=True)
    certified_on = models.DateField(_("通过国家认定日"), null=True, blank=True)
    evaluation = models.ForeignKey(
        Evaluation, models.PROTECT, related_name="look_backs", verbose_name=_("所依据的自查结果"),
        **OPTIONAL,
    )  # fmt: skip
    school_code = models.CharField(_("学校标识码"), max_length=10, blank=True)
    school_name = models.CharField(_("学校名称"), max_length=200, blank=True)
    special_case = models.CharField(_("特殊情形"), max_length=40, blank=True)
    promised_on = models.DateField(_("承诺达标期限"), null=True, blank=True)
    grade = models.CharField(_("退步程度"), max_length=10, choices=Grade.choices, blank=True)
    findings = models.JSONField(_("退步的各项"), default=list)
    state = models.CharField(_("状态"), max_length=14, choices=CaseState.choices, db_index=True)
    opened_on = models.DateField(_("回头看日期"), db_index=True)
    due_on = models.DateField(_("期限"), null=True, blank=True)
    revocation = models.OneToOneField(
        CertificationEvent, models.PROTECT, related_name="look_back", verbose_name=_("撤销认定"),
        **OPTIONAL,
    )  # fmt: skip
    changed_at = models.DateTimeField(_("最近变更时间"))
    is_demo = models.BooleanField(_("演示数据"), default=False, editable=False)

    objects = LookBackQuerySet.as_manager()

    class Meta:
        verbose_name = _("回头看")
        verbose_name_plural = pgettext_lazy("plural", "回头看")
        ordering = ("-opened_on", "district__code", "-pk")
        constraints = [
            models.UniqueConstraint(fields=("evaluation",), name="look_back_once_per_result"),
            models.UniqueConstraint(
                fields=("school_code", "special_case", "promised_on"),
                condition=Q(origin="commitment"),
                name="look_back_once_per_promise",
            ),
            models.CheckConstraint(
                condition=Q(origin="self_check", evaluation__isnull=False)
                | Q(origin="commitment", promised_on__isnull=False) & ~Q(special_case=""),
                name="look_back_has_an_origin",
            ),
            models.CheckConstraint(
                condition=Q(state__in=CaseState.values), name="look_back_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state="held", grade="", due_on__isnull=True)
                | Q(state="closed")
                | ~Q(state__in=("held", "closed")) & ~Q(grade=""),
                name="look_back_case_has_a_grade",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=AT_DISTRICT) | Q(due_on__isnull=False),
                name="look_back_of_the_district_is_due",
            ),
            models.CheckConstraint(
                condition=Q(state="revoked", revocation__isnull=False)
                | ~Q(state="revoked") & Q(revocation__isnull=True),
                name="look_back_revoked_has_its_event",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.district} {self.year} {self.get_origin_display()}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def awaits_district(self) -> bool:
        return self.state in AT_DISTRICT

    def is_late(self, day: date) -> bool:
        return self.awaits_district and self.due_on is not None and self.due_on < day


class LookBackEntry(HistoryModel):
    """One step of a case (回头看记录); nobody's where the portal itself took it."""

    scope = "look_back__district"

    look_back = models.ForeignKey(
        LookBack, models.PROTECT, related_name="trail", verbose_name=_("回头看")
    )
    number = models.PositiveIntegerField(_("序号"))
    step = models.CharField(_("步骤"), max_length=20)
    from_state = models.CharField(_("原状态"), max_length=14, choices=CaseState.choices, blank=True)
    to_state = models.CharField(_("新状态"), max_length=14, choices=CaseState.choices)
    actor = person(_("办理人"))
    actor_name = models.CharField(_("办理人姓名"), max_length=60)
    taken_at = models.DateTimeField(_("办理时间"))
    comment = models.TextField(_("说明"), blank=True, max_length=2000)
    due_on = models.DateField(_("期限"), null=True, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("one", "回头看记录")
        verbose_name_plural = _("回头看记录")
        ordering = ("look_back", "number")
        constraints = [
            models.UniqueConstraint(
                fields=("look_back", "number"), name="look_back_entry_number_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.look_back} {self.number}"

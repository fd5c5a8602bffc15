"""What happened: the steps of each year, dated events, and the lists the ministry announced."""

from django.db import models
from django.db.models import Max, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.seals import Sealed
from districts.models import District, Sourced
from districts.scope import PUBLIC, ScopedQuerySet
from districts.wording import in_catalogue, listed
from selfchecks.models import Evaluation

from .plan import person


class StepLevel(models.TextChoices):
    DISTRICT = "district", _("区县")
    CITY = "city", _("市级")
    NATION = "nation", _("国家")


class CertificationStepQuerySet(ScopedQuerySet):
    def of_year(self, year: int) -> "CertificationStepQuerySet":
        """The steps of a year; one that has none of its own follows the newest before it."""
        newest = self.filter(year__lte=year).aggregate(newest=Max("year"))["newest"]
        return self.filter(year=newest)


class CertificationStep(Sealed):
    """One step of the procedure in one year; the nation renames its steps every year (认定环节)."""

    scope = PUBLIC

    year = models.PositiveSmallIntegerField(_("年份"), db_index=True)
    order = models.PositiveSmallIntegerField(_("次序"))
    level = models.CharField(_("层级"), max_length=8, choices=StepLevel.choices)
    name = models.CharField(_("环节"), max_length=40)
    is_application = models.BooleanField(_("向国家推荐的环节"), default=False)
    is_announcement = models.BooleanField(_("公布结果的环节"), default=False)
    display_name = in_catalogue("name")

    objects = CertificationStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("认定环节")
        verbose_name_plural = pgettext_lazy("plural", "认定环节")
        ordering = ("-year", "order")
        constraints = [
            models.UniqueConstraint(fields=("year", "order"), name="step_order_once_per_year"),
            models.UniqueConstraint(fields=("year", "name"), name="step_name_once_per_year"),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.name}"


class Result(models.TextChoices):
    STARTED = "started", _("已进入")
    PASSED = "passed", _("通过")
    FAILED = "failed", _("未通过")
    PUBLISHED = "published", _("公布自评报告")
    CERTIFIED = "certified", _("通过国家认定")
    REVOKED = "revoked", _("撤销认定")


class Asked(models.TextChoices):
    """What is asked of a unit before the city puts it forward (申请条件)."""

    BALANCE = "basic_balance", _("通过基本均衡认定满三年")
    SELF_CHECK = "self_check", _("最近复核通过的自查达标")
    EVIDENCE = "evidence", _("佐证材料齐全")
    VETO = "veto", _("没有一票否决事项")
    OPEN = "nothing_open", _("没有未了的事")


class Recorded(Sealed):
    """When a fact became known and was put on record. What it says was true on its own day."""

    known_on = models.DateField(_("得知日"))
    recorded_at = models.DateTimeField(_("录入时间"))
    recorded_by = person(_("录入人"))
    changed_at = models.DateTimeField(_("更正时间"))

    class Meta:
        abstract = True


class CertificationList(Recorded):
    """A list of certified units as the ministry announced it (认定名单).

    It counts for ``units_in_city`` from the day it was announced; who stands on it is told by
    events, as soon as a source names them. ``sources`` has one web address a line, with words.
    """

    scope = PUBLIC

    name = models.CharField(_("名单"), max_length=40, unique=True)
    year = models.PositiveSmallIntegerField(_("名单年份"))
    batch = models.PositiveSmallIntegerField(_("批次"), null=True, blank=True)
    announced_on = models.DateField(_("公布日"), db_index=True)
    date_note = models.CharField(_("公布日说明"), max_length=100, blank=True)
    document_number = models.CharField(_("文号"), max_length=60, blank=True)
    units_in_nation = models.PositiveSmallIntegerField(_("全国单位数"), null=True, blank=True)
    units_in_city = models.PositiveSmallIntegerField(_("本市单位数"))
    sources = models.TextField(_("来源"), max_length=2000)
    source_note = models.CharField(_("来源说明"), max_length=200, blank=True)
    checked_on = models.DateField(_("最近核对日"), null=True, blank=True)
    display_name = in_catalogue("name")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("认定名单")
        verbose_name_plural = pgettext_lazy("plural", "认定名单")
        ordering = ("-announced_on", "-pk")

    def __str__(self) -> str:
        return self.name

    @property
    def named(self) -> list[str]:
        """The codes of the units named so far."""
        events = [event for event in self.events.all() if event.result == Result.CERTIFIED]
        return sorted({event.district.code for event in events})

    @property
    def units_unnamed(self) -> int:
        return self.units_in_city - len(self.named)

    @property
    def links(self) -> list[tuple[str, str]]:
        """Address and words of each source."""
        lines = (line.partition(" ") for line in self.sources.splitlines())
        return [(address, words.strip()) for address, _space, words in lines]


class CertificationEvent(Recorded, Sourced):
    """A dated fact about one unit (认定事件).

    ``date`` is the day it was announced; ``list`` the national list it stands on and ``list_year``
    the year of that; ``evidence`` the approved self-check it rests on, where the portal has one.
    ``unmet`` are the codes of what an application was recorded against, ``unmet_reason`` why.
    """

    scope = PUBLIC

    district = models.ForeignKey(
        District, models.PROTECT, related_name="events", verbose_name=_("区县")
    )
    step = models.ForeignKey(
        CertificationStep, models.PROTECT, related_name="events", verbose_name=_("环节")
    )
    result = models.CharField(_("结果"), max_length=10, choices=Result.choices)
    date = models.DateField(_("公布日"), db_index=True)
    unmet = models.JSONField(_("录入时没有满足的申请条件"), default=list, editable=False)
    list = models.ForeignKey(
        CertificationList,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="events",
        verbose_name=_("名单"),
    )
    list_year = models.PositiveSmallIntegerField(_("名单年份"), null=True, blank=True)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    evidence = models.ForeignKey(
        Evaluation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="events",
        verbose_name=_("所依据的自查结果"),
    )
    unmet_reason = models.TextField(
        _("条件没有满足仍录入的理由"),
        blank=True,
        max_length=1000,
        help_text=_("只在录入「申请」而条件没有满足时由市级管理员填写；随这一步一直显示。"),
    )

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("认定事件")
        verbose_name_plural = pgettext_lazy("plural", "认定事件")
        ordering = ("-date", "district__code", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=("district", "step", "result", "date"), name="event_recorded_once"
            ),
            models.CheckConstraint(
                condition=~Q(result__in=["certified", "revoked"])
                | ~Q(document_number="")
                | ~Q(source=""),
                name="event_certified_has_a_source",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.district} {self.get_result_display()} {self.date:%Y-%m-%d}"

    @property
    def is_application(self) -> bool:
        """Whether the city puts the unit forward by it."""
        return self.step.is_application and self.result in (Result.STARTED, Result.PASSED)

    @property
    def unmet_words(self) -> str:
        return listed(Asked(code).label for code in self.unmet)


class BasicBalance(Sourced):
    """That a unit had passed 基本均衡 before: ``passed_by`` is the latest day it can have been, as
    far as the source tells, ``list_year`` the national list it stands on, where that is known."""

    scope = PUBLIC

    district = models.OneToOneField(
        District, models.PROTECT, related_name="basic_balance", verbose_name=_("区县")
    )
    list_year = models.PositiveSmallIntegerField(_("名单年份"), null=True, blank=True)
    passed_by = models.DateField(
        _("不晚于"), help_text=_("按来源，最晚在这一天已通过基本均衡认定。")
    )

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("基本均衡认定")
        verbose_name_plural = pgettext_lazy("plural", "基本均衡认定")
        ordering = ("district__order", "district__code")

    def __str__(self) -> str:
        return str(self.district)

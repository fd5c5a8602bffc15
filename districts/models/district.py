"""The county-level units of the plan, from when to when they exist, under which names."""

from datetime import date
from typing import ClassVar, Self

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from audit.seals import Sealed
from districts import spelling
from districts.scope import PUBLIC, ScopedQuerySet
from districts.wording import inside

from .sourced import Sourced

_READING = RegexValidator(
    spelling.READING, _("读音应逐字写拼音和声调，如 chang2shou4qu1。留空由名称推出。")
)


class Kind(models.TextChoices):
    DISTRICT = "区", _("区")
    COUNTY = "县", _("县")
    AUTONOMOUS_COUNTY = "自治县", _("自治县")
    ZONE = "功能区", _("功能区")


class DistrictQuerySet(ScopedQuerySet):
    def valid_on(self, day: date) -> Self:
        """Units that exist on the day."""
        return self.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=day),
            Q(valid_to__isnull=True) | Q(valid_to__gte=day),
        )

    def named_on(self, day: date) -> "list[District]":
        """Every unit under its name of the day, to be read and not to be saved."""
        # The one that ended first after the day was in use on it.
        later = FormerName.objects.filter(district=OuterRef("pk"), valid_to__gte=day)
        first = later.order_by("valid_to")
        old = {f"old_{name}": Subquery(first.values(name)[:1]) for name in NAMES}
        units = list(self.annotate(**old))
        for unit in units:
            if unit.old_name is not None:
                for name in NAMES:
                    setattr(unit, name, getattr(unit, f"old_{name}"))
        return units


NAMES = ("name", "full_name", "english_name")


class Dated:
    """What exists from a day to a day, both included; an open end is None."""

    valid_from: date | None
    valid_to: date | None

    def clean(self) -> None:
        """Says it at the field, before the constraint would say it by its own name."""
        if self.valid_from and self.valid_to and self.valid_from > self.valid_to:
            raise ValidationError({"valid_to": _("终止日应不早于起始日。")})

    @staticmethod
    def in_order(name: str) -> models.CheckConstraint:
        """The same, kept by the database."""
        is_open = Q(valid_from__isnull=True) | Q(valid_to__isnull=True)
        return models.CheckConstraint(
            condition=is_open | Q(valid_from__lte=F("valid_to")), name=name
        )

    def exists_on(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )


class District(Dated, Sealed):
    """A unit of the plan: district, county, autonomous county or zone (区县、自治县、功能区).

    It exists from ``valid_from`` to ``valid_to``; empty means before the plan, or still. The tile
    is for the units of the plan, ``current_tile_*`` where it differs for those of today.
    ``distinction`` tells units of one name apart, ``order`` and ``reading`` sort lists whatever
    the collation of the database, ``sought`` holds every word that finds the unit.
    """

    scope = PUBLIC
    unsealed: ClassVar = dict.fromkeys(("reading", "sought"), "how names are read and found")
    code = models.CharField(_("代码"), max_length=12, unique=True)
    name = models.CharField(_("名称"), max_length=40)
    distinction = models.CharField(_("同名区分"), max_length=20, blank=True)
    full_name = models.CharField(_("全称"), max_length=80)
    english_name = models.CharField(_("英文名"), max_length=80, blank=True)
    kind = models.CharField(_("类型"), max_length=8, choices=Kind.choices)
    region = models.CharField(_("区域"), max_length=40, db_index=True)
    subregion = models.CharField(_("片区"), max_length=40, blank=True)
    order = models.PositiveSmallIntegerField(_("排序"), default=1000)
    reading = models.CharField(_("读音"), max_length=120, blank=True, validators=[_READING])
    sought = models.TextField(_("查找用词"), blank=True, editable=False)
    tile_column = models.PositiveSmallIntegerField(_("方格列"), null=True, blank=True)
    tile_row = models.PositiveSmallIntegerField(_("方格行"), null=True, blank=True)
    current_tile_column = models.PositiveSmallIntegerField(_("现行方格列"), null=True, blank=True)
    current_tile_row = models.PositiveSmallIntegerField(_("现行方格行"), null=True, blank=True)
    valid_from = models.DateField(_("起始日"), null=True, blank=True)
    valid_to = models.DateField(_("终止日"), null=True, blank=True)
    publication_page = models.URLField(
        _("督导评估公开页"),
        max_length=300,
        blank=True,
        help_text=_("区县自己公开「义务教育均衡发展督导评估」的网页；不知道就留空。"),
    )
    contact = models.CharField(
        _("联系方式"),
        max_length=200,
        blank=True,
        help_text=_("公众该找谁：处室、电话、邮箱、时间，会显示在单位页面上；不知道就留空。"),
    )

    objects = DistrictQuerySet.as_manager()

    class Meta:
        verbose_name = _("区县")
        verbose_name_plural = pgettext_lazy("plural", "区县")
        ordering = ("order", "code")
        constraints = [
            Dated.in_order("district_valid_from_before_valid_to"),
            models.UniqueConstraint(
                fields=("name", "distinction"), name="district_told_apart_by_name"
            ),
            models.UniqueConstraint(
                fields=("tile_column", "tile_row"), name="district_one_unit_per_tile"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}({self.distinction})" if self.distinction else self.name

    @property
    def display_name(self) -> str:
        """The name for the reader: English pages show both, as road signs do."""
        if get_language() != "en" or not self.english_name:
            return str(self)
        told = f" ({inside(gettext(self.distinction))})" if self.distinction else ""
        return f"{self.english_name}{told} {self.name}"

    @property
    def current_tile(self) -> tuple[int | None, int | None]:
        """Its place among the units of today."""
        if self.current_tile_column is None:
            return self.tile_column, self.tile_row
        return self.current_tile_column, self.current_tile_row


class FormerName(Sealed):
    """How a unit was called until a day, this day included (曾用名)."""

    scope = PUBLIC

    district = models.ForeignKey(
        District, models.PROTECT, related_name="former_names", verbose_name=_("区县")
    )
    name = models.CharField(_("名称"), max_length=40)
    full_name = models.CharField(_("全称"), max_length=80)
    english_name = models.CharField(_("英文名"), max_length=80, blank=True)
    valid_to = models.DateField(_("终止日"))
    reason = models.CharField(_("原因"), max_length=300)
    known_on = models.DateField(_("得知日"))

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("曾用名")
        verbose_name_plural = pgettext_lazy("plural", "曾用名")
        ordering = ("district__order", "-valid_to")
        constraints = [
            models.UniqueConstraint(fields=("district", "valid_to"), name="one_name_on_each_day"),
        ]

    def __str__(self) -> str:
        return self.name


class Township(Sourced):
    """A street or town of a unit (街镇), by which schools find their unit after a change."""

    scope = PUBLIC

    district = models.ForeignKey(
        District, models.PROTECT, related_name="townships", verbose_name=_("区县")
    )
    name = models.CharField(_("街镇"), max_length=30)
    valid_from = models.DateField(_("起始日"))

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("街镇")
        verbose_name_plural = pgettext_lazy("plural", "街镇")
        ordering = ("district__order", "name", "-valid_from")
        constraints = [
            models.UniqueConstraint(
                fields=("district", "name", "valid_from"), name="township_once_per_unit_and_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.district} {self.name}"

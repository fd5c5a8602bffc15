"""The register of schools a district answers for."""

from datetime import date
from typing import ClassVar, Self

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.seals import Sealed
from districts.scope import ScopedQuerySet
from districts.spelling import folded
from figures.table import SCHOOL_CODE

from .district import Dated, District

_TEN_DIGITS = RegexValidator(f"^{SCHOOL_CODE}$", _("学校标识码应为 10 位数字。"))


class SchoolType(models.TextChoices):
    PRIMARY = "小学", _("小学")
    JUNIOR = "初中", _("初中")
    NINE_YEAR = "九年一贯制", _("九年一贯制")
    TWELVE_YEAR = "十二年一贯制", _("十二年一贯制")
    SECONDARY = "完全中学", _("完全中学")
    TEACHING_POINT = "教学点", _("教学点")
    SPECIAL = "特殊教育学校", _("特殊教育学校")


class Ownership(models.TextChoices):
    PUBLIC = "公办", _("公办")
    PRIVATE = "民办", _("民办")


class Location(models.TextChoices):
    URBAN = "城区", _("城区")
    TOWN = "镇区", _("镇区")
    RURAL = "乡村", _("乡村")


def named(text: str) -> Q:
    """Schools by name, pinyin, initials or the beginning of the code."""
    word = folded(text)
    read = Q(sought__contains=word) if word else Q()
    return Q(name__icontains=text) | Q(code__startswith=text) | read


class SchoolQuerySet(ScopedQuerySet):
    def at(self, district: District, day: date) -> Self:
        """Schools of a unit on a day, those that have moved elsewhere since included."""
        return self.alias(home=_home_on(day)).filter(home=district.pk)

    def on(self, day: date) -> Self:
        """Schools that existed on a day, each with its ``home`` then, the key of a unit."""
        there = Q(valid_from=None) | Q(valid_from__lte=day)
        not_over = Q(valid_to=None) | Q(valid_to__gte=day)
        return self.filter(there, not_over).annotate(home=_home_on(day))


def _home_on(day: date) -> Coalesce:
    moved_since = FormerHome.objects.filter(school=OuterRef("pk"), valid_to__gte=day)
    first = Subquery(moved_since.order_by("valid_to").values("district_id")[:1])
    return Coalesce(first, F("district_id"), output_field=models.BigIntegerField())


class School(Dated, Sealed):
    """A school in the register (学校), known by its 10-digit 学校标识码."""

    scope = "district"
    shown_to_all = Q(is_demo=True)  # every page says that there are some
    unsealed: ClassVar = {"sought": "words made of the name, to find the school by"}

    district = models.ForeignKey(
        District, models.PROTECT, related_name="schools", verbose_name=_("区县")
    )
    code = models.CharField(_("学校标识码"), max_length=10, unique=True, validators=[_TEN_DIGITS])
    name = models.CharField(_("学校名称"), max_length=80)
    school_type = models.CharField(_("办学类型"), max_length=10, choices=SchoolType.choices)
    ownership = models.CharField(_("举办者性质"), max_length=4, choices=Ownership.choices)
    location = models.CharField(_("城乡类型"), max_length=4, choices=Location.choices)
    attached_to = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="attached_points",
        verbose_name=_("所属中心校"),
    )
    township = models.CharField(_("所在街镇"), max_length=30, blank=True)
    special_cases = models.JSONField(_("特殊情形"), default=dict, blank=True)
    valid_from = models.DateField(_("起始日"), null=True, blank=True)
    valid_to = models.DateField(_("终止日"), null=True, blank=True)
    is_demo = models.BooleanField(_("演示数据"), default=False, editable=False)
    sought = models.TextField(_("查找用词"), blank=True, editable=False)

    objects = SchoolQuerySet.as_manager()

    class Meta:
        verbose_name = _("学校")
        verbose_name_plural = pgettext_lazy("plural", "学校")
        ordering = ("district__code", "code")
        constraints = [
            models.CheckConstraint(
                condition=Q(code__regex=f"^{SCHOOL_CODE}$"), name="school_code_is_ten_digits"
            ),
            Dated.in_order("school_valid_from_before_valid_to"),
        ]

    def __str__(self) -> str:
        return self.name


class FormerHome(Sealed):
    """The unit a school belonged to until a day, this day included."""

    scope = "district"

    school = models.ForeignKey(
        School, models.PROTECT, related_name="former_homes", verbose_name=_("学校")
    )
    district = models.ForeignKey(
        District, models.PROTECT, related_name="+", verbose_name=_("原区县")
    )
    valid_to = models.DateField(_("终止日"))

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("学校原属区县")
        verbose_name_plural = pgettext_lazy("plural", "学校原属区县")
        constraints = [
            models.UniqueConstraint(fields=("school", "valid_to"), name="one_home_on_each_day"),
        ]

    def __str__(self) -> str:
        return f"{self.school} {self.district}"

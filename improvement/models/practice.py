"""典型经验: which problem a unit solved, by what, and in which years its figures show it."""

from typing import Self

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.seals import Sealed
from districts.models import District
from districts.scope import ScopedQuerySet, Viewer
from selfchecks.models.self_check import OPTIONAL, person

from .texts import long_text, short_text

CODES = RegexValidator(r"^[A-D][0-9]{1,2}( [A-D][0-9]{1,2})*$", _("指标代码用空格隔开，如 A3 B5。"))


class PracticeState(models.TextChoices):
    DRAFT = "draft", _("草稿")
    SUBMITTED = "submitted", _("待市级审核")
    PUBLISHED = "published", pgettext_lazy("practice", "已发布")
    WITHDRAWN = "withdrawn", _("已撤下")


class PracticeQuerySet(ScopedQuerySet):
    def published(self) -> Self:
        return self.filter(state=PracticeState.PUBLISHED)

    def readable_by(self, viewer: Viewer) -> Self:
        """What everybody may read, and what is within the viewer's reach."""
        return self.published() | self.visible_to(viewer)

    def about(self, indicator: str) -> Self:
        return self.filter(indicators__regex=rf"(^| ){indicator}( |$)")

    def saying(self, text: str) -> Self:
        """Every word of the text stands somewhere in it, or in its unit's name."""
        rows = self
        for word in text.split():
            named = (Q(**{f"{name}__icontains": word}) for name in SEARCHED)
            rows = rows.filter(Q(*named, _connector=Q.OR))
        return rows


SEARCHED = ("title", "problem", "measure", "district__name", "district__english_name")


class Practice(Sealed):
    """A practice others can follow (典型经验); public once the city has published it.

    Its effect is not kept: it is what the unit's approved self-checks of the two years say.
    ``reason`` is why it was last sent back or taken down.
    """

    scope = "district"
    shown_to_all = Q()  # also what is not published: it may have been

    district = models.ForeignKey(
        District, models.PROTECT, related_name="practices", verbose_name=_("区县")
    )
    title = short_text(_("标题"), 80)
    problem = long_text(_("解决了什么问题"), 1000)
    measure = long_text(_("怎么做的"), 4000)
    indicators = models.CharField(_("有关指标"), max_length=80, validators=[CODES])
    year_before = models.PositiveSmallIntegerField(_("做之前的年度"))
    year_after = models.PositiveSmallIntegerField(_("做之后的年度"))
    state = models.CharField(
        _("状态"),
        max_length=10,
        choices=PracticeState.choices,
        default=PracticeState.DRAFT,
        db_index=True,
    )
    reason = short_text(_("退回或撤下的原因"), 1000, blank=True)
    written_by = person(_("撰写人"))
    changed_at = models.DateTimeField(_("最近变更时间"))
    submitted_by = person(_("提交人"), **OPTIONAL)
    published_by = person(_("发布人"), **OPTIONAL)
    published_at = models.DateTimeField(_("发布时间"), null=True, blank=True)
    is_demo = models.BooleanField(_("演示数据"), default=False, editable=False)

    objects = PracticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("典型经验")
        verbose_name_plural = _("典型经验")
        ordering = ("-published_at", "-pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=PracticeState.values), name="practice_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(year_before__lt=F("year_after")), name="practice_years_in_order"
            ),
            models.CheckConstraint(
                condition=~Q(state=PracticeState.PUBLISHED)
                | Q(published_at__isnull=False, published_by__isnull=False),
                name="practice_published_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.district} {self.title}"

    @property
    def codes(self) -> list[str]:
        return self.indicators.split()

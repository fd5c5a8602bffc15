"""公众反映: what anybody told the portal about a unit or a page, and what came of it."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from audit.seals import Sealed
from districts.models import District
from districts.scope import ScopedQuerySet
from selfchecks.models.self_check import OPTIONAL, person

from .ledger import Problem
from .texts import long_text, short_text

MOST = 2000  # characters of a message or an answer
PERSONAL = ("name", "contact")
SHA256 = RegexValidator("^[0-9a-f]{64}$")


class FeedbackState(models.TextChoices):
    NEW = "new", _("待受理")
    TAKEN_UP = "taken_up", _("办理中")
    PASSED_ON = "passed_on", _("转区县办理")
    ANSWERED = "answered", _("已答复")
    SET_ASIDE = "set_aside", _("不予办理")


DONE = (FeedbackState.ANSWERED, FeedbackState.SET_ASIDE)


class Feedback(Sealed):
    """One message (公众反映). Its reach is the district it was passed on to, and the city.

    Of the code it is looked up by only a digest is kept. ``name`` and ``contact`` are for the city
    alone and go once it is done and some time has passed; ``published_text`` is what the city lets
    everybody read of it.
    """

    scope = "passed_to"
    unsealed = dict.fromkeys(PERSONAL, "personal, erased some time after the answer")

    district = models.ForeignKey(
        District, models.PROTECT, "+", verbose_name=_("说的区县"), **OPTIONAL
    )
    page = short_text(_("说的页面"), 200, blank=True)
    text = long_text(_("内容"), MOST)
    name = short_text(_("称呼"), 40, blank=True)
    contact = short_text(_("电话或邮箱"), 100, blank=True)
    digest = models.CharField(_("查询码指纹"), max_length=64, unique=True, validators=[SHA256])
    received_at = models.DateTimeField(_("收到时间"))
    changed_at = models.DateTimeField(_("最近变更时间"))
    state = models.CharField(
        _("状态"),
        max_length=10,
        choices=FeedbackState.choices,
        default=FeedbackState.NEW,
        db_index=True,
    )
    handler = person(_("受理人"), **OPTIONAL)
    passed_to = models.ForeignKey(
        District, models.PROTECT, "feedback", verbose_name=_("转办区县"), **OPTIONAL
    )
    reply = long_text(_("区县回复"), MOST, blank=True)
    answer = long_text(_("答复"), MOST, blank=True)
    answered_by = person(_("答复人"), **OPTIONAL)
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    reason = short_text(_("原因"), 1000, blank=True)
    published_text = long_text(_("公开的内容"), MOST, blank=True)
    problem = models.ForeignKey(
        Problem, models.PROTECT, "+", verbose_name=_("列入的问题"), **OPTIONAL
    )
    erased_at = models.DateTimeField(_("个人信息删除时间"), null=True, blank=True)
    is_demo = models.BooleanField(_("演示数据"), default=False, editable=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("公众反映")
        verbose_name_plural = _("公众反映")
        ordering = ("-received_at", "-pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=FeedbackState.values), name="feedback_state_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(state=FeedbackState.PASSED_ON) | Q(passed_to__isnull=False),
                name="feedback_passed_on_to_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state=FeedbackState.ANSWERED)
                | Q(answered_by__isnull=False, answered_at__isnull=False) & ~Q(answer=""),
                name="feedback_answered_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(published_text="") | Q(state=FeedbackState.ANSWERED),
                name="feedback_public_once_answered",
            ),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True) | Q(name="", contact=""),
                name="feedback_erased_is_empty",
            ),
        ]

    def __str__(self) -> str:
        return f"{capfirst(self._meta.verbose_name)} {self.pk}"

    @property
    def is_done(self) -> bool:
        return self.state in DONE

"""The problem ledger: what was found wrong, who sees to it until when, and what became of it."""

from datetime import date
from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from audit.seals import Sealed
from districts.models import District
from districts.scope import ScopedQuerySet
from districts.wording import day_text
from improvement.ledger.words import SENTENCES
from indicators.wording import with_unit
from selfchecks import clock
from selfchecks.models import Evaluation
from selfchecks.models.append_only import HistoryModel
from selfchecks.models.evaluation import STAGES
from selfchecks.models.self_check import OPTIONAL, person


class Source(models.TextChoices):
    EVALUATION = "evaluation", _("测算结果")
    REVIEW = "review", _("复核意见")
    VISIT = "visit", _("实地督导")
    LOOK_BACK = "look_back", _("回头看")
    FEEDBACK = "feedback", _("公众反映")


class Kind(models.TextChoices):
    """What shows that it is solved: the next approved figures, or what an inspector has seen."""

    NUMERIC = "numeric", _("看数据")
    EVIDENCE = "evidence", _("看佐证")


class State(models.TextChoices):
    OPEN = "open", _("待整改")
    WORKING = "working", _("整改中")
    PROPOSED = "proposed", _("待销号")
    CLOSED = "closed", _("已销号")
    VOID = "void", _("已作废")


LOOKS = {
    State.OPEN: "open",
    State.WORKING: "in_review",
    State.PROPOSED: "submitted",
    State.CLOSED: "approved",
    State.VOID: "closed",
}
PLACES = 3  # shown of a figure; coefficients need them
UNSOLVED = (State.OPEN, State.WORKING, State.PROPOSED)
AT_BUREAU = (State.OPEN, State.WORKING)  # what can be late: the rest waits for others
CITY = 3  # the last whom it is told to


class Problem(Sealed):
    """One line of the ledger (问题); ``source`` and ``key`` say what it is about, for good.

    A person's ``words`` stay as they are; what figures say is a ``sentence`` of ``ledger_words``
    with its ``facts``. ``found``, ``required`` and ``gap`` are in ``unit``, as the figures were
    that last spoke of it; ``evaluation`` is the approved result they come from. ``escalated``
    counts whom it was told to since it is late: the bureau, its chief, the city.
    """

    scope = "district"

    district = models.ForeignKey(
        District, models.PROTECT, related_name="problems", verbose_name=_("区县")
    )
    source = models.CharField(_("来源"), max_length=10, choices=Source.choices)
    key = models.CharField(_("标识"), max_length=120)
    kind = models.CharField(_("销号依据"), max_length=8, choices=Kind.choices)
    indicator = models.CharField(_("指标"), max_length=8, blank=True)
    stage = models.CharField(_("学段"), max_length=8, blank=True, choices=STAGES)
    school_code = models.CharField(_("学校标识码"), max_length=10, blank=True)
    school_name = models.CharField(_("学校名称"), max_length=200, blank=True)
    words = models.CharField(pgettext_lazy("finding", "问题"), max_length=1000, blank=True)
    sentence = models.CharField(_("句式"), max_length=12, blank=True)
    facts = models.JSONField(_("句中的内容"), default=dict, blank=True)
    found = models.CharField(_("实际"), max_length=60, blank=True)
    required = models.CharField(_("要求"), max_length=60, blank=True)
    gap = models.DecimalField(_("相差"), max_digits=18, decimal_places=6, null=True, blank=True)
    unit = models.CharField(_("单位"), max_length=20, blank=True)
    state = models.CharField(
        _("状态"), max_length=8, choices=State.choices, default=State.OPEN, db_index=True
    )
    owner = models.CharField(_("责任人"), max_length=60, blank=True)
    due_on = models.DateField(_("整改期限"), null=True, blank=True, db_index=True)
    measures = models.TextField(_("整改措施"), blank=True)
    raised_at = models.DateTimeField(_("登记时间"))
    changed_at = models.DateTimeField(_("最近变更时间"))
    evaluation = models.ForeignKey(
        Evaluation, models.PROTECT, "problems", verbose_name=_("依据的测算结果"), **OPTIONAL
    )
    escalated = models.PositiveSmallIntegerField(_("逾期已告知"), default=0)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("finding", "问题")
        verbose_name_plural = _("问题台账")
        ordering = ("-pk",)
        indexes = [
            models.Index(fields=("district", "state"), name="problem_of_district"),
            models.Index(fields=("indicator",), name="problem_of_indicator"),
            models.Index(fields=("school_code",), name="problem_of_school"),
        ]
        constraints = [
            models.UniqueConstraint(fields=("source", "key"), name="problem_once"),
            models.CheckConstraint(
                condition=Q(state__in=State.values), name="problem_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=Kind.values, source__in=Source.values),
                name="problem_kind_and_source_known",
            ),
            models.CheckConstraint(
                condition=~Q(words="") | ~Q(sentence=""), name="problem_says_something"
            ),
        ]

    def __str__(self) -> str:
        return " ".join(filter(None, (self.indicator, self.school_name or str(self.district))))

    def is_late(self, day: date) -> bool:
        """Whether its day has passed while the next move is the bureau's."""
        return self.state in AT_BUREAU and self.due_on is not None and self.due_on < day

    @property
    def late(self) -> bool:
        """Whether it is late today."""
        return self.is_late(timezone.localdate(clock.now()))

    @property
    def is_at_city(self) -> bool:
        """Whether the city was told that it is late."""
        return self.escalated == CITY

    @property
    def look(self) -> str:
        """The class of its state on a page."""
        return LOOKS[State(self.state)]

    @property
    def told(self) -> str:
        """What is wrong, in the reader's language."""
        return self.words or SENTENCES[self.sentence](self.facts)

    @property
    def found_in_words(self) -> str:
        return _with_unit(self.found, self.unit)

    @property
    def required_in_words(self) -> str:
        return _with_unit(self.required, self.unit)

    @property
    def gap_in_words(self) -> str:
        return "" if self.gap is None else _with_unit(f"{self.gap.normalize():f}", self.unit)


def _with_unit(number: str, unit: str) -> str:
    """Three places at most: 0.742574 ㎡ is read as 0.743; what is stored keeps all of them."""
    if not number:
        return ""
    whole, dot, places = number.partition(".")
    is_long = dot and places.isdecimal() and len(places) > PLACES
    shown = f"{Decimal(number):.{PLACES}f}" if is_long else number
    return with_unit(shown, unit) if unit else shown


class ProblemEntry(HistoryModel):
    """What happened to a problem (整改记录), for good. ``actor`` is None for what figures did."""

    scope = "problem__district"

    problem = models.ForeignKey(
        Problem, models.PROTECT, "entries", verbose_name=pgettext_lazy("finding", "问题")
    )
    step = models.CharField(_("步骤"), max_length=16)
    from_state = models.CharField(_("原状态"), max_length=8, blank=True, choices=State.choices)
    to_state = models.CharField(_("新状态"), max_length=8, choices=State.choices)
    actor = person(_("办理人"), **OPTIONAL)
    actor_name = models.CharField(_("姓名"), max_length=40)
    taken_at = models.DateTimeField(_("时间"))
    comment = models.TextField(_("意见"), blank=True)
    changes = models.JSONField(_("改动"), default=dict, blank=True)
    evaluation = models.ForeignKey(
        Evaluation, models.PROTECT, "+", verbose_name=_("依据的测算结果"), **OPTIONAL
    )

    class Meta:
        verbose_name = _("整改记录")
        verbose_name_plural = pgettext_lazy("plural", "整改记录")
        ordering = ("problem", "pk")

    def __str__(self) -> str:
        return f"{self.problem} {self.step}"

    @property
    def changes_in_words(self) -> list[str]:
        """What was changed: the field, before and after."""
        names = {field.name: field.verbose_name for field in Problem._meta.concrete_fields}
        blank = gettext("空")

        def told(name: str, value: str) -> str:
            return day_text(date.fromisoformat(value)) if name == "due_on" and value else value

        return [
            f"{names[name]} {told(name, before) or blank} → {told(name, after) or blank}"
            for name, (before, after) in self.changes.items()
        ]

"""One measure of a school plan in the reader's words."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy

from districts.wording import grouped, listed
from districts.working_days import WorkingDays
from figures.table import PEOPLE, ROOMS
from improvement.models import Measure
from improvement.models.school_plan import Unit
from improvement.plans.words import money
from improvement.services.school_plans import lacks
from indicators.wording import ONE, stage_name

ONE_OF = {
    Unit.PERSON.value: ONE[PEOPLE],
    Unit.ROOM.value: ONE[ROOMS],
    Unit.ITEM.value: pgettext_lazy("for each", "项"),
}
GLYPHS = {"pass": "✓", "late": "!", "rev": "○", "idle": "–", "gone": ""}


def name_of(measure: Measure) -> str:
    """招聘学历教师（小学）."""
    stage = stage_name(measure.stage) if measure.stage else ""
    name = _(measure.name) if measure.name else ""  # the portal's own are known
    return _("%(measure)s（%(stage)s）") % {"measure": name, "stage": stage} if stage else name


def amount_of(measure: Measure, number: Decimal) -> str:
    """12 rooms, 1 room."""
    one = ONE_OF.get(measure.unit) if number == 1 else None
    return f"{grouped(number)}\N{NO-BREAK SPACE}{one or measure.get_unit_display()}"


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """One measure; its row knows ``done``."""

    measure: Measure
    today: date
    calendar: WorkingDays

    @property
    def done(self) -> Decimal | None:
        return self.measure.done  # type: ignore[attr-defined]

    @property
    def amount(self) -> str:
        return amount_of(self.measure, self.measure.amount)

    @property
    def done_words(self) -> str:
        return "" if self.done is None else amount_of(self.measure, self.done)

    @property
    def name(self) -> str:
        return name_of(self.measure)

    @property
    def indicators(self) -> str:
        return listed(self.measure.indicators)

    @property
    def cost(self) -> str:
        return "" if self.measure.cost is None else money(self.measure.cost)

    @property
    def is_done(self) -> bool:
        return self.done is not None and self.done >= self.measure.amount

    @property
    def days_late(self) -> int:
        """Working days since it was due; 0 while there is time, and for what is done."""
        measure = self.measure
        is_open = measure.dropped_at is None and not self.is_done
        is_late = is_open and measure.due is not None and measure.due < self.today
        return self.calendar.between(measure.due, self.today) if is_late and measure.due else 0

    @property
    def kind(self) -> str:
        if self.measure.dropped_at:
            return "gone"
        if self.is_done:
            return "pass"
        if self.days_late:
            return "late"
        return "rev" if self.done else "idle"

    @property
    def glyph(self) -> str:
        return GLYPHS[self.kind]

    @property
    def status(self) -> str:
        words = {
            "gone": pgettext("measure", "已取消"),
            "pass": _("已完成"),
            "rev": _("进行中"),
            "idle": _("未开始"),
        }
        days = self.days_late
        late = ngettext("逾期 %s 个工作日", "逾期 %s 个工作日", days) % days
        return words.get(self.kind, late)

    @property
    def lacks(self) -> str:
        return listed(lacks(self.measure))

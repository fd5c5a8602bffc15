"""What was reported as done beside the next year's figures, in the reader's words."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from figures.table import SCHOOL_FIELD
from improvement.lacking import words as wording
from improvement.services.arrived import Arrived, arrived
from selfchecks.models import SelfCheck


@dataclass(frozen=True, slots=True)
class ArrivedLine:
    """One figure of a school, with the year of the later figures."""

    found: Arrived
    year: int

    @property
    def fits(self) -> bool:
        return self.found.fits

    @property
    def words(self) -> str:
        """小学县级以上骨干教师数：报 2 人，2027 年度数据里多 1 人."""
        figure, more = SCHOOL_FIELD[self.found.field], self.found.more
        told = {
            "figure": _(figure.label),
            "done": wording.amount(self.found.done, figure.unit),
            "year": self.year,
        }
        if more is None:
            return _("%(figure)s：报 %(done)s，%(year)s 年度数据里没有填报") % told
        told["more"] = wording.amount(abs(more), figure.unit)
        if more < 0:
            return _("%(figure)s：报 %(done)s，%(year)s 年度数据里少 %(more)s") % told
        return _("%(figure)s：报 %(done)s，%(year)s 年度数据里多 %(more)s") % told


def arrived_lines(self_check: SelfCheck, later: SelfCheck) -> dict[str, list[ArrivedLine]]:
    """By school."""
    found = arrived(self_check, later)
    return {code: [ArrivedLine(each, later.year) for each in own] for code, own in found.items()}

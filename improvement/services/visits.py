"""Draws the schools of a visit, so that anybody can draw them again, and takes it on its way."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.refusals import Conflict, NotAllowed, Refused, Stale, Unusable
from audit.services import fingerprint
from districts.models import District, User
from districts.wording import listed
from improvement.models import Draw, Visit, VisitState
from improvement.models.visit import UNDER_WAY
from improvement.sampling.draw import Line, allocation, chances, digest_of, draw
from improvement.sampling.frame import METHOD, Candidate
from improvement.services import visit_following
from improvement.services.flow import Flow, Said
from improvement.services.visit_frame import frame_of
from improvement.visits.steps import MAY_VISIT, STEP, STEPS
from selfchecks import clock
from selfchecks.step import Edge, Offer

MOST = 60


@dataclass(frozen=True)
class Design:
    """Who can be drawn, how many are, and with which chances; the draw itself only with a seed."""

    frame: tuple[Candidate, ...]
    count: int
    drawn: tuple[str, ...] = ()

    @cached_property
    def chances(self) -> dict[str, Fraction]:
        return chances(self._units, self.count)

    @property
    def strata(self) -> list[Line]:
        return allocation(self._units, self.count, self.drawn)

    @property
    def digest(self) -> str:
        return digest_of(self._units, self.count)

    def draw(self, seed: str) -> tuple[str, ...]:
        return draw(self._units, self.count, seed)

    @cached_property
    def _units(self) -> list[Any]:
        return [candidate.unit for candidate in self.frame]


def design_for(district: District, count: int) -> Design:
    """What would be drawn from today. Raises Unusable without schools or for a useless count."""
    frame = frame_of(district, today())
    if not frame:
        raise Unusable.at(
            "count", _("%s的学校名册还是空的；请先登记学校。") % district.display_name
        )
    most = min(MOST, len(frame))
    if not 1 <= count <= most:
        raise Unusable.at("count", _("请填 1 到 %s 的整数。") % most)
    return Design(tuple(frame), count)


def design_of(row: Draw) -> Design:
    """What was drawn from, as it was kept."""
    return Design(tuple(Candidate(**each) for each in row.frame), row.count, tuple(row.schools))


def comes_out_again(row: Draw) -> bool:
    """Whether the draw, made again from what was kept, draws the same schools."""
    design = design_of(row)
    same_frame = row.method == METHOD and design.digest == row.digest
    return same_frame and design.draw(row.seed) == design.drawn


@transaction.atomic
def draw_schools(
    *,
    district: District,
    count: int,
    by: User,
    seen: str | None = None,
    seed: str = "",
    is_demo: bool = False,
) -> Visit:
    """A visit with its first draw; the seed comes from the machine's own source of chance.

    ``seen`` is the digest of the design the person looked at. Raises NotAllowed, Unusable, Stale
    when the register or the figures changed since, Conflict while another visit is under way.
    """
    _refuse_others(by)
    locked = District.objects.select_for_update().get(pk=district.pk)
    visits = Visit.objects.filter(district=locked)
    if visits.filter(state__in=UNDER_WAY).exists():
        sentence = _("%s有一次实地查看还没有结束；先结束或取消它，再抽下一次。")
        raise Conflict(sentence % district.display_name, code="under_way")
    year = today().year
    last = visits.filter(year=year).aggregate(last=Max("number"))["last"] or 0
    visit = Visit.objects.create(district=locked, year=year, number=last + 1, is_demo=is_demo)
    _draw(visit, count, by, seed=seed, seen=seen)
    return visit


def take_step(
    *,
    visit: Visit,
    step: str,
    by: User,
    words: str = "",
    count: int | None = None,
    expected: str | None = None,
) -> Visit:
    """One step of the table; ``words`` are what it asks for, ``count`` how many are drawn again.

    Raises NotAllowed, Conflict when the step is not open, Unusable without words, Stale when
    ``expected`` is not its tag.
    """
    return FLOW.take(visit, step, by, expected, words=words, count=count)


def open_steps(visit: Visit, viewer: User) -> tuple[Offer, ...]:
    """Every step people take from its state, each open to the viewer or with its blocker."""
    return FLOW.open_steps(visit, viewer)


def tag_of(visit: Visit) -> str:
    """Changes with every draw and every step."""
    return fingerprint(visit, "state", "words", extra=(str(visit.draws.count()),))


def lock(visit: Visit, by: User) -> Visit:
    """The row as it is now, nobody else changing it. Raises NotAllowed for others than those who
    visit."""
    return FLOW.lock(visit, by)


def today() -> date:
    return timezone.localtime(clock.now()).date()


class _Flow(Flow[Visit]):
    model, subject, steps, comment = Visit, "visit", STEPS, "words"
    changed = _("您打开之后，这次实地查看有了变化；请看过现在的内容再办理。")
    tag_of = staticmethod(tag_of)

    def lock(self, row: Visit, by: User, expected: Any = None) -> Visit:
        _refuse_others(by)
        return super().lock(row, by, expected)

    def another(self, visit: Visit, edge: Edge, by: User) -> Refused | None:
        if not Visit.objects.filter(district=visit.district, state__in=UNDER_WAY).exists():
            return None
        sentence = _("%s有一次实地查看还没有结束；先结束或取消它。")
        return Conflict(sentence % visit.district.display_name, code="under_way")

    def unseen(self, visit: Visit, edge: Edge, by: User) -> Refused | None:
        seen = set(visit.schools.values_list("school_code", flat=True))
        sample = visit.sample
        names = {row["code"]: row["name"] for row in sample.frame}
        left = [names[code] for code in sample.schools if code not in seen]
        if not left:
            return None
        sentence = _("还有 %(count)s 所学校没有记录：%(names)s；没有去的，请写明原因。")
        return Conflict(sentence % {"count": len(left), "names": listed(left)})

    def carry_out(self, *, rows: Sequence[Any], edge: Edge, by: Any, said: Said) -> None:
        (visit,) = rows
        if edge.name == "draw_again":
            _draw(visit, said["count"] or visit.sample.count, by, reason=said["words"])
        else:
            super().carry_out(rows=rows, edge=edge, by=by, said=said)

    def change(self, visit: Visit, edge: Edge, by: User, said: Said) -> None:
        if edge.name == "start":
            visit.started_by, visit.started_at = by, clock.now()
        elif edge.name == "take_back":
            visit.ended_by, visit.ended_at, visit.words = None, None, ""
        else:
            visit.ended_by, visit.ended_at, visit.words = by, clock.now(), said["words"]

    def tell(self, *, rows: Sequence[Any], edge: Edge, by: Any, comment: str) -> None:
        visit_following.follow(rows[0], step=edge.name, by=by, words=comment)


FLOW = _Flow()


def start(visit: Visit, by: User) -> None:
    """The first record of a school starts the visit; ``visit`` is locked."""
    if visit.state == VisitState.DRAWN:
        FLOW.carry_out(rows=[visit], edge=STEP["start"], by=by, said={})


def _draw(visit: Visit, count: int, by: User, **more: Any) -> None:
    design = design_for(visit.district, count)
    if more.pop("seen", None) not in (None, design.digest):
        raise Stale(_("您看过之后，学校名册或数据有了变化；请看过现在的抽样设计再抽。"))
    seed = more.pop("seed", "") or secrets.token_hex(8)
    reason = more.pop("reason", "")
    last = visit.draws.aggregate(last=Max("number"))["last"] or 0
    row = Draw.objects.create(
        visit=visit,
        number=last + 1,
        count=count,
        seed=seed,
        method=METHOD,
        digest=design.digest,
        frame=[candidate.as_dict() for candidate in design.frame],
        schools=list(design.draw(seed)),
        reason=reason,
        drawn_by=by,
        drawn_at=clock.now(),
    )
    facts = {"number": row.number, "seed": seed, "digest": row.digest, "schools": row.schools}
    name = "draw_again" if reason else "draw"
    FLOW.record(rows=[visit], name=name, by=by, changes=facts, reason=reason)


def _refuse_others(by: User) -> None:
    if by.role not in MAY_VISIT:
        raise NotAllowed(_("实地查看由市级督学抽样和记录。"))

"""What people do with many problems of the ledger at once, after seeing what it would do."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from audit.refusals import Conflict, Stale, Unusable
from districts.models import User
from improvement.ledger.steps import AMEND, LABELS
from improvement.models import Problem
from improvement.models.ledger import UNSOLVED
from improvement.services.ledger_acts import (
    FLOW,
    arrangement,
    edge_of,
    rearrange,
    reason_in,
    refuse_unless_arranger,
)
from selfchecks.step import Words

ARRANGEABLE = Q(state__in=UNSOLVED)


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What doing it to many would do: to ``open`` of ``total``; ``left`` says state → how many
    others. ``tag`` changes when it would do something else."""

    total: int
    open: int
    left: Mapping[str, int]
    tag: str


@transaction.atomic
def take_steps(
    *, problems: QuerySet[Problem], step: str, by: User, comment: str = "", expected: str = ""
) -> int:
    """The same step with all of them that it is open on; returns how many there were.

    Raises Stale when it would not do what ``expected`` (a tag of :func:`foresee`) says, Conflict
    when it is open on none of them.
    """
    edge = edge_of(step)
    said = FLOW.checked(edge, {"comment": comment})
    _refuse_stale(problems, by, step, expected)
    rows = _chosen(problems, edge.open_rows(by.role), by, edge.label)
    for own in _by_district(rows):
        FLOW.carry_out(rows=own, edge=edge, by=by, said=said)
    return len(rows)


@transaction.atomic
def arrange_all(
    *, problems: QuerySet[Problem], by: User, comment: str = "", expected: str = "", **given: Any
) -> int:
    """The same arrangement for all of them that are not solved; returns how many there were."""
    refuse_unless_arranger(by)
    values, reason = arrangement(given), reason_in(comment)
    if not values:
        raise Unusable.at("owner", _("请至少填写责任人、整改期限、整改措施中的一项。"))
    _refuse_stale(problems, by, AMEND, expected)
    rows = _chosen(problems, ARRANGEABLE, by, LABELS[AMEND])
    for own in _by_district(rows):
        rearrange(rows=own, values=values, by=by, reason=reason)
    return len(rows)


def open_for(viewer: User, step: str) -> Q:
    """Which problems the viewer may do it to."""
    return ARRANGEABLE if step == AMEND else edge_of(step).open_rows(viewer.role)


def foresee(problems: QuerySet[Problem], viewer: User, step: str = AMEND) -> Foreseen:
    """What :func:`take_steps` or :func:`arrange_all` would do, in two statements."""
    is_open = open_for(viewer, step)
    rows = problems.visible_to(viewer).order_by()  # type: ignore[attr-defined]
    found = rows.aggregate(
        total=Count("pk"), open=Count("pk", filter=is_open), newest=Max("changed_at")
    )
    left = rows.exclude(is_open).values_list("state").annotate(Count("pk"))
    tag = hashlib.sha256(repr((step, found)).encode()).hexdigest()[:32]
    return Foreseen(found["total"], found["open"], dict(left), tag)


def _refuse_stale(problems: QuerySet[Problem], by: User, step: str, expected: str) -> None:
    if expected and expected != foresee(problems, by, step).tag:
        raise Stale(_("这些问题刚有改动；请看过最新的预览再办理。"))


def _chosen(problems: QuerySet[Problem], is_open: Q, by: User, label: Words) -> list[Problem]:
    """The rows, locked, by district. Raises Conflict where nothing would be done."""
    rows = problems.visible_to(by).filter(is_open)  # type: ignore[attr-defined]
    ordered = rows.order_by("district_id", "pk").select_related("district")
    found = list(ordered.select_for_update(of=("self",)))
    if not found:
        sentence = _("这些问题里没有您现在可以「%s」的，什么也没有改；请看每个问题的状态。")
        raise Conflict(sentence % label)
    return found


def _by_district(rows: Iterable[Problem]) -> Iterator[list[Problem]]:
    for _district, own in groupby(rows, key=lambda row: row.district_id):
        yield list(own)


@transaction.atomic
def arrange_each(
    *, given: Mapping[int, Mapping[str, Sequence[Any]]], by: User, comment: str = ""
) -> int:
    """What a workbook says of each problem: number → field → before and after.

    Returns how many there were. Raises Stale when one of them says something else by now.
    """
    refuse_unless_arranger(by)
    rows = _chosen(Problem.objects.filter(pk__in=list(given)), ARRANGEABLE, by, LABELS[AMEND])
    if len(rows) != len(given) or any(_differs(row, given[row.pk]) for row in rows):
        raise Stale(_("这些问题刚有改动；请看过最新的预览再办理。"))
    wanted: dict[str, list[Problem]] = {}
    for row in rows:
        after = {name: pair[1] for name, pair in given[row.pk].items()}
        wanted.setdefault(repr((row.district_id, sorted(after.items()))), []).append(row)
    for own in wanted.values():  # rows of a district that are given the same
        after = {name: pair[1] for name, pair in given[own[0].pk].items()}
        rearrange(rows=own, values=arrangement(after), by=by, reason=reason_in(comment))
    return len(rows)


def _differs(row: Problem, pairs: Mapping[str, Sequence[Any]]) -> bool:
    return any(getattr(row, name) != pair[0] for name, pair in pairs.items())

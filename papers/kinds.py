"""One table of the documents: what each is about, what fills it, who finds its subject."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from districts.scope import Viewer
from rest.books import Sheet

from . import subjects
from .contents import city, form, plans, problems, review, sampling, unit
from .names import Name


class Kind(NamedTuple):
    """``find`` gives what an address names, ``fill`` the fields of it on a day; those that do not
    ``look_back`` speak of the present alone. ``sheets`` has heads of its own for the workbook."""

    find: Callable[[Viewer, str], Any]
    fill: Callable[[Any, date], Mapping[str, Any]]
    looks_back: bool = False
    sheets: Callable[[Any], Iterable[Sheet]] | None = None


KINDS: dict[str, Kind] = {
    Name.UNIT_REPORT: Kind(subjects.unit, unit.fill, looks_back=True),
    Name.BULLETIN: Kind(subjects.city, city.fill, looks_back=True),
    Name.APPLICATION: Kind(subjects.self_check, form.fill, sheets=form.sheets),
    Name.OPINION: Kind(subjects.self_check, review.opinion, looks_back=True),
    Name.RECEIPT: Kind(subjects.receipt, review.receipt),
    Name.PLANS: Kind(subjects.self_check, plans.fill),
    Name.SAMPLING: Kind(subjects.visit, sampling.fill),
    Name.PROBLEMS: Kind(subjects.unit, problems.fill),
    Name.RECTIFICATION: Kind(subjects.unit, problems.fill),
}
OF_UNIT = tuple(name for name, kind in KINDS.items() if kind.find is subjects.unit)

"""One table of the documents: what each is about, what fills it, who finds its subject."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, NamedTuple

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from districts.scope import Viewer

from . import subjects
from .contents import city, problems, review, unit


class Name(TextChoices):
    UNIT_REPORT = "unit-report", _("单位情况报告")
    BULLETIN = "progress-bulletin", _("年度进展通报")
    OPINION = "review-opinion", _("复核意见书")
    RECEIPT = "receipt", _("报送回执")
    PROBLEMS = "problem-list", _("问题清单")
    RECTIFICATION = "rectification-report", _("整改报告（框架）")


class Kind(NamedTuple):
    """``find`` gives what an address names, ``fill`` the fields of it on a day."""

    find: Callable[[Viewer, str], Any]
    fill: Callable[[Any, date], Mapping[str, Any]]


KINDS: dict[str, Kind] = {
    Name.UNIT_REPORT: Kind(subjects.unit, unit.fill),
    Name.BULLETIN: Kind(subjects.city, city.fill),
    Name.OPINION: Kind(subjects.self_check, review.opinion),
    Name.RECEIPT: Kind(subjects.receipt, review.receipt),
    Name.PROBLEMS: Kind(subjects.unit, problems.fill),
    Name.RECTIFICATION: Kind(subjects.unit, problems.fill),
}
OF_UNIT = tuple(name for name, kind in KINDS.items() if kind.find is subjects.unit)

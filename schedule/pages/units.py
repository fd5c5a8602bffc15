"""Every unit in one table: sorted as the address says, to take away, and to be cited."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.refusals import one_of
from districts.wording import day_text, inside
from rest.books import Sheet, write_book
from rest.renderers import CsvRenderer, XlsxRenderer
from schedule import wording
from schedule.atlas_table import basis_words
from schedule.pages.question import UnitLine, ask
from selfchecks.files import offered_book, offered_table

FORMATS = ("csv", "xlsx")
KEYS: dict[str, Callable[[UnitLine], Any]] = {
    "name": lambda line: (line.district.reading, line.district.code),
    "region": lambda line: line.district.region,
    "year": lambda line: line.standing.planned_year,
    "state": lambda line: list(wording.STATES).index(line.state),
    "day": lambda line: line.standing.certified_on,
    "late": lambda line: line.standing.days_late if line.notes else None,
}


class Head(NamedTuple):
    text: str
    address: str
    sorted: str


class Units:
    """The answer to an address; raises Unusable for a sort, state or format there is not."""

    def __init__(self, asked: Mapping[str, str]) -> None:
        self.question = ask(asked)
        self.sort = one_of(asked, "sort", (*KEYS, *(f"-{name}" for name in KEYS)))
        self.state = one_of(asked, "state", wording.STATES)
        self.format = one_of(asked, "format", FORMATS)

    @property
    def lines(self) -> list[UnitLine]:
        """In the order of the plan, or as asked; who has nothing to sort by stands last."""
        every = self.question.lines.values()
        kept = [line for line in every if self.state in ("", line.state)]
        if not self.sort:
            return kept
        key = KEYS[self.sort.removeprefix("-")]
        known = [line for line in kept if key(line) is not None]
        known.sort(key=key, reverse=self.sort.startswith("-"))
        return known + [line for line in kept if key(line) is None]

    @property
    def heads(self) -> Iterator[Head]:
        texts = {
            **{"name": _("单位"), "region": _("区域"), "year": _("规划年份"), "state": _("状态")},
            **{"day": _("通过日"), "late": _("比规划")},
        }
        for name, text in texts.items():
            is_up, is_down = self.sort == name, self.sort == f"-{name}"
            state = "ascending" if is_up else "descending" if is_down else "none"
            yield Head(text, self.tail(sort=f"-{name}" if is_up else name), state)

    @property
    def filters(self) -> Iterator[tuple[str, str, bool]]:
        """Words, address, and whether it is on; of the states there are."""
        there = [line.state for line in self.question.lines.values()]
        for state, label in wording.STATES.items():
            if state in there:
                is_on = state == self.state
                yield (
                    f"{label} {there.count(state)}",
                    self.tail(state="" if is_on else state),
                    is_on,
                )

    def tail(self, **changes: str) -> str:
        asked = {"sort": self.sort, "state": self.state, **changes}
        return self.question.tail(**{name: value for name, value in asked.items() if value}) or "?"

    @property
    def link(self) -> str:
        """Shows the same after today: its day, basis and plan stand in it."""
        return self.question.permalink

    @property
    def downloads(self) -> Iterator[tuple[str, str, str]]:
        """Name, address and media type of each form of the table."""
        types = {"csv": CsvRenderer.media_type, "xlsx": XlsxRenderer.media_type}
        for format, kind in types.items():
            yield format.upper(), f"{self.link}&format={format}", kind

    @property
    def basis(self) -> str:
        return basis_words()[self.question.basis]

    @property
    def title(self) -> str:
        return _("重庆市县域义务教育优质均衡发展：各单位的规划年份和认定状态")

    @property
    def citation(self) -> str:
        facts = {
            "title": self.title,
            "day": day_text(self.question.as_of),
            "basis": inside(self.basis),
            "number": self.question.version.number,
        }
        return _("%(title)s。截至%(day)s，%(basis)s，第 %(number)s 版规划。") % facts

    # -- to take away ----------------------------------------------------------------------------

    @property
    def file(self) -> HttpResponse | None:
        """The file that was asked for; None for the page."""
        if not self.format:
            return None
        name = f"units-{self.question.basis}-{self.question.as_of.isoformat()}.{self.format}"
        if self.format == "csv":
            return offered_table(self.rows, name)
        about = [
            [_("项目"), _("内容")],
            [_("截至"), day_text(self.question.as_of)],
            [_("口径"), self.basis],
            [_("引用"), self.citation],
            *([_("说明"), note] for note in self.question.notes),
        ]
        return offered_book(
            write_book([Sheet(_("各单位"), self.rows, 2), Sheet(_("说明"), about)]), name
        )

    @property
    def rows(self) -> list[list[Any]]:
        """Head and one row a unit; each says its day and basis, whatever becomes of the file."""
        head = [
            *(_("代码"), _("单位"), _("区域"), _("规划年份"), _("状态"), _("通过日")),
            *(_("比规划"), _("承接单位"), _("截至"), _("口径"), _("规划版本")),
        ]
        asked = self.question
        facts = [asked.as_of.isoformat(), self.basis, asked.version.number]
        return [head, *([*_row(line), *facts] for line in self.lines)]


def _row(line: UnitLine) -> list[Any]:
    unit, standing = line.district, line.standing
    day = standing.certified_on
    return [
        *(unit.code, unit.display_name, _(unit.region), standing.planned_year, line.label),
        *(day.isoformat() if day else "", wording.timing_words(standing), line.successors),
    ]


def page_of(found: Units) -> dict[str, Any]:
    updated = found.question.position.updated_at
    known_on = updated and timezone.localdate(updated)
    return {
        "table": found,
        "later": known_on if known_on and known_on > found.question.as_of else None,
        "address": reverse("units"),
    }

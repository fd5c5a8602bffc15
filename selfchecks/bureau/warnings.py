"""Warnings with the boxes for their reasons: one per warning, and one for many places alike."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from audit.reasons import fault_of
from districts.access import SignedInRequest
from districts.wording import listed
from selfchecks.forms import number_in
from selfchecks.models import Upload, UploadStatus
from selfchecks.services.findings import carried_over, explain, in_words, reasons_before

REASON = "reason_"  # starts the name of every box; the id of the warning follows
FOR_ALL = f"{REASON}all_"  # the box of a group; the id of its first warning follows

FEW = 6  # groups that are read at once; of more, each is a line to open
CELLS = 3  # that the line names

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """``typed`` is what stands in it, ``taken_from`` the version it was written on, 0 for this."""

    input_name: str = ""
    typed: str = ""
    taken_from: int = 0

    @property
    def error(self) -> str:
        """What is wrong with the text; nothing of an empty box."""
        return str(fault_of(self.typed) or "") if self.typed.strip() else ""


@dataclass(frozen=True, slots=True)
class Problem(Box):
    """A finding in the reader's language, with the reason written so far.

    Its box is empty where the box of its group speaks for it.
    """

    words: dict[str, Any]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Group(Box):
    """Warnings of one kind in one field; ``problems`` are those the page has room for, ``places``
    how many cells all of them speak of."""

    problems: tuple[Problem, ...]
    count: int
    places: int

    @property
    def words(self) -> dict[str, Any]:
        return self.problems[0].words

    @property
    def is_open(self) -> bool:
        """Whether a single place has a word of its own."""
        return any(problem.typed for problem in self.problems)

    @property
    def is_wrong(self) -> bool:
        """Whether a text in one of its boxes was not taken."""
        return any(box.error for box in (self, *self.problems))

    @property
    def cells(self) -> str:
        """Its first places, by their names in the workbook, each once."""
        named = dict.fromkeys(each.words["cell"] for each in self.problems if each.words["cell"])
        return listed(list(named)[:CELLS])

    @property
    def lacking(self) -> int:
        """How many of its places have no reason yet."""
        return self.reasons.get("", 0)

    @property
    def reasons(self) -> dict[str, int]:
        """Each reason with the number of its places; empty for those without one."""
        return dict(Counter(problem.reason for problem in self.problems))


class Warnings(list[Group]):
    """Those without a reason first, the largest groups first; a single one is a group of one."""

    @property
    def groups(self) -> list[Group]:
        return [group for group in self if group.count > 1]

    @property
    def is_long(self) -> bool:
        return len(self.groups) > FEW

    @property
    def singles(self) -> list[Problem]:
        return [group.problems[0] for group in self if group.count == 1]

    @property
    def shown(self) -> int:
        return sum(len(group.problems) for group in self)


def warnings_of(upload: Upload, typed: Row, *, most: int | None = None) -> Warnings:
    """``typed`` is what stood in the boxes when the page was sent; ``most`` limits the places."""
    reasons = _shown_reasons(upload)
    before = reasons_before(upload) if upload.status == UploadStatus.HELD else {}
    taken = {key: number for key, (_t, number) in before.items() if key not in upload.reasons}
    groups = Warnings()
    left = len(upload.findings) if most is None else most
    for rows in sorted(_alike(upload.findings), key=lambda rows: _place(rows, reasons)):
        common = _shared(rows, reasons)
        problems = tuple(_problems(rows[:left], reasons, common, typed, taken))
        left -= len(problems)
        if problems:
            groups.append(_group(rows, problems, common, typed))
    return groups


def _problems(
    rows: Iterable[Row], reasons: Row, common: str, typed: Row, taken: Mapping[str, int]
) -> Iterator[Problem]:
    for row in rows:
        reason = reasons.get(row["id"], "")
        name = f"{REASON}{row['id']}"
        yield Problem(
            in_words(row),
            reason,
            input_name=name,
            typed=typed.get(name, "" if reason == common else reason),
            taken_from=taken.get(row["id"], 0) if reason else 0,
        )


def _group(rows: Sequence[Row], problems: tuple[Problem, ...], common: str, typed: Row) -> Group:
    name = f"{FOR_ALL}{rows[0]['id']}"
    sources = {problem.taken_from for problem in problems if problem.reason == common}
    return Group(
        problems,
        len(rows),
        len({row["cell"] or row["id"] for row in rows}),
        input_name=name,
        typed=typed.get(name, common),
        taken_from=max(sources) if common and 0 not in sources else 0,
    )


def _place(rows: Sequence[Row], reasons: Row) -> tuple[bool, int]:
    """What still waits for a reason first, then the largest groups."""
    return all(reasons.get(row["id"]) for row in rows), -len(rows)


def _shown_reasons(upload: Upload) -> Mapping[str, str]:
    """The reasons in the boxes: written on this version, or to be taken over by it."""
    return carried_over(upload) if upload.status == UploadStatus.HELD else upload.reasons


def _alike(findings: Iterable[Row]) -> list[list[Row]]:
    """Warnings of one kind in one field together, in the order of their first place."""
    groups: dict[tuple[str, str, str], list[Row]] = {}
    for row in findings:
        if row["level"] == "warning":
            groups.setdefault((row["code"], row["sheet"], row["field"]), []).append(row)
    return list(groups.values())


def _shared(group: Sequence[Row], reasons: Mapping[str, str]) -> str:
    """The reason that stands for the whole group: at two places at least, and none is without."""
    texts = [reasons.get(row["id"], "") for row in group]
    text, count = Counter(texts).most_common(1)[0]
    return text if all(texts) and count > 1 else ""


def reasons_in(posted: Row, findings: Iterable[Row], shown: Mapping[str, str]) -> dict[str, str]:
    """Warning id → reason, for the boxes that were sent. ``shown`` are the reasons on the page.

    A place without a word of its own takes that of its group.
    """
    return {
        key: text.replace("\r\n", "\n")
        for group in _alike(findings)
        for key, text in _of_group(posted, group, shown)
    }


def _of_group(
    posted: Row, group: Sequence[Row], shown: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    for_all = posted.get(f"{FOR_ALL}{group[0]['id']}")
    followers = ("", _shared(group, shown))
    for row in group:
        own = posted.get(f"{REASON}{row['id']}")
        if own is None and for_all is not None and shown.get(row["id"], "") in followers:
            yield row["id"], for_all
        elif own is not None:
            yield row["id"], own if own.strip() else for_all or ""


def save_reasons(request: SignedInRequest, upload: Upload) -> Upload:
    """The version with the reasons a page carries, whichever of its buttons was pressed.

    Raises as ``explain`` does.
    """
    reasons = reasons_in(request.POST, upload.findings, _shown_reasons(upload))
    seen = number_in(request, "version")
    return explain(upload=upload, reasons=reasons, by=request.user, expected_version=seen)

"""The boxes for reasons: one per warning, and one for many places with the same warning."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from audit.reasons import fault_of

REASON = "reason_"  # starts the name of every box; the id of the warning follows
FOR_ALL = f"{REASON}all_"  # the box of a group; the id of its first warning follows

Row = Mapping[str, Any]


def fault_in(typed: str) -> str:
    """What is wrong with the text of a box; nothing of an empty one."""
    return str(fault_of(typed) or "") if typed.strip() else ""


def warnings_in(findings: Iterable[Row]) -> list[Row]:
    return [row for row in findings if row["level"] == "warning"]


def alike(rows: Iterable[Row]) -> list[list[Row]]:
    """Warnings of one kind in one field together, in the order of their first place."""
    groups: dict[tuple[str, str, str], list[Row]] = {}
    for row in rows:
        groups.setdefault((row["code"], row["sheet"], row["field"]), []).append(row)
    return list(groups.values())


def name_for_all(group: Sequence[Row]) -> str:
    return f"{FOR_ALL}{group[0]['id']}"


def shared(group: Sequence[Row], reasons: Mapping[str, str]) -> str:
    """The reason that stands for the whole group: at two places at least, and none is without."""
    texts = [reasons.get(row["id"], "") for row in group]
    text, count = Counter(texts).most_common(1)[0]
    return text if all(texts) and count > 1 else ""


def reasons_in(
    posted: Mapping[str, str], findings: Iterable[Row], shown: Mapping[str, str]
) -> dict[str, str]:
    """Warning id → reason, for the boxes that were sent. ``shown`` are the reasons on the page.

    A place without a word of its own takes that of its group.
    """
    return {
        key: text.replace("\r\n", "\n")
        for group in alike(warnings_in(findings))
        for key, text in _of_group(posted, group, shown)
    }


def _of_group(
    posted: Mapping[str, str], group: Sequence[Row], shown: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    for_all = posted.get(name_for_all(group))
    followers = ("", shared(group, shown))
    for row in group:
        own = posted.get(f"{REASON}{row['id']}")
        if own is None and for_all is not None and shown.get(row["id"], "") in followers:
            yield row["id"], for_all
        elif own is not None:
            yield row["id"], own if own.strip() else for_all or ""

"""Read what a district says of itself: its items, its statements and the veto list."""

import re
from typing import Any

from figures.table import (
    DISTRICT_ITEM,
    QUALITATIVE_INDICATORS,
    RESPONDENT_GROUPS,
    VETO_ITEMS,
    DistrictItem,
)
from indicators.calculation.figures import LARGEST_DISTRICT, read_steps, write_steps
from indicators.calculation.problems import Problem, Unreadable, escape, shown
from indicators.calculation.school_intake import is_blank

CONCLUSIONS = {"达标": "met", "不达标": "not_met", "met": "met", "not_met": "not_met"}
# C6 is graded: 良好 and better is enough.
GRADES = {"优秀": "met", "良好": "met", "合格": "not_met", "不合格": "not_met"}
ANSWERS = {"是": True, "否": False}
LONGEST_NOTE = 2_000

_SUBJECT = re.compile(r"C9\.(\w{1,20})\.(level|difference)")
_GROUP = re.compile(r"D1\.(\w{1,20})\.(sample|satisfied)")
_PARTS = (
    ("B11.exchanged", "B11.eligible"),
    ("B11.exchanged_backbone", "B11.exchanged"),
    ("B14.allocated", "B14.places"),
    ("B15.enrolled", "B15.eligible"),
    ("C1.deceased", "C1.entrants"),
    ("C2.enrolled", "C2.eligible"),
    ("D1.satisfied", "D1.sample"),
    *((f"D1.{group}.satisfied", f"D1.{group}.sample") for group in RESPONDENT_GROUPS),
)


def item_of(code: str) -> DistrictItem | None:
    """The item behind a code, also for the subjects of C9 and the groups of D1."""
    if code in DISTRICT_ITEM:
        return DISTRICT_ITEM[code]
    if subject := _SUBJECT.fullmatch(code):
        if subject.group(2) == "level":
            return DistrictItem(code, f"{subject.group(1)}学业水平等级", "count", "")
        return DistrictItem(code, f"{subject.group(1)}校际差异率", "decimal", "", 4)
    group = _GROUP.fullmatch(code)
    if group is None or group.group(1) not in RESPONDENT_GROUPS:
        return None
    kind = "样本数" if group.group(2) == "sample" else "满意人数"
    return DistrictItem(code, group.group(1) + kind, "count", "人")


def read_district(items: object, problems: list[Problem]) -> dict[str, int]:
    """District items as whole steps; absent means missing."""
    read: dict[str, int] = {}
    for code, value in _entries(items, "/district", problems):
        pointer = f"/district/{escape(code)}"
        item = item_of(code)
        if item is None:
            problems.append(Problem(pointer, "unknown_field", {"name": shown(code)}))
        elif not is_blank(value):
            try:
                read[code] = read_steps(value, item.places, _largest(item))
            except Unreadable as refusal:
                params = {"label": item.label, **refusal.params}
                problems.append(Problem(pointer, refusal.code, params))
    problems.extend(_excesses(read))
    return read


def _largest(item: DistrictItem) -> int:
    if item.code.startswith("C9."):
        return 4 if item.code.endswith(".level") else 1
    return LARGEST_DISTRICT


def _excesses(read: dict[str, int]) -> list[Problem]:
    return [
        Problem(
            f"/district/{part}",
            "part_exceeds_whole",
            {
                "part": _label(part),
                "found": write_steps(read[part], 0),
                "whole": _label(whole),
                "limit": write_steps(read[whole], 0),
            },
        )
        for part, whole in _PARTS
        if part in read and whole in read and read[part] > read[whole]
    ]


def _label(code: str) -> str:
    item = item_of(code)
    return item.label if item else code


def _entries(items: object, pointer: str, problems: list[Problem]) -> list[tuple[str, Any]]:
    """Key and value of an object whose keys are text; anything else becomes a problem."""
    if items is None:
        return []
    if not isinstance(items, dict):
        problems.append(Problem(pointer, "not_object"))
        return []
    return [(str(key), value) for key, value in items.items()]


def read_statements(items: object, problems: list[Problem]) -> dict[str, str]:
    """Self-assessed conclusions (sheet 定性指标): met or not_met per indicator.

    Each is a word (达标, 不达标, met, not_met; for C6 also 优秀 to 不合格) or an object
    with it under ``conclusion`` or ``verdict``, and a free ``note`` and ``evidence`` beside it.
    """
    read: dict[str, str] = {}
    for code, value in _entries(items, "/qualitative", problems):
        pointer = f"/qualitative/{escape(code)}"
        if code not in QUALITATIVE_INDICATORS:
            problems.append(Problem(pointer, "unknown_field", {"name": shown(code)}))
            continue
        word = _answer(value, ("conclusion", "verdict"), pointer, problems)
        words = CONCLUSIONS | (GRADES if code == "C6" else {})
        if isinstance(word, str) and word in words:
            read[code] = words[word]
        elif not is_blank(word):
            params = {"found": shown(word), "choices": "、".join(words)}
            problems.append(Problem(pointer, "bad_conclusion", params))
    return read


def read_veto(items: object, problems: list[Problem]) -> dict[str, bool]:
    """Whether each veto item was raised: 是/否, true/false, or an object with it under ``raised``
    or ``answer``."""
    read: dict[str, bool] = {}
    for code, value in _entries(items, "/veto", problems):
        pointer = f"/veto/{escape(code)}"
        if code not in VETO_ITEMS:
            problems.append(Problem(pointer, "unknown_field", {"name": shown(code)}))
            continue
        answer = _answer(value, ("raised", "answer"), pointer, problems)
        if isinstance(answer, bool):
            read[code] = answer
        elif isinstance(answer, str) and answer in ANSWERS:
            read[code] = ANSWERS[answer]
        elif not is_blank(answer):
            problems.append(Problem(pointer, "bad_veto", {"found": shown(answer)}))
    return read


def _answer(value: object, keys: tuple[str, ...], pointer: str, problems: list[Problem]) -> object:
    """The answer itself, whether given bare or in an object with a note."""
    if not isinstance(value, dict):
        return value
    for name, text in value.items():
        if name not in (*keys, "note", "evidence"):
            place = f"{pointer}/{escape(name)}"
            problems.append(Problem(place, "unknown_field", {"name": shown(name)}))
        elif name == "note" and isinstance(text, str) and len(text) > LONGEST_NOTE:
            params = {"label": "说明", "limit": LONGEST_NOTE}
            problems.append(Problem(f"{pointer}/note", "too_long", params))
    return next((value[key] for key in keys if not is_blank(value.get(key))), None)

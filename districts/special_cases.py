"""The special cases a school may be granted: what each needs, and what was promised for it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

LONGEST_EVIDENCE = 200
EVIDENCE, AMOUNT, STAGE, UNTIL = "evidence", "amount", "stage", "until"
SINCE, COMMITMENT = "since", "commitment"
STAGES = {"primary": gettext_lazy("小学"), "junior": gettext_lazy("初中")}
_YEAR = re.compile(r"20[0-9]{2}")
_DAY = re.compile(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}")
_AMOUNTS = {0: re.compile(r"[0-9]{1,6}"), 2: re.compile(r"[0-9]{1,9}(\.[0-9]{1,2})?")}


@dataclass(frozen=True, slots=True)
class Case:
    """``amount`` says what is counted on top; empty where nothing is."""

    label: str | Promise
    amount: str | Promise = ""
    places: int = 0
    has_stage: bool = False

    @property
    def parts(self) -> tuple[str, ...]:
        counted = (AMOUNT,) if self.amount else ()
        stages = (STAGE,) if self.has_stage else ()
        return (EVIDENCE, *counted, *stages, SINCE, UNTIL, COMMITMENT)


CASES: dict[str, Case] = {
    "A3.shared_teachers": Case(
        gettext_lazy("交流轮岗、兼职、走教的体育艺术教师"), gettext_lazy("人数"), has_stage=True
    ),
    "A5.extra_venues": Case(
        gettext_lazy("地下、屋顶和租用的运动场馆"), gettext_lazy("面积（㎡）"), places=2
    ),
    "B3.music_rooms": Case(gettext_lazy("较小的音乐专用教室"), gettext_lazy("间数")),
    "B3.art_rooms": Case(gettext_lazy("较小的美术专用教室"), gettext_lazy("间数")),
    "B4.larger_limit": Case(gettext_lazy("规模上限放宽")),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one part of a case; ``part`` is empty for the case as a whole."""

    case: str
    part: str
    sentence: str


def read(given: object) -> tuple[dict[str, dict[str, Any]], list[Fault]]:
    """The cases as they are kept, and everything that is wrong with them."""
    if not isinstance(given, Mapping):
        return {}, [Fault("", "", _("特殊情形应为「名称: 说明」的对照。"))]
    faults = [fault for code, told in given.items() for fault in _faults(str(code), told)]
    return ({} if faults else {code: _kept(told) for code, told in given.items()}), faults


def _faults(code: str, told: object) -> Iterator[Fault]:
    case = CASES.get(code)
    if case is None or not isinstance(told, Mapping):
        yield Fault(code, "", _("没有名为「%s」的特殊情形，或没有写明依据。") % code[:40])
        return
    if set(told) - set(case.parts):
        unknown = sorted(map(str, set(told) - set(case.parts)))[0]
        yield Fault(code, "", _("「%(case)s」里没有「%(part)s」这一项。") % _named(case, unknown))
    for part in case.parts:
        if sentence := _fault_of(case, part, _text(told, part)):
            yield Fault(code, part, sentence)
    since, until, promised = (_text(told, part) for part in (SINCE, UNTIL, COMMITMENT))
    if since and until and since > until:
        sentence = _("「%(case)s」的截止年份 %(until)s 早于起始年份 %(since)s。")
        yield Fault(code, UNTIL, sentence % {"case": case.label, "since": since, "until": until})
    if since and promised and since > promised[:4]:
        sentence = _("「%(case)s」的承诺达标期限 %(promised)s 早于起始年份 %(since)s。")
        facts = {"case": case.label, "since": since, "promised": promised[:10]}
        yield Fault(code, COMMITMENT, sentence % facts)


def _text(told: Mapping[str, Any], part: str) -> str:
    return str(told.get(part, "")).strip()


def _named(case: Case, part: str) -> dict[str, Any]:
    return {"case": case.label, "part": part[:40]}


def _fault_of(case: Case, part: str, text: str) -> str:
    if part == EVIDENCE and not 0 < len(text) <= LONGEST_EVIDENCE:
        return _("「%(case)s」须写明依据的文件，最多 %(limit)s 字。") % {
            "case": case.label,
            "limit": LONGEST_EVIDENCE,
        }
    if part == AMOUNT and not _AMOUNTS[case.places].fullmatch(text):
        return _("「%(case)s」的%(part)s应为不小于零的数。") % _named(case, str(case.amount))
    if part == STAGE and text not in STAGES:
        return _("「%s」须选定学段。") % case.label
    if part == UNTIL and text and not _YEAR.fullmatch(text):
        return _("「%s」的截止年份应为四位年份，例如 2028。") % case.label
    if part == SINCE and text and not _YEAR.fullmatch(text):
        return _("「%s」的起始年份应为四位年份，例如 2026。") % case.label
    if part == COMMITMENT and text and _day(text) is None:
        return _("「%s」的承诺达标期限应为日期，例如 2028-08-31。") % case.label
    return ""


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def _kept(told: Mapping[str, Any]) -> dict[str, Any]:
    """Texts without blanks around them; the year as a number, as the calculation takes it."""
    texts = {part: str(value).strip() for part, value in told.items()}
    kept: dict[str, Any] = {part: text for part, text in texts.items() if text}
    return kept | {part: int(kept[part]) for part in (SINCE, UNTIL) if part in kept}


# How a granted case stands on the list to follow up.
OVERDUE, PENDING, UNDATED = "overdue", "pending", "undated"
STANDINGS = {
    OVERDUE: gettext_lazy("承诺期限已过"),
    PENDING: gettext_lazy("在承诺期限内"),
    UNDATED: gettext_lazy("起止年份或承诺期限没有写明"),
}


def standings(cases: Mapping[str, Mapping[str, Any]], day: date) -> list[tuple[str, str, str]]:
    """Of each granted case its code, how it stands on the day, and the promised day as text."""
    return [
        (code, _standing(told, day), str(told.get(COMMITMENT, ""))) for code, told in cases.items()
    ]


def _standing(told: Mapping[str, Any], day: date) -> str:
    if not all(told.get(part) for part in (SINCE, UNTIL, COMMITMENT)):
        return UNDATED
    return OVERDUE if told[COMMITMENT] < day.isoformat() else PENDING

"""What a district might think of, made up from its own figures; for demonstration and trials."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from figures.table import JUNIOR, PRIMARY
from improvement.scenario.draft import Draft, draft_of, write
from indicators.calculation.school_intake import School

Changes = list[dict[str, Any]]
_PAPERS = ("teachers_certified", "teachers_trained")


class Example(NamedTuple):
    """A name and the changes under it; no changes where the district has no such schools."""

    name: str
    changes: Changes


def examples(payload: Mapping[str, Any]) -> Iterator[Example]:
    """Those that the district's schools allow, always the same for the same figures."""
    draft = draft_of(payload)
    for name, think in THOUGHTS.items():
        if changes := think(draft):
            yield Example(name, changes)


def _next_year(_draft: Draft) -> Changes:
    rates = ((PRIMARY, "-3.00"), (JUNIOR, "2.00"))
    return [{"change": "growth", "stage": stage, "percent": rate} for stage, rate in rates]


def _closed(draft: Draft) -> Changes:
    points, schools = _by_pupils(draft, "教学点"), _by_pupils(draft, "小学")
    return _one_into_other("close", points[:1], schools[-1:])


def _merged(draft: Draft) -> Changes:
    return _one_into_other("merge", _by_pupils(draft, "小学")[:1], _by_pupils(draft, "初中")[:1])


def _one_into_other(change: str, gone: list[School], heirs: list[School]) -> Changes:
    return [
        {"change": change, "school_code": school["school_code"], "into": heir["school_code"]}
        for school, heir in zip(gone, heirs, strict=False)
    ]


def _moved(draft: Draft) -> Changes:
    """Two backbone teachers go from the primary school that has most to the one that has least."""
    field, degrees = f"backbone_teachers_{PRIMARY}", f"qualified_teachers_{PRIMARY}"
    asked = {field, degrees, "teachers", *_PAPERS}
    known = [each for each in _by_pupils(draft, "小学") if asked <= each.keys()]
    ranked = sorted(known, key=lambda each: each[field] / each["pupils_primary"])
    if len(ranked) < 2 or any(ranked[-1][each] < 2 for each in asked):
        return []
    counted = ("teachers", "backbone_teachers", "qualified_teachers", *_PAPERS)
    people = dict.fromkeys(counted, 2)
    giver, taker = ranked[-1]["school_code"], ranked[0]["school_code"]
    about = {"school_code": giver, "into": taker, "stage": PRIMARY}
    return [{"change": "move_staff", **about, **people}]


def _built(draft: Draft) -> Changes:
    """A primary school like the largest, and half of that one's pupils go there."""
    schools = _by_pupils(draft, "小学")
    if not schools:
        return []
    full = schools[-1]
    code = f"{full['school_code'][:6]}9999"
    half = full["pupils_primary"] // 2
    here = {"change": "pupils", "stage": PRIMARY}
    return [
        {"change": "add_school", **write(full), "school_code": code, "school_name": NEW_SCHOOL},
        {**here, "school_code": code, "pupils": half},
        {**here, "school_code": full["school_code"], "pupils": full["pupils_primary"] - half},
    ]


def _dearer(_draft: Draft) -> Changes:
    return [{"change": "price", "measure": "build_ground", "price": "600.00"}]


def _by_pupils(draft: Draft, kind: str) -> list[School]:
    """Schools of a type with pupils, the smallest first."""
    found = [
        school
        for school in draft.schools.values()
        if school["school_type"] == kind and school.get("pupils_primary", 1)
    ]
    pupils = "pupils_junior" if kind == "初中" else "pupils_primary"
    return sorted(found, key=lambda each: (each.get(pupils, 0), each["school_code"]))


NEW_SCHOOL = "新建小学"
THOUGHTS: dict[str, Callable[[Draft], Changes]] = {
    "明年学生数": _next_year,
    "撤并最小的教学点": _closed,
    "合并成九年一贯制学校": _merged,
    "骨干教师交流": _moved,
    "新建一所小学分流": _built,
    "运动场地单价上涨": _dearer,
}

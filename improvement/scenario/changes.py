"""The kinds of change, what each is said with, read strictly and applied in order."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from figures.table import (
    CHOICE,
    CODE,
    COUNT,
    DECIMAL,
    LARGEST,
    MOST_OF_A_SCHOOL,
    N_,
    PEOPLE,
    SCHOOL_FIELDS,
    STAGE_LABELS,
    TEXT,
    YUAN,
    Figure,
)
from improvement.scenario import schools, terms
from improvement.scenario.draft import Refused, draft_of, payload_after
from improvement.shortfall.forecast import LEAST, MOST
from indicators.calculation.problems import (
    Problem,
    Problems,
    UnusableInput,
    escape,
    shown,
    write_steps,
)
from indicators.calculation.scheme import STAGES
from indicators.calculation.school_intake import is_blank, read_at, read_schools

MOST_CHANGES = 200
ADD_SCHOOL = "add_school"
PERCENT = "percent"
_SCHOOL = Figure("school_code", N_("学校"), CODE, required=True)
_INTO = Figure("into", N_("并入或转入的学校"), CODE, required=True)


def _stage(*stages: str) -> Figure:
    return Figure("stage", N_("学段"), CHOICE, choices=stages, required=True)


def _people(code: str, label: str, *, required: bool = False) -> Figure:
    return Figure(code, label, COUNT, PEOPLE, 0, MOST_OF_A_SCHOOL, required=required)


def _decimal(code: str, label: str, unit: str = "", limit: int = LARGEST) -> Figure:
    return Figure(code, label, DECIMAL, unit, 2, limit, required=True)


_MEASURE = Figure("measure", N_("措施"), TEXT, required=True)


@dataclass(frozen=True)
class Kind:
    """One kind of change: its name, what it means, what is said of it, what it does."""

    code: str
    label: str
    help: str
    fields: tuple[Figure, ...]
    apply: Callable[..., None]


KINDS = {
    kind.code: kind
    for kind in (
        Kind(
            *("pupils", N_("改一所学校的在校生数")),
            N_("其他数据不变；招生数不超过在校生数，最大班额不小于平均班额。"),
            (_SCHOOL, _stage(*STAGE_LABELS), _people("pupils", N_("在校生数"), required=True)),
            schools.set_pupils,
        ),
        Kind(
            *("growth", N_("按比例增减全区县在校生数")),
            N_("每所学校按同一比例增减，四舍五入；可用来估算明年的在校生数。"),
            (_stage(*STAGES), _decimal(PERCENT, N_("增减比例"), "%", 100)),
            schools.grow,
        ),
        Kind(
            *(ADD_SCHOOL, N_("新增一所学校")),
            N_("填写建成后的数据；没有填的按未填报处理。"),
            SCHOOL_FIELDS,
            schools.add_school,
        ),
        Kind(
            *("merge", N_("合并两所学校")),
            N_("学生、教师、校舍、设备和经费都并入；任何一方未填报的，合并后也是未填报。"),
            (_SCHOOL, _INTO),
            schools.merge,
        ),
        Kind(
            *("close", N_("撤销一所学校或教学点")),
            N_("学生按班转入，教师和经费随之转入；原校舍、场地和设备不再计算。"),
            (_SCHOOL, _INTO),
            schools.close,
        ),
        Kind(
            *("move_staff", N_("教师调动")),
            N_("调动的教师在原校算在哪些项目里，在新校也算在哪些项目里；全区县总数不变。"),
            (
                *(_SCHOOL, _INTO, _stage(*STAGES)),
                _people("teachers", N_("调动的专任教师数"), required=True),
                _people("qualified_teachers", N_("其中高于规定学历")),
                _people("backbone_teachers", N_("其中县级以上骨干教师")),
                _people("pe_arts_teachers", N_("其中体育、艺术专任教师")),
                _people("teachers_certified", N_("其中持证上岗")),
                _people("teachers_trained", N_("其中五年培训满360学时")),
            ),
            schools.move_staff,
        ),
        Kind(
            *("price", N_("改一项措施的单价")),
            N_("只用于本假设方案；区县的单价不变。"),
            (_MEASURE, _decimal("price", N_("单价"), YUAN)),
            terms.set_price,
        ),
        Kind(
            *("cap", N_("限定一所学校至多增配多少")),
            N_("按措施的单位填写；填 0 表示不采取这项措施。"),
            (_SCHOOL, _MEASURE, _decimal("most", N_("至多"))),
            terms.set_cap,
        ),
    )
}


@dataclass(frozen=True)
class Change:
    """One change: ``values`` by what its kind asks, blanks left out, decimals as text."""

    kind: str
    values: Mapping[str, Any]

    def as_dict(self) -> dict[str, Any]:
        return {"change": self.kind, **self.values}


def read_changes(given: object) -> tuple[Change, ...]:
    """Raises UnusableInput with every problem at its place in the list."""
    if not isinstance(given, list) or len(given) > MOST_CHANGES:
        raise UnusableInput([Problem("/changes", "bad_changes", {"limit": MOST_CHANGES})])
    problems = Problems()
    found = [_read(row, f"/changes/{at}", problems) for at, row in enumerate(given)]
    if problems:
        raise UnusableInput(problems)
    return tuple(change for change in found if change)


def apply_changes(payload: Mapping[str, Any], changes: Sequence[Change]) -> dict[str, Any]:
    """The payload after the changes, one after the other; without any it is the same.

    Raises UnusableInput for the first that cannot be made, or that leads to figures no school
    could report; its ``params`` name the school.
    """
    if not changes:
        return dict(payload)
    draft = draft_of(payload)
    for at, change in enumerate(changes):
        pointer, before = f"/changes/{at}", dict(draft.schools)
        try:
            KINDS[change.kind].apply(draft, **_arguments(change))
        except Refused as refused:
            raise UnusableInput([refused.at(pointer)]) from refused
        draft.refuse_contradictions(before, pointer)
    return payload_after(draft, payload)


def _arguments(change: Change) -> dict[str, Any]:
    if change.kind != ADD_SCHOOL:
        return dict(change.values)
    (school,) = read_schools([dict(change.values)], 1, Problems())
    return {"school": school}


def _read(row: object, pointer: str, problems: Problems) -> Change | None:
    if not isinstance(row, dict):
        problems.add(pointer, "not_object")
        return None
    values = {name: value for name, value in row.items() if not is_blank(value)}
    kind = KINDS.get(str(values.pop("change", "")))
    if kind is None:
        choices = "、".join(KINDS)
        problems.add(
            f"{pointer}/change", "bad_change", found=shown(row.get("change")), choices=choices
        )
        return None
    found = Problems()
    read = (_school if kind.code == ADD_SCHOOL else partial(_values, kind.fields))(values, found)
    problems.extend(Problem(pointer + each.pointer, each.code, each.params) for each in found)
    return Change(kind.code, read)


def _school(values: dict[str, Any], problems: Problems) -> dict[str, Any]:
    found = Problems()
    read_schools([values], 1, found)
    prefix = "/schools/0"
    problems.extend(Problem(p.pointer.removeprefix(prefix), p.code, p.params) for p in found)
    return values


def _values(fields: Iterable[Figure], values: dict[str, Any], problems: Problems) -> dict[str, Any]:
    figures = {figure.code: figure for figure in fields}
    for name in [name for name in values if name not in figures]:
        problems.add(f"/{escape(name)}", "unknown_field", name=shown(name))
    read = {
        code: _percent(figure, values[code], problems)
        if code == PERCENT
        else read_at("", code, figure, values[code], problems)
        for code, figure in figures.items()
        if code in values
    }
    for code, figure in figures.items():
        if figure.required and code not in values:
            problems.add(f"/{code}", "missing", label=figure.label)
    return {code: _written(figures[code], value) for code, value in read.items()}


def _percent(figure: Figure, value: Any, problems: Problems) -> Any:
    """May be below zero, where half the pupils are the least that stays."""
    text = str(value)
    steps = read_at("", PERCENT, figure, text.removeprefix("-"), problems)
    if not text.startswith("-") or steps is None:
        return steps
    if steps > -LEAST * 10_000:
        facts = {"least": f"{LEAST:.0%}", "most": f"{MOST:.0%}"}
        problems.add(f"/{PERCENT}", "out_of_range", label=figure.label, found=shown(value), **facts)
    return -steps


def _written(figure: Figure, value: Any) -> Any:
    if not figure.places or value is None:
        return value
    sign = "-" if value < 0 else ""
    return sign + write_steps(abs(value), figure.places)

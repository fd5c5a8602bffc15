"""The tables of the form as rows under heads, for the document and for the workbook alike."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from figures.shown import COEFFICIENT, RATE
from figures.table import ORGANISERS
from indicators import wording
from indicators.calculation.judged import UnitOutcome
from indicators.calculation.scheme import CODES, STAGES
from indicators.presenting import Presented
from indicators.rows import UnitRow
from papers.application.figures import NONE, UNKNOWN, Ground, Value, number, rate
from papers.application.items import ITEMS

Cell = str | Value
# In the order of the form; the attribute of a school's type that each counts.
TYPES = ("小学", "九年一贯制", "初中", "完全中学", "十二年一贯制", "特殊教育学校", "教学点")
YES = {"met": "是", "not_met": "否", "unknown": "无法判定", None: NONE}
SUBJECTS = ("语文", "数学", "科学", "体育", "艺术", "德育")
LEVELS = ("", "Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ")


class Table(NamedTuple):
    """``key`` is the name of its rows in a template."""

    key: str
    title: str
    head: tuple[str, ...]
    rows: list[tuple[Cell, ...]]

    @property
    def frozen(self) -> int:
        """Columns that stay in sight: up to the name of what the row is about."""
        return 2 if self.head[0] == "序号" else 1


def tables(ground: Ground, page: Presented) -> list[Table]:
    """Ⅰ to Ⅵ."""
    seven = (*CODES, "综合")
    named = [f"{code} {page.names.get(code, '')}".strip() for code in CODES]
    schools = (
        *("序号", "学校名称", "学段", "举办者类型", "在校生数", "年级数", "班级数"),
        *(named), "综合评估是否达标", "备注",
    )  # fmt: skip
    judged = ("序号", "名称", "指标值或简要结论", "是否达标")
    return [
        Table("basics", "表Ⅰ 基本情况", ("项目", "数值", "单位"), list(basics(ground))),
        Table("summary", "表Ⅱ-1 资源配置汇总", ("项目", *seven), list(summary(page))),
        Table("schools", "表Ⅱ-2 资源配置分学校", schools, list(by_school(ground, page))),
        Table("spreads", "表Ⅲ 校际均衡", ("项目", *seven), list(spreads(page))),
        Table("support", "表Ⅳ 政府保障程度", judged, list(judged_rows(ground, page, "B"))),
        Table("quality", "表Ⅴ 教育质量", judged, list(judged_rows(ground, page, "C"))),
        Table(
            "survey",
            "表Ⅵ 社会认可度",
            (
                *("类别", "问卷总数", "回收有效问卷", "其中满意问卷", "问卷综合满意度（%）"),
                *("实地走访人数", "其中满意人数", "实地走访满意度（%）"),
            ),
            list(survey(ground)),
        ),
    ]


def basics(ground: Ground) -> Iterator[tuple[Cell, ...]]:
    """Ⅰ: twenty-four figures, half of them asked for."""
    for name in ("people", "farmers", "townships", "villages"):
        yield asked(ground, name)
    for name in ("product", "revenue", "farmers_income", "town_income"):
        yield asked(ground, name)
    for kind in TYPES:
        yield kind, Value(Decimal(len(ground.of_type(kind)))), "所"
    yield "教学点中 50 人及以上", ground.points, "所"
    for label, field, unit in (
        ("小学教学班", "classes_primary", "个"),
        ("初中教学班", "classes_junior", "个"),
        ("小学在校学生", "pupils_primary", "人"),
        ("初中在校学生", "pupils_junior", "人"),
    ):
        yield label, ground.of_stage(field), unit
    for name in ("staff_primary", "teachers_primary", "staff_junior", "teachers_junior"):
        yield asked(ground, name)


def asked(ground: Ground, name: str) -> tuple[Cell, ...]:
    return str(ITEMS[name].label), ground.asked(name), str(ITEMS[name].unit)


def summary(page: Presented) -> Iterator[tuple[Cell, ...]]:
    """Ⅱ-1: how many units reach each threshold, and how many the rule of six in seven."""
    for table in page.stages:
        units = [row.unit for row in table.rows]
        met = [sum(unit.cells[code].verdict == "met" for unit in units) for code in CODES]
        met.append(sum(unit.verdict == "met" for unit in units))
        counts = [Value(Decimal(each)) for each in met]
        whole = Value(Decimal(len(units)))
        yield f"{table.name} 达标学校总数", *counts
        yield f"{table.name} 达标学校比例（%）", *(rate(each, whole) for each in counts)


def by_school(ground: Ground, page: Presented) -> Iterator[tuple[Cell, ...]]:
    """Ⅱ-2: a line for each unit that is counted."""
    reported = {row["school_code"]: row for row in ground.schools}
    rows = [row for stage in page.stages for row in stage.rows]
    in_order = sorted(rows, key=lambda row: (STAGES.index(row.unit.stage), row.unit.school_code))
    for at, row in enumerate(in_order, 1):
        school, unit = reported.get(row.unit.school_code, {}), row.unit
        grades = ground.answers.get(grades_of(unit), "")
        yield (
            *(Value(Decimal(at)), unit.school_name, row.stage, organiser(school)),
            *(number(unit.pupils), number(grades), number(school.get(f"classes_{unit.stage}"))),
            *(number(unit.cells[code].value, page.places.value) for code in CODES),
            *(YES[unit.verdict], remark(row)),
        )


def grades_of(unit: UnitOutcome) -> str:
    """What the number of grades of a unit is called among the answers."""
    return f"grades.{unit.school_code}.{unit.stage}"


def organiser(school: Any) -> str:
    """The form's code, 1 to 10."""
    name = school.get("organiser")
    return str(ORGANISERS.index(name) + 1) if name in ORGANISERS else NONE


def remark(row: UnitRow) -> str:
    """Which items pass, which reach 85 %, and what is left."""
    words = {"met": "达标", "floor": "达到85%", "below": "未达到85%", "unknown": "无法判定"}
    found = {
        name: "、".join(figure.code for figure in row.figures if figure.verdict == verdict)
        for verdict, name in words.items()
    }
    return "；".join(f"{name}：{codes}" for name, codes in found.items() if codes)


def spreads(page: Presented) -> Iterator[tuple[Cell, ...]]:
    """Ⅲ: means and coefficients; the mean of seven different things is none."""
    for stage in STAGES:
        found = page.outcome.dispersion[stage]
        if not found.coefficients:
            continue
        name, rows = wording.stage_name(stage), [found.coefficients[code] for code in CODES]
        means = (number(row.mean, page.places.value) for row in rows)
        yield f"{name} 全县平均值", *means, NONE
        cvs = (number(row.cv, page.places.coefficient) for row in rows)
        yield f"{name} 差异系数", *cvs, number(found.composite, COEFFICIENT)


def judged_rows(ground: Ground, page: Presented, part: str) -> Iterator[tuple[Cell, ...]]:
    """Ⅳ and Ⅴ: what the form asks to be filled in, then what the result says."""
    for row in sorted(page.judged, key=lambda row: int(row.code[1:])):
        if row.code.startswith(part):
            own = [f"{label} {value}{unit}" for label, value, unit in filled(ground, row.code)]
            note = ground.payload["qualitative"].get(row.code, {}).get("note") or ""
            said = own or page.facts(row.code)
            text = "；".join(filter(None, (*said, note))) or NONE
            yield Value(Decimal(row.code[1:])), row.name, text, YES[row.verdict]


def filled(ground: Ground, code: str) -> Iterator[tuple[str, Value, str]]:
    """The places to fill in that the form has beside an indicator."""
    g, item, ask = ground, ground.item, ground.asked
    if code == "B4":
        labels = ("超2000人小学", "超2000人初中", "超2500人一贯制学校")
        yield from ((label, value, "所") for label, value in zip(labels, g.larger(), strict=True))
    elif code == "B5":
        yield "超45人小学班", ask("crowded_primary"), "个"
        yield "超50人初中班", ask("crowded_junior"), "个"
    elif code == "B6":
        yield "不足100人学校学生", g.small(), "人"
        yield "公用经费", ask("small_budget"), "元"
    elif code == "B7":
        special = g.of_type("特殊教育学校")
        yield "特教公用经费", ask("special_budget"), "万元"
        yield "特教学生", total_pupils(g, special), "人"
        yield "生均", item("B7.special_budget_per_pupil"), "元"
    elif code == "B8":
        yield "教师年平均工资收入", item("B8.teacher_pay"), "元"
        yield "公务员年平均工资收入", item("B8.civil_servant_pay"), "元"
    elif code in SHARES:
        yield from shares(ground, code)
    elif code == "C1":
        for name, label in GRADUATES.items():
            yield label, item(f"C1.{name}"), "人"
        yield "巩固率", retention(ground), "%"
    elif code == "C9":
        for subject in SUBJECTS:
            level = item(f"C9.{subject}.level").exact
            yield (
                f"{subject} 校际差异率",
                item(f"C9.{subject}.difference", 3),
                (f"（{LEVELS[int(level)]}级）" if level else ""),
            )


GRADUATES = {
    "graduates": "毕业班学生",
    "entrants": "三年前入学",
    "transferred_in": "转入",
    "deceased": "死亡",
    "transferred_out": "转出",
}
SHARES = ("B9", "B11", "B12", "B14", "B15", "C2")


def shares(ground: Ground, code: str) -> Iterator[tuple[str, Value, str]]:
    """Counts and the share one is of another."""
    item, ask, sum_of = ground.item, ground.asked, ground.sum
    pairs: dict[str, tuple[tuple[str, Value, str, Value], ...]] = {
        "B9": (("完成360学时", sum_of("teachers_trained"), "全县教师", sum_of("teachers")),),
        "B11": (
            ("上一年度交流", item("B11.exchanged"), "符合条件", item("B11.eligible")),
            ("其中骨干", item("B11.exchanged_backbone"), "交流总数", item("B11.exchanged")),
        ),
        "B12": (("持证", sum_of("teachers_certified"), "在岗专任教师", sum_of("teachers")),),
        "B14": (
            ("分配名额", item("B14.allocated"), "优质高中名额", item("B14.places")),
            ("其中农村名额", ask("rural_places"), "分配名额", item("B14.allocated")),
        ),
        "B15": (
            ("公办就读", ask("public_migrants"), "符合条件随迁子女", item("B15.eligible")),
            ("公办和购买服务合计", item("B15.enrolled"), "符合条件随迁子女", item("B15.eligible")),
        ),
        "C2": (
            ("入学", item("C2.enrolled"), "残疾儿童少年", item("C2.eligible")),
            ("其中特教学校", ask("special_enrolled"), "入学", item("C2.enrolled")),
        ),
    }
    for label, part, base, whole in pairs[code]:
        yield base, whole, "人"
        yield label, part, "人"
        yield "占比", rate(part, whole), "%"


def retention(ground: Ground) -> Value:
    """(graduates − in + out) ÷ (entrants − deceased), in per cent."""
    found = [ground.item(f"C1.{name}").exact for name in GRADUATES]
    if None in found:
        return Value(None, RATE)
    graduates, entrants, came, died, went = (each or Decimal() for each in found)
    return rate(Value(graduates - came + went), Value(entrants - died))


def total_pupils(ground: Ground, schools: list[Any]) -> Value:
    own = [ground.pupils(school) for school in schools]
    return UNKNOWN if None in own else Value(sum((n or Decimal() for n in own), Decimal()))


def survey(ground: Ground) -> Iterator[tuple[Cell, ...]]:
    """Ⅵ: everybody, and the parents among them."""
    for label, prefix in (("计", "D1"), ("其中：家长", "D1.家长")):
        valid, satisfied = ground.item(f"{prefix}.sample"), ground.item(f"{prefix}.satisfied")
        asked_there = ground.item(f"{prefix}.visited")
        pleased = ground.item(f"{prefix}.visited_satisfied")
        yield (
            *(label, ground.item(f"{prefix}.issued"), valid, satisfied, rate(satisfied, valid)),
            *(asked_there, pleased, rate(pleased, asked_there)),
        )

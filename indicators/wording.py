"""Says in plain words how an indicator is judged, and in which units: the same on every face."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext, gettext_noop, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from districts.wording import listed
from figures.table import PEOPLE, ROOMS, SCHOOL_FIELD, STAGE_LABELS, item_of
from indicators.calculation.problems import write_decimal
from indicators.models import Indicator, OpenPoint, Standard, Threshold
from indicators.models.standard import Accounts, Comparison, Intake

SHARE = "比例"  # a value shown as a percentage

UNITS = (
    gettext_noop("人"),
    gettext_noop("间"),
    gettext_noop("个"),
    gettext_noop("元"),
    gettext_noop("倍"),
    gettext_noop("级"),
)

# What one of a unit is called where more of it have another word.
ONE = {PEOPLE: pgettext_lazy("for each", "人"), ROOMS: pgettext_lazy("for each", "间")}
# What English says in another order, or without a unit: grade 3, a ratio of 1.
AMOUNTS = {"级": _("%s 级"), "倍": _("%s 倍"), "万元": _("%s 万元")}

EXAMPLE_SCHOOLS = (
    gettext_noop("甲小学"),
    gettext_noop("乙小学"),
    gettext_noop("丙学校"),
    gettext_noop("丁教学点"),
)

UNIT_VERDICTS = {
    "met": _("达标"),
    "floor": _("未达标，但不低于基本值"),
    "below": _("低于基本值"),
    "unknown": _("无法判定"),
}
VERDICTS = {"met": _("达标"), "not_met": _("不达标"), "unknown": _("无法判定")}

# The seven of part A where there is no room for their names.
SHORT = {
    "A1": _("学历教师"),
    "A2": _("骨干教师"),
    "A3": _("体艺教师"),
    "A4": _("教学用房"),
    "A5": _("运动场馆"),
    "A6": _("仪器设备"),
    "A7": _("多媒体教室"),
}

_PART_A = _("每所学校每个学段算一个评估单元，各算各的值；再看全区县各单元之间差多少（差异系数）。")
FORMULAS: dict[str, tuple[Any, ...]] = {
    "teachers_per_100": (
        _("教师数 ÷ 本学段在校生数 × 100。"),
        _("九年一贯制、十二年一贯制和完全中学的教师按任教学段分别填报，不拆分。"),
        _PART_A,
    ),
    "facility_per_pupil": (
        _("面积、金额或间数 ÷ 本学段在校生数（多媒体教室再乘 100）。"),
        _("多学段学校共用的校舍和设备，先按各学段加权的学生数拆分，各学段之和等于全校。"),
        _PART_A,
    ),
    "statement": (_("由区县自评达标或不达标，并附佐证材料；市级督学核查。"),),
    "graded_statement": (
        _("由区县自评等级：优秀、良好为达标，合格、不合格为不达标；附佐证材料，市级督学核查。"),
    ),
    "statement_with_quota": (
        _("由区县自评，并附四项标准的文件；生均公用经费基准定额可一并填报，只作说明。"),
    ),
    "rooms_per_classes": (
        _("每所学校：班级数 ÷ 每间教室对应的班数，有余数就进一，就是应有间数；音乐、美术分别看。"),
        _("只计面积够的教室。特殊教育学校不在此列。"),
    ),
    "school_size": (
        _("每所学校：义务教育阶段在校生数不超过上限。一个学段和多个学段的上限不同。"),
        _("特殊教育学校不在此列。"),
    ),
    "class_size": (
        _("每所学校：最大的一个班不超过上限，小学、初中分别看。特殊教育学校不在此列。"),
    ),
    "funded_pupils": (
        _("乡村小学和教学点在校生不足规定人数的，核定公用经费人数不少于规定人数。"),
    ),
    "amount": (_("区县填报的金额不低于要求。"),),
    "pay": (
        _("教师年平均工资收入 ÷ 当地公务员年平均工资收入，取上一年度；另由区县自评绩效工资。"),
    ),
    "all_teachers": (
        _("每所学校：符合要求的专任教师数 = 专任教师数。再按全区县合计算比例。"),
    ),
    "rotation": (
        _("实际交流轮岗教师 ÷ 符合交流条件教师；其中骨干教师 ÷ 实际交流轮岗教师；取上一年度。"),
    ),
    "nearby_intake": (
        _("就近划片入学人数 ÷ 招生数，按城区、镇区和学段分别合计；只算公办非寄宿制学校。"),
        _("城区要求全部就近，所以有一所学校没做到就不达标。"),
    ),
    "nearby_intake_by_stage": (
        _("就近划片入学人数 ÷ 招生数，城区和镇区合计，按学段分别看；只算公办非寄宿制学校。"),
        _("小学要求全部就近，所以有一所学校没做到就不达标。"),
    ),
    "share_with_statement": (_("两个人数（或名额）相除，并由区县自评、附佐证材料。"),),
    "share": (_("两个人数相除。"),),
    "retention": (_("（毕业人数 − 三年转入 + 三年转出）÷（该届初一在校生 − 死亡）。"),),
    "training_budget": (_("每所学校：教师培训经费 ÷ 公用经费，不低于要求的比例。"),),
    "monitoring": (
        _("每个监测学科：学业水平不低于要求的等级，校际差异率低于要求；正好相等不达标。"),
    ),
    "satisfaction": (
        _("满意问卷数 ÷ 有效问卷数。"),
        _("2017.1 版起，填报了实地走访的，满意人数 ÷ 走访人数也要达到同样的比例。"),
        _("达标但置信下限（95%）低于要求时，另作提示：样本偏少，结论不稳。"),
    ),
}  # fmt: skip

# A source that stands in reference data, listed so that it gets translated.
REFERENCE_SOURCE = gettext_noop("教督〔2017〕6号,按各省转述整理")

# Where a school finds its figures: the national statistics forms, by the start of the field.
_FORMS = (
    (("pupils_",), "教基3112、教基3115"),
    (("classes_", "largest_class_"), "教基2106、教基2107"),
    (("qualified_teachers_", "pe_arts_teachers_"), "教基4155、教基4156"),
    (("backbone_teachers_",), "教基1102"),
    (("teaching_area", "indoor_sports_area"), "教基5170"),
    (("sports_ground_area", "equipment_value", "multimedia_classrooms"), "教基5176"),
)


def origin_of(field: str) -> str:
    """The statistics form a raw field is taken from, else who fills it in."""
    for starts, form in _FORMS:
        if field.startswith(starts):
            return gettext("教育事业统计报表 %s") % listed(form.split("、"))
    return gettext("学校填报") if field in SCHOOL_FIELD else gettext("区县填报")


def label_of(field: str) -> str:
    """What a raw field, a district item or a statement is called."""
    known = SCHOOL_FIELD.get(field) or item_of(field)
    if known:
        return gettext(known.label)
    if field.startswith("C9."):
        is_level = field.endswith("level")
        return gettext("各监测学科学业水平等级") if is_level else gettext("各监测学科校际差异率")
    return gettext("%s 自评结论和佐证") % field


def unit_of(field: str) -> str:
    known = SCHOOL_FIELD.get(field) or item_of(field)
    return gettext(known.unit) if known and known.unit else ""


def amount(value: Decimal, unit: str) -> str:
    """A number with its unit: 4.2 人, 95%."""
    if unit == SHARE:
        return f"{write_decimal(value * 100)}%"
    return with_unit(write_decimal(value), unit) if unit else write_decimal(value)


def with_unit(number: str, unit: str) -> str:
    """A number as it stands with its unit, in the order that the reader's language has them."""
    if unit in AMOUNTS:
        return str(AMOUNTS[unit] % number)
    return f"{number} {ONE[unit] if number == '1' and unit in ONE else gettext(unit)}".strip()


def unit_text(unit: str, number: Decimal) -> str:
    """1 person, 2 people; Chinese has one word for both."""
    return str(ONE[unit]) if number == 1 and unit in ONE else gettext(unit)


def requirement(threshold: Threshold) -> str:
    """What a number asks: 不低于 4.2 人; what only calls for a warning asks nothing."""
    if threshold.name == "advised":
        return amount(threshold.value, threshold.unit)
    return f"{threshold.get_operator_display()} {amount(threshold.value, threshold.unit)}"


def formula_of(indicator: Indicator) -> tuple[Any, ...]:
    """How it is worked out; where a version settles between two readings, by the one it has."""
    by_reading = f"{indicator.formula}_by_{indicator.standard.nearby_intake_by}"
    return FORMULAS.get(by_reading) or FORMULAS.get(indicator.formula, ())


def stage_name(stage: str) -> str:
    return gettext(STAGE_LABELS[stage]) if stage else ""


def setting(point: OpenPoint) -> str:
    """What the version has set where the sources leave a question open."""
    value = point.value
    if point.key == "point_comparison":
        return _of_limit(value) % point.standard.point_limit
    if point.key == "training_accounts":
        return str(Accounts(value).label)
    if point.key == "shown_digits":
        return _of_digits(point.standard)
    if point.key == "nearby_intake_by":
        return str(Intake(value).label)
    if point.key == "cases_until":
        return gettext("%(first)s 年到 %(last)s 年") % {
            "first": point.standard.cases_from,
            "last": value,
        }
    if isinstance(value, bool):
        return gettext("可并入中心校") if value else gettext("都不计入")
    if isinstance(value, list):
        return listed(value) or gettext("没有")
    return amount(value, "元") if isinstance(value, Decimal) else str(value)


def _of_digits(standard: Standard) -> str:
    if standard.coefficient_digits is None:
        return gettext("显示 %s 位小数，判定不修约") % standard.shown_digits
    words = gettext(
        "七项 %(values)s 位，差异系数 %(coefficients)s 位，百分比 %(rates)s 位，判定不修约"
    )
    return words % {
        "values": standard.shown_digits,
        "coefficients": standard.coefficient_digits,
        "rates": standard.rate_digits,
    }


def _of_limit(comparison: str) -> str:
    below = comparison == Comparison.BELOW
    return gettext("不足 %s 人的不计") if below else gettext("不超过 %s 人的不计")

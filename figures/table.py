"""Every figure that can be reported, once: for workbook, CSV, API, command, admin and calculation.

Codes are public (row 1 of the workbook, JSON keys of the API). Labels are Chinese source text;
whoever shows them passes them through gettext.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

N_: Callable[[str], str] = str  # marks a label for the message catalogue without translating it

PRIMARY, JUNIOR, SENIOR = "primary", "junior", "senior"
STAGE_LABELS = {PRIMARY: N_("小学"), JUNIOR: N_("初中"), SENIOR: N_("高中")}

# School type → stages it teaches. 教学点 is a primary school without its own administration.
STAGES_OF_TYPE: dict[str, tuple[str, ...]] = {
    "小学": (PRIMARY,),
    "初中": (JUNIOR,),
    "九年一贯制": (PRIMARY, JUNIOR),
    "十二年一贯制": (PRIMARY, JUNIOR, SENIOR),
    "完全中学": (JUNIOR, SENIOR),
    "教学点": (PRIMARY,),
    "特殊教育学校": (PRIMARY, JUNIOR),
}
YES_NO = ("是", "否")
PRIVATE = "民办"
# In the order of their codes 1–10 on the national application form (表Ⅱ-2).
ORGANISERS = (
    *(N_("中央教育部门"), N_("中央其他部门"), N_("省级教育部门"), N_("省级其他部门")),
    *(N_("地级教育部门"), N_("地级其他部门"), N_("县级教育部门"), N_("县级其他部门")),
    *(N_("地方企业"), PRIVATE),
)
NOT_APPLICABLE = "不适用"
SCHOOL_CODE = "[0-9]{10}"  # [0-9], never \d, which takes digits of every script

# Kinds of answer. A level counts Ⅰ–Ⅳ as 1–4, a ratio runs from 0 to 1.
TEXT, CODE, CHOICE = "text", "code", "choice"
COUNT, DECIMAL, RATIO, LEVEL = "count", "decimal", "ratio", "level"
NUMBERS = frozenset({COUNT, DECIMAL, RATIO})
WORDS = frozenset({TEXT, CODE, CHOICE})


@dataclass(frozen=True, slots=True)
class Figure:
    """What one reported value is.

    ``places`` are the decimals it is reported with, ``limit`` is the largest number taken. Only
    schools teaching its ``stage`` are asked. A blank keeps a workbook out where the figure is
    ``required`` and is asked about where it is ``expected``. ``former`` is what it was called
    before; a choice that is ``numbered`` may also be given by its place in the list.
    """

    code: str
    label: str
    kind: str
    unit: str = ""
    places: int = 0
    limit: int = 0
    stage: str | None = None
    choices: tuple[str, ...] = ()
    may_not_apply: bool = False
    required: bool = False
    expected: bool = True
    former: str = ""
    numbered: bool = False

    def choice_of(self, given: str) -> str | None:
        """The choice a word or a number stands for."""
        if self.numbered and given in (numbers := [str(n + 1) for n in range(len(self.choices))]):
            return self.choices[numbers.index(given)]
        return given if given in self.choices else None

    @property
    def is_number(self) -> bool:
        return self.kind in NUMBERS

    @property
    def is_word(self) -> bool:
        return self.kind in WORDS


MOST_OF_A_SCHOOL = 1_000_000  # people, rooms or classes
LARGEST = 100_000_000  # ㎡ and 万元 of a school, anything of a district
PEOPLE, CLASSES, ROOMS = N_("人"), N_("个"), N_("间")
AREA, MONEY, YUAN = N_("㎡"), N_("万元"), N_("元")


def _choice(code: str, label: str, choices: tuple[str, ...]) -> Figure:
    return Figure(code, label, CHOICE, choices=choices, required=True)


def _count(code: str, label: str, unit: str, stage: str | None = None, na: bool = False) -> Figure:
    required = code.startswith("pupils_")  # without pupils nothing can be computed
    return Figure(code, label, COUNT, unit, 0, MOST_OF_A_SCHOOL, stage, (), na, required)


def _decimal(code: str, label: str, unit: str, places: int) -> Figure:
    return Figure(code, label, DECIMAL, unit, places, LARGEST)


SCHOOL_FIELDS: tuple[Figure, ...] = (
    Figure("school_code", N_("学校标识码"), CODE, required=True),
    Figure("school_name", N_("学校名称"), TEXT, required=True),
    _choice("school_type", N_("办学类型"), tuple(STAGES_OF_TYPE)),
    _choice("location", N_("城乡类型"), ("城区", "镇区", "乡村")),
    _choice("ownership", N_("举办者性质"), ("公办", PRIVATE)),
    _count("pupils_primary", N_("小学在校生数"), PEOPLE, PRIMARY),
    _count("pupils_junior", N_("初中在校生数"), PEOPLE, JUNIOR),
    _count("pupils_senior", N_("高中在校生数"), PEOPLE, SENIOR),
    _count("classes_primary", N_("小学班级数"), CLASSES, PRIMARY),
    _count("classes_junior", N_("初中班级数"), CLASSES, JUNIOR),
    _count("largest_class_primary", N_("小学最大班额"), PEOPLE, PRIMARY),
    _count("largest_class_junior", N_("初中最大班额"), PEOPLE, JUNIOR),
    _count("qualified_teachers_primary", N_("小学高于规定学历教师数"), PEOPLE, PRIMARY),
    _count("qualified_teachers_junior", N_("初中高于规定学历教师数"), PEOPLE, JUNIOR),
    _count("backbone_teachers_primary", N_("小学县级以上骨干教师数"), PEOPLE, PRIMARY),
    _count("backbone_teachers_junior", N_("初中县级以上骨干教师数"), PEOPLE, JUNIOR),
    _count("pe_arts_teachers_primary", N_("小学体育、艺术专任教师数"), PEOPLE, PRIMARY),
    _count("pe_arts_teachers_junior", N_("初中体育、艺术专任教师数"), PEOPLE, JUNIOR),
    _decimal("teaching_area", N_("教学及辅助用房面积"), AREA, 2),
    _decimal("indoor_sports_area", N_("室内体育用房面积"), AREA, 2),
    _decimal("sports_ground_area", N_("运动场地面积"), AREA, 2),
    _decimal("equipment_value", N_("教学仪器设备资产值"), MONEY, 4),
    _count("multimedia_classrooms", N_("网络多媒体教室数"), ROOMS),
    _count("music_rooms", N_("音乐专用教室数"), ROOMS),
    _count("art_rooms", N_("美术专用教室数"), ROOMS),
    _count("teachers", N_("专任教师数"), PEOPLE),
    _count("teachers_certified", N_("持证上岗专任教师数"), PEOPLE),
    _count("teachers_trained", N_("五年培训满360学时专任教师数"), PEOPLE),
    _count("funded_pupils", N_("核定公用经费人数"), PEOPLE),
    _decimal("operating_budget", N_("公用经费预算"), MONEY, 4),
    _decimal("training_budget", N_("教师培训经费"), MONEY, 4),
    _count("nearby_intake_primary", N_("小学就近划片入学人数"), PEOPLE, PRIMARY, na=True),
    _count("intake_primary", N_("小学招生数"), PEOPLE, PRIMARY, na=True),
    _count("nearby_intake_junior", N_("初中就近划片入学人数"), PEOPLE, JUNIOR, na=True),
    _count("intake_junior", N_("初中招生数"), PEOPLE, JUNIOR, na=True),
    _choice("boarding", N_("是否寄宿制"), YES_NO),
    # Last, so that columns stand where they stood: blocks are copied from last year's workbook.
    Figure(
        *("organiser", N_("举办者类型"), CHOICE), choices=ORGANISERS, expected=False, numbered=True
    ),
)
SCHOOL_FIELD: dict[str, Figure] = {field.code: field for field in SCHOOL_FIELDS}
# Without these nobody knows which school is meant; the register says them, not a correction.
IDENTIFYING = ("school_code", "school_name", "school_type")


def _yuan(code: str, label: str, *, expected: bool = True) -> Figure:
    return Figure(code, label, DECIMAL, YUAN, 2, LARGEST, expected=expected)


def _people(code: str, label: str, former: str = "", *, expected: bool = True) -> Figure:
    return Figure(code, label, COUNT, PEOPLE, 0, LARGEST, expected=expected, former=former)


_BEFORE_SUBJECTS = (
    _yuan("B2.quota_primary", N_("小学生均公用经费基准定额"), expected=False),
    _yuan("B2.quota_junior", N_("初中生均公用经费基准定额"), expected=False),
    _yuan("B7.special_budget_per_pupil", N_("特殊教育学校生均公用经费")),
    _yuan("B8.teacher_pay", N_("上年度义务教育教师年平均工资收入")),
    _yuan("B8.civil_servant_pay", N_("上年度当地公务员年平均工资收入")),
    _people("B11.eligible", N_("上年度符合交流条件教师数"), N_("符合交流条件教师数")),
    _people("B11.exchanged", N_("上年度实际交流轮岗教师数"), N_("实际交流轮岗教师数")),
    _people("B11.exchanged_backbone", N_("上年度交流轮岗骨干教师数"), N_("交流轮岗骨干教师数")),
    _people("B14.places", N_("优质高中招生名额")),
    _people("B14.allocated", N_("分配到初中的优质高中招生名额")),
    _people("B15.eligible", N_("符合条件的随迁子女数")),
    _people("B15.enrolled", N_("在公办和政府购买服务民办学校就读的随迁子女数")),
    _people("C1.graduates", N_("初中毕业人数")),
    _people("C1.transferred_in", N_("三年转入人数")),
    _people("C1.transferred_out", N_("三年转出人数")),
    _people("C1.entrants", N_("该届初一在校生数")),
    _people("C1.deceased", N_("三年死亡人数")),
    _people("C2.eligible", N_("适龄残疾儿童少年数")),
    _people("C2.enrolled", N_("入学的适龄残疾儿童少年数")),
)
_AFTER_SUBJECTS = (
    _people("D1.sample", N_("满意度调查有效问卷数"), N_("满意度调查样本数")),
    _people("D1.satisfied", N_("满意度调查满意问卷数"), N_("表示满意的人数")),
)
_BESIDE_SURVEY = (
    _people("D1.issued", N_("满意度调查问卷总数"), expected=False),
    _people("D1.visited", N_("实地走访人数"), expected=False),
    _people("D1.visited_satisfied", N_("实地走访满意人数"), expected=False),
    _people("D1.家长.issued", N_("家长问卷总数"), expected=False),
    _people("D1.家长.visited", N_("家长走访人数"), expected=False),
    _people("D1.家长.visited_satisfied", N_("家长走访满意人数"), expected=False),
)


def _subject(name: str, level: str, difference: str) -> tuple[Figure, ...]:
    """C9 is reported per tested subject."""
    return (
        Figure(f"C9.{name}.level", level, LEVEL, limit=4, expected=False),
        Figure(f"C9.{name}.difference", difference, RATIO, places=4, limit=1, expected=False),
    )


def _group(name: str, sample: str, satisfied: str) -> tuple[Figure, ...]:
    """D1 may also be reported per group of respondents."""
    return (
        _people(f"D1.{name}.sample", sample, expected=False),
        _people(f"D1.{name}.satisfied", satisfied, expected=False),
    )


# The subjects a template offers; any other tested subject may be added.
_SUBJECTS = (
    _subject(N_("语文"), N_("语文学业水平等级"), N_("语文校际差异率")),
    _subject(N_("数学"), N_("数学学业水平等级"), N_("数学校际差异率")),
    _subject(N_("英语"), N_("英语学业水平等级"), N_("英语校际差异率")),
    _subject(N_("科学"), N_("科学学业水平等级"), N_("科学校际差异率")),
    _subject(N_("体育"), N_("体育学业水平等级"), N_("体育校际差异率")),
    _subject(N_("艺术"), N_("艺术学业水平等级"), N_("艺术校际差异率")),
    _subject(N_("德育"), N_("德育学业水平等级"), N_("德育校际差异率")),
)
_SUBJECT_ITEM = re.compile(r"C9\.(\w{1,20})\.(?:level|difference)")
_GROUPS = (
    _group("学生", N_("学生样本数"), N_("学生满意人数")),
    _group("家长", N_("家长样本数"), N_("家长满意人数")),
    _group("教师", N_("教师样本数"), N_("教师满意人数")),
    _group("校长", N_("校长样本数"), N_("校长满意人数")),
    _group("人大代表", N_("人大代表样本数"), N_("人大代表满意人数")),
    _group("政协委员", N_("政协委员样本数"), N_("政协委员满意人数")),
    _group("其他群众", N_("其他群众样本数"), N_("其他群众满意人数")),
)
RESPONDENT_GROUPS: tuple[str, ...] = tuple(sample.code.split(".")[1] for sample, _ in _GROUPS)

DISTRICT_ITEMS: tuple[Figure, ...] = (*_BEFORE_SUBJECTS, *_AFTER_SUBJECTS)
DISTRICT_ITEM: dict[str, Figure] = {item.code: item for item in DISTRICT_ITEMS}
# Every item a template offers, in its order.
OFFERED_ITEMS: dict[str, Figure] = {
    item.code: item
    for part in (_BEFORE_SUBJECTS, *_SUBJECTS, _AFTER_SUBJECTS, _BESIDE_SURVEY, *_GROUPS)
    for item in part
}


def item_of(code: str) -> Figure | None:
    """The district item of a code, also of a subject the template does not offer."""
    match = _SUBJECT_ITEM.fullmatch(code)
    if code in OFFERED_ITEMS or match is None:
        return OFFERED_ITEMS.get(code)
    items = _subject(match[1], f"{match[1]}学业水平等级", f"{match[1]}校际差异率")
    return next(item for item in items if item.code == code)


# What a word of a district about itself means. C6 is graded: 良好 and better is enough.
CONCLUSIONS = {N_("达标"): "met", N_("不达标"): "not_met"}
GRADES = {N_("优秀"): "met", N_("良好"): "met", N_("合格"): "not_met", N_("不合格"): "not_met"}
# Indicators answered with words and evidence rather than figures (sheet 定性指标).
STATEMENTS: dict[str, dict[str, str]] = {
    **dict.fromkeys(("B1", "B2", "B8", "B10", "B14", "B15", "C3", "C5"), CONCLUSIONS),
    "C6": GRADES | CONCLUSIONS,
    **dict.fromkeys(("C7", "C8"), CONCLUSIONS),
}
QUALITATIVE_INDICATORS: tuple[str, ...] = tuple(STATEMENTS)

# Any one of these refuses the district (sheet 一票否决).
VETO_ITEMS: dict[str, str] = {
    "V1": N_("以考试方式招生"),
    "V2": N_("违规择校"),
    "V3": N_("设重点学校或重点班"),
    "V4": N_("「有编不补」或长期聘用编外教师"),
    "V5": N_("教育系统重大安全责任事故和严重违纪违规事件"),
    "V6": N_("弄虚作假"),
}
OPTIONAL_VETO_ITEMS = {"V7": N_("校外培训治理或作业负担方面问题突出")}  # where a version asks it
VETO_NAMES = VETO_ITEMS | OPTIONAL_VETO_ITEMS

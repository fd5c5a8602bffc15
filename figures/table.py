"""Which figures a school and a district report: one list for workbook, API, CSV and calculation.

Pure data without Django. Field codes are public (row 1 of the workbook, JSON keys of the API).
Labels are Chinese source text; whoever shows them passes them through gettext.
"""

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
LOCATIONS = ("城区", "镇区", "乡村")
OWNERSHIPS = ("公办", "民办")
YES_NO = ("是", "否")


@dataclass(frozen=True, slots=True)
class RawField:
    """One reported figure of a school.

    ``kind`` is text, choice, count (whole, from 0) or decimal (from 0). ``places`` is the number
    of decimal places the field is reported with: the smallest step of a shortfall is 10^-places.
    ``stage`` limits the field to schools teaching that stage; elsewhere it is not asked for.
    ``may_not_apply`` says whether 不适用 is an allowed answer.
    """

    code: str
    label: str
    kind: str
    unit: str = ""
    places: int = 0
    stage: str | None = None
    choices: tuple[str, ...] = ()
    may_not_apply: bool = False


def _count(
    code: str, label: str, unit: str, stage: str | None = None, na: bool = False
) -> RawField:
    return RawField(code, label, "count", unit, 0, stage, (), na)


def _decimal(code: str, label: str, unit: str, places: int, na: bool = False) -> RawField:
    return RawField(code, label, "decimal", unit, places, None, (), na)


SCHOOL_FIELDS: tuple[RawField, ...] = (
    RawField("school_code", N_("学校标识码"), "text"),
    RawField("school_name", N_("学校名称"), "text"),
    RawField("school_type", N_("办学类型"), "choice", choices=tuple(STAGES_OF_TYPE)),
    RawField("location", N_("城乡类型"), "choice", choices=LOCATIONS),
    RawField("ownership", N_("举办者性质"), "choice", choices=OWNERSHIPS),
    _count("pupils_primary", N_("小学在校生数"), N_("人"), PRIMARY),
    _count("pupils_junior", N_("初中在校生数"), N_("人"), JUNIOR),
    _count("pupils_senior", N_("高中在校生数"), N_("人"), SENIOR),
    _count("classes_primary", N_("小学班级数"), N_("个"), PRIMARY),
    _count("classes_junior", N_("初中班级数"), N_("个"), JUNIOR),
    _count("largest_class_primary", N_("小学最大班额"), N_("人"), PRIMARY),
    _count("largest_class_junior", N_("初中最大班额"), N_("人"), JUNIOR),
    _count("qualified_teachers_primary", N_("小学高于规定学历教师数"), N_("人"), PRIMARY),
    _count("qualified_teachers_junior", N_("初中高于规定学历教师数"), N_("人"), JUNIOR),
    _count("backbone_teachers_primary", N_("小学县级以上骨干教师数"), N_("人"), PRIMARY),
    _count("backbone_teachers_junior", N_("初中县级以上骨干教师数"), N_("人"), JUNIOR),
    _count("pe_arts_teachers_primary", N_("小学体育、艺术专任教师数"), N_("人"), PRIMARY),
    _count("pe_arts_teachers_junior", N_("初中体育、艺术专任教师数"), N_("人"), JUNIOR),
    _decimal("teaching_area", N_("教学及辅助用房面积"), N_("㎡"), 2),
    _decimal("indoor_sports_area", N_("室内体育用房面积"), N_("㎡"), 2),
    _decimal("sports_ground_area", N_("运动场地面积"), N_("㎡"), 2),
    _decimal("equipment_value", N_("教学仪器设备资产值"), N_("万元"), 4),
    _count("multimedia_classrooms", N_("网络多媒体教室数"), N_("间")),
    _count("music_rooms", N_("音乐专用教室数"), N_("间")),
    _count("art_rooms", N_("美术专用教室数"), N_("间")),
    _count("teachers", N_("专任教师数"), N_("人")),
    _count("teachers_certified", N_("持证上岗专任教师数"), N_("人")),
    _count("teachers_trained", N_("五年培训满360学时专任教师数"), N_("人")),
    _count("funded_pupils", N_("核定公用经费人数"), N_("人")),
    _decimal("operating_budget", N_("公用经费预算"), N_("万元"), 4),
    _decimal("training_budget", N_("教师培训经费"), N_("万元"), 4),
    _count("nearby_intake_primary", N_("小学就近划片入学人数"), N_("人"), PRIMARY, na=True),
    _count("intake_primary", N_("小学招生数"), N_("人"), PRIMARY, na=True),
    _count("nearby_intake_junior", N_("初中就近划片入学人数"), N_("人"), JUNIOR, na=True),
    _count("intake_junior", N_("初中招生数"), N_("人"), JUNIOR, na=True),
    RawField("boarding", N_("是否寄宿制"), "choice", choices=YES_NO),
)
SCHOOL_FIELD: dict[str, RawField] = {field.code: field for field in SCHOOL_FIELDS}


@dataclass(frozen=True, slots=True)
class DistrictItem:
    """One figure a district reports for itself, e.g. ``C1.graduates``.

    ``kind`` is count or decimal; a ``.level`` item counts Ⅰ–Ⅳ as 1–4.
    """

    code: str
    label: str
    kind: str
    unit: str
    places: int = 0
    required: bool = True


_AMOUNT = ("decimal", N_("元"), 2)
_PEOPLE = ("count", N_("人"), 0)

DISTRICT_ITEMS: tuple[DistrictItem, ...] = (
    DistrictItem("B2.quota_primary", N_("小学生均公用经费基准定额"), *_AMOUNT, required=False),
    DistrictItem("B2.quota_junior", N_("初中生均公用经费基准定额"), *_AMOUNT, required=False),
    DistrictItem("B7.special_budget_per_pupil", N_("特殊教育学校生均公用经费"), *_AMOUNT),
    DistrictItem("B8.teacher_pay", N_("上年度义务教育教师年平均工资收入"), *_AMOUNT),
    DistrictItem("B8.civil_servant_pay", N_("上年度当地公务员年平均工资收入"), *_AMOUNT),
    DistrictItem("B11.eligible", N_("符合交流条件教师数"), *_PEOPLE),
    DistrictItem("B11.exchanged", N_("实际交流轮岗教师数"), *_PEOPLE),
    DistrictItem("B11.exchanged_backbone", N_("交流轮岗骨干教师数"), *_PEOPLE),
    DistrictItem("B14.places", N_("优质高中招生名额"), *_PEOPLE),
    DistrictItem("B14.allocated", N_("分配到初中的优质高中招生名额"), *_PEOPLE),
    DistrictItem("B15.eligible", N_("符合条件的随迁子女数"), *_PEOPLE),
    DistrictItem("B15.enrolled", N_("在公办和政府购买服务民办学校就读的随迁子女数"), *_PEOPLE),
    DistrictItem("C1.graduates", N_("初中毕业人数"), *_PEOPLE),
    DistrictItem("C1.transferred_in", N_("三年转入人数"), *_PEOPLE),
    DistrictItem("C1.transferred_out", N_("三年转出人数"), *_PEOPLE),
    DistrictItem("C1.entrants", N_("该届初一在校生数"), *_PEOPLE),
    DistrictItem("C1.deceased", N_("三年死亡人数"), *_PEOPLE),
    DistrictItem("C2.eligible", N_("适龄残疾儿童少年数"), *_PEOPLE),
    DistrictItem("C2.enrolled", N_("入学的适龄残疾儿童少年数"), *_PEOPLE),
    DistrictItem("D1.sample", N_("满意度调查样本数"), *_PEOPLE),
    DistrictItem("D1.satisfied", N_("表示满意的人数"), *_PEOPLE),
)
DISTRICT_ITEM: dict[str, DistrictItem] = {item.code: item for item in DISTRICT_ITEMS}

# D1 may also be reported per group of respondents: D1.<group>.sample and D1.<group>.satisfied.
RESPONDENT_GROUPS: tuple[str, ...] = (
    "学生",
    "家长",
    "教师",
    "校长",
    "人大代表",
    "政协委员",
    "其他群众",
)

# Labels put together from a subject or a group: listed so that they get translated.
COMPOSED_LABELS: tuple[str, ...] = (
    *(N_("语文"), N_("数学"), N_("英语"), N_("科学")),
    *(N_("语文学业水平等级"), N_("语文校际差异率"), N_("数学学业水平等级"), N_("数学校际差异率")),
    *(N_("英语学业水平等级"), N_("英语校际差异率"), N_("科学学业水平等级"), N_("科学校际差异率")),
    *(N_("学生样本数"), N_("学生满意人数"), N_("家长样本数"), N_("家长满意人数")),
    *(N_("教师样本数"), N_("教师满意人数"), N_("校长样本数"), N_("校长满意人数")),
    *(N_("人大代表样本数"), N_("人大代表满意人数")),
    *(N_("政协委员样本数"), N_("政协委员满意人数")),
    *(N_("其他群众样本数"), N_("其他群众满意人数")),
)

# C9 is reported per tested subject: C9.<学科>.level (1–4) and C9.<学科>.difference (0–1).
C9_LEVEL_SUFFIX, C9_DIFFERENCE_SUFFIX = ".level", ".difference"

# Indicators answered with words and evidence rather than figures (sheet 定性指标).
QUALITATIVE_INDICATORS: tuple[str, ...] = (
    "B1",
    "B2",
    "B8",
    "B10",
    "B14",
    "B15",
    "C3",
    "C5",
    "C6",
    "C7",
    "C8",
)

# Any one of these refuses the district (sheet 一票否决).
VETO_ITEMS: dict[str, str] = {
    "V1": N_("以考试方式招生"),
    "V2": N_("违规择校"),
    "V3": N_("设重点学校或重点班"),
    "V4": N_("「有编不补」或长期聘用编外教师"),
    "V5": N_("教育系统重大安全责任事故和严重违纪违规事件"),
    "V6": N_("弄虚作假"),
}

"""What can be said when figures contradict each other, last year, or the school register.

``KINDS`` holds these and every sentence about a workbook as such, by code.
"""

from workbooks.findings import N_, Kind, Severity
from workbooks.wording import KINDS as OF_WORKBOOKS


def _error(code: str, what: str, expected: str, fix: str) -> Kind:
    return Kind(code, Severity.ERROR, what, expected, fix)


def _warning(code: str, what: str, expected: str, fix: str) -> Kind:
    return Kind(code, Severity.WARNING, what, expected, fix)


PART_OVER_WHOLE = _error(
    "part_over_whole",
    N_("{cell}「{field}」是 {found}，比「{whole}」{whole_value} 还多。"),
    N_("部分不能超过整体。"),
    N_("请核对这两个数字。"),
)
PARTS_OVER_WHOLE = _error(
    "parts_over_whole",
    N_("{cell}「{field}」是 {found}，比各部分之和 {total} 还少（{parts}）。"),
    N_("部分之和不能超过整体。"),
    N_("请核对这几个数字。"),
)
OTHER_ORGANISER = _error(
    "other_organiser",
    N_("{cell}「{field}」是「{found}」，而举办者性质是「{ownership}」。"),
    N_("民办学校填「民办」，公办学校填其余九类之一。"),
    N_("请核对这两栏。"),
)
STAGE_UNEXPECTED = _error(
    "stage_unexpected",
    N_("{cell} 填了「{field}」{found}，但办学类型「{school_type}」没有这个学段。"),
    N_("没有的学段应当留空。"),
    N_("请核对办学类型，或者清空这个单元格。"),
)
CLASS_TOO_SMALL = _error(
    "class_too_small",
    N_("{cell}「{field}」是 {found}，而 {pupils} 名学生分 {classes} 个班，平均已是 {average} 人。"),
    N_("最大班额不会小于平均班额。"),
    N_("请核对学生数、班级数和最大班额。"),
)
CLASS_OVER_PUPILS = _error(
    "class_over_pupils",
    N_("{cell}「{field}」是 {found}，比该学段的学生总数 {pupils} 还多。"),
    N_("一个班的人数不会超过学生总数。"),
    N_("请核对学生数和最大班额。"),
)
PUPILS_WITHOUT_CLASSES = _error(
    "pupils_without_classes",
    N_("{cell}「{field}」是 0，但该学段有 {pupils} 名学生。"),
    N_("有学生就应当有班级。"),
    N_("请核对学生数和班级数。"),
)
NO_PUPILS = _warning(
    "no_pupils",
    N_("{cell}「{field}」是 0，但填了教师或班级。"),
    N_("没有学生的学段不参与测算。"),
    N_("请核对学生数；确实没有学生的，请写明原因。"),
)
JUMP = _warning(
    "jump",
    N_("{cell}「{field}」是 {found}，上年是 {last_year}，相差约 {factor} 倍。"),
    N_("与上年应当相近，或者有原因。"),
    N_("请核对单位和位数；属实的，请写明原因。"),
)
LEAP = _warning(
    "leap",
    N_("{cell}「{field}」是 {found}，上年是 {last_year}，相差约 {factor} 倍。"),
    N_("与上年应当相近，或者有原因。"),
    N_("请核对；属实的，请写明原因。"),
)
CHANGE = _warning(
    "change",
    N_("{cell}「{field}」是 {found}，上年是 {last_year}，变化 {percent}%。"),
    N_("变化在 {limit}% 以内，或者有原因。"),
    N_("请核对；属实的，请写明原因。"),
)
UNLIKELY = _warning(
    "unlikely",
    N_("{cell}「{field}」是 {found}，{name}为 {ratio}，不常见。"),
    N_("{name}一般在 {low} 到 {high} 之间。"),
    N_("请核对单位和位数；属实的，请写明原因。"),
)
SAME_ROWS = _warning(
    "same_rows",
    N_("第 {rows} 行的数字完全一样，像是复制的。"),
    N_("各校的数字应当不同。"),
    N_("请核对各校数据；属实的，请写明原因。"),
)
SAME_COLUMN = _warning(
    "same_column",
    N_("「{field}」从 {first} 到 {last} 的 {count} 所学校都是 {found}。"),
    N_("各校的数字一般不同。"),
    N_("请核对是不是向下复制的；属实的，请写明原因。"),
)
SAME_AS_LAST_YEAR = _warning(
    "same_as_last_year",
    N_("第 {row_number} 行的数字与上年完全一样。"),
    N_("每年的数字应当重新统计。"),
    N_("请核对是不是抄了上年的数；属实的，请写明原因。"),
)
VETO_UNEXPLAINED = _error(
    "veto_unexplained",
    N_("{cell}「{field}」是空的，而这一事项答的是「是」。"),
    N_("答「是」的事项要写明情况。"),
    N_("请写明时间、经过和整改情况；答错的，请把答案改为「否」。"),
)
UNKNOWN_SCHOOL = _error(
    "unknown_school",
    N_("{cell} 的学校标识码「{found}」不在本区县的学校名册里。"),
    N_("名册里的学校才能填报。"),
    N_("请核对标识码；新设的学校请先在学校名册里登记。"),
)
MISSING_SCHOOL = _warning(
    "missing_school",
    N_("名册里的「{name}」（{school_code}）没有出现在表里。"),
    N_("名册里应有 {expected_count} 所学校，表里找到其中 {received_count} 所。"),
    N_("请补上这一行，或改正填错的标识码；学校已撤并的，请写明。"),
)
RENAMED_SCHOOL = _warning(
    "renamed_school",
    N_("{cell} 的学校名称是「{found}」，名册里是「{registered}」。"),
    N_("名称应当与名册一致。"),
    N_("请核对标识码是否填错；学校已更名的，请写明。"),
)
OTHER_TYPE = _warning(
    "other_type",
    N_("{cell}「{field}」是「{found}」，名册里是「{registered}」。"),
    N_("应当与名册一致。"),
    N_("请核对；确有变化的，请写明。"),
)

KINDS: dict[str, Kind] = OF_WORKBOOKS | {
    kind.code: kind for kind in list(vars().values()) if isinstance(kind, Kind)
}

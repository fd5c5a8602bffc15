"""What can be said about sheets, rows and columns."""

from ..findings import N_, Kind, Severity, name_kinds


def _notice(what: str, fix: str = "") -> Kind:
    return Kind("", Severity.NOTICE, what, "", fix)


def _warning(what: str, fix: str, expected: str = "") -> Kind:
    return Kind("", Severity.WARNING, what, expected, fix)


def _error(what: str, fix: str, expected: str = "") -> Kind:
    return Kind("", Severity.ERROR, what, expected, fix)


FOREIGN_PART = _notice(N_("文件里有{what}（{count} 处），没有打开，也没有读取。"))
ENCODING = _notice(N_("这是文本表格，按 {encoding} 编码、{separator}分隔读取。"))
SHEET_RENAMED = _notice(N_("工作表「{title}」按「{expected}」读取。"))
SHEET_IGNORED = _notice(N_("工作表「{title}」不属于模板，没有读取。"))
COLUMN_MOVED = _notice(N_("列的顺序与模板不同，已按表头对应。"))
COLUMN_IGNORED = _notice(N_("{cell} 的列「{title}」不属于模板，没有读取。"))
TITLE_IGNORED = _notice(N_("第 {rows} 行在表头之前，按标题处理，没有读取。"))
TAIL_IGNORED = _notice(N_("第 {row_number} 行「{found}」是附注，没有读取。"))
TOTALS_SKIPPED = _notice(N_("第 {row_number} 行「{found}」是汇总行，没有读取。"))
MERGE_FILLED = _notice(N_("{cell} 在合并单元格里，按「{found}」读取。"))
COLOURED_BLANKS = _notice(N_("有 {count} 个空白单元格填了颜色，例如 {cell}；颜色不作为数据读取。"))
NAME_ALIAS = _notice(N_("{cell}「{found}」按「{value}」识别。"))

HIDDEN_ROWS = _warning(
    N_("第 {rows} 行是隐藏的，仍然读取了。"), N_("请取消隐藏或筛选后核对；不该上报的行请删除。")
)
HIDDEN_COLUMNS = _warning(N_("{columns} 列是隐藏的，仍然读取了。"), N_("请取消隐藏后核对。"))
HEADER_GUESSED = _warning(
    N_("{cell} 的表头「{found}」与模板不完全一样，按「{field}」读取。"),
    N_("请确认是同一列；最好从模板里复制原来的表头。"),
)
HEADER_CHANGED = _warning(
    N_("{cell} 的表头改成了「{found}」，模板里是「{field}」，仍按「{field}」读取。"),
    N_("请核对这一列填的是不是「{field}」。"),
)
NO_CODES = _warning(
    N_("没有找到隐藏的代码行，按表头文字对应各列。"),
    N_("请核对各列没有错位；下次请用本系统的模板。"),
)
NO_IDENTITY = _warning(
    N_("文件里没有模板的年度和区县标记，无法核对是不是这一年、这个区县的数据。"),
    N_("请确认数据属于{expected}；下次请用本系统的模板。"),
)
SHEET_MISSING = _warning(
    N_("没有工作表「{expected}」，这部分没有读到数据。"),
    N_("请从模板里复制这张工作表；只更正其他部分时，请写明。"),
)

NEVER_REPORTED = _warning(
    N_("这个文件里没有「{expected}」，以前的版本里也没有。"),
    N_("请在模板（.xlsx）里填写这张工作表再上传，或把它另存为 CSV 上传；暂时没有数据的，请写明。"),
)

SHEET_CHOSEN = _notice(N_("读取的是工作表「{title}」；其他工作表没有读取：{others}。"))
NO_TABLE = _error(N_("看得见的工作表里没有内容。"), N_("请把数据放在第一张看得见的工作表里。"))
NO_ROWS = _error(N_("表头下面没有数据。"), N_("请在表头下面逐行填写。"))
NEEDS_COLUMN = _error(N_("缺少列「{field}」；第一行应是表头。"), "")
UNKNOWN_COLUMN = _error(
    N_("不认识的列「{found}」；可用的列是：{known}。"), N_("请改正列名或删去这一列。")
)

HEADER_SWAPPED = _error(
    N_("{cell} 的表头是「{found}」，隐藏代码行里却是「{field}」。"),
    N_("请从模板重新复制第 1 至 3 行，再核对数据对应的列。"),
)
COLUMN_MISSING = _error(
    N_("缺少列「{field}」。"), N_("请从模板里复制这一列的表头（第 1 至 3 行）和数据。")
)
COLUMN_TWICE = _error(N_("列「{field}」出现了两次：{cell} 和 {other}。"), N_("请删除多余的一列。"))
SHEET_TWICE = _error(
    N_("工作表「{title}」和「{other}」都是「{expected}」，分不清用哪一张。"),
    N_("请删除不用的一张。"),
)
HEADER_LOST = _error(
    N_("工作表「{title}」里找不到表头，整张表没有读取。"),
    N_("请从模板里复制这张工作表的第 1 至 3 行。"),
)
SECOND_HEADER = _error(
    N_("{cell} 又出现了一次表头，一张工作表里像是放了两张表。"),
    N_("请把下面的数据接到上面的表里，删除第 {row_number} 行起重复的表头。"),
)
ROW_TWICE = _error(
    N_("「{found}」出现在第 {rows} 行。"),
    N_("请合并成一行，其余的删除。"),
    N_("每项只填一行；九年一贯制等学校的小学、初中数据填在同一行的不同列。"),
)
MERGED_VALUE = _error(
    N_("{cell} 在合并区域 {area} 里，看不出数字属于哪一格。"), N_("请取消合并，分别填写。")
)
UNKNOWN_ITEM = _error(
    N_("{cell} 的代码「{found}」不在模板里。"), N_("请从模板里复制这一行，不要改动代码。")
)
ITEM_MISSING = _warning(
    N_("工作表「{sheet}」里没有「{label}」（{item}）这一行，按「未填报」处理。"),
    N_("请从模板里复制这一行并填写。"),
)
SCHOOL_UNNAMED = _error(
    N_("第 {row_number} 行没有学校标识码，「{found}」在学校名册里也找不到。"),
    N_("请补填 10 位学校标识码。"),
)
SCHOOL_BY_NAME = _warning(
    N_("第 {row_number} 行没有学校标识码，按名称「{found}」对应到 {value}。"),
    N_("请确认是同一所学校，并补填标识码。"),
)
SCHOOL_AMBIGUOUS = _error(
    N_("第 {row_number} 行没有学校标识码，名称「{found}」可能是：{candidates}。"),
    N_("请补填其中一所的 10 位标识码。"),
)

name_kinds(globals())

"""What can be said about one cell's value."""

from ..findings import N_, Kind, Severity, name_kinds

EXPECTED = N_("「{field}」应当是：{rule}。")


def _notice(what: str, fix: str = "") -> Kind:
    return Kind("", Severity.NOTICE, what, "", fix)


def _warning(what: str, fix: str, expected: str = EXPECTED) -> Kind:
    return Kind("", Severity.WARNING, what, expected, fix)


def _error(what: str, fix: str, expected: str = EXPECTED) -> Kind:
    return Kind("", Severity.ERROR, what, expected, fix)


# Read with a notice: the meaning is plain.
READ_AS = _notice(N_("{cell} 写作「{found}」，按 {value} 读取。"))
NOT_ASKED = _notice(
    N_("{cell} 填了「{found}」；这所学校没有相应学段，「{field}」不用填，没有计入。")
)
EXTERNAL_FORMULA = _notice(
    N_("{cell} 的公式引用了别的文件，按保存时的结果 {value} 读取，没有打开那个文件。")
)

# Read with a warning: the meaning is likely, a person confirms it.
EXPANDED = _warning(
    N_("{cell} 写作「{found}」，按 {value} 读取。"),
    N_("请核对 {value} 是否正确；正确就在确认时写明，不正确就改为数字。"),
    N_("请直接填数字，单位是{unit}。"),
)
PERCENT_SHOWN = _warning(
    N_("{cell} 显示成「{found}」，里面的数是 {value}，按 {value} 读取。"),
    N_("请核对 {value} 是否正确，再把单元格格式改为「常规」。"),
)
UNIT_STRIPPED = _warning(
    N_("{cell} 写作「{found}」，去掉单位后按 {value} 读取。"),
    N_("请核对后只保留数字。"),
    N_("请直接填数字，单位是{unit}。"),
)
LOST_CHARACTER = _warning(
    N_("{cell} 的「{found}」里有个字像是没能保存下来，变成了问号。"),
    N_("请改成原来的字；名称里确实有问号的，请写明。"),
    N_("「{field}」应当一字不差。"),
)
NOT_REPORTED = _warning(
    N_("{cell}「{field}」没有填，按「未填报」处理；没有填不等于没有。"),
    N_("请补填；确实没有数据的，请写明原因。"),
)

# Not read: the meaning is open.
REQUIRED = _error(N_("{cell}「{field}」没有填。"), N_("请按上面的要求补填，不能留空。"))
NOT_A_NUMBER = _error(N_("{cell} 填的「{found}」不是数字。"), N_("请改为只有数字的写法。"))
SEE_NOTE = _error(
    N_("{cell} 填的「{found}」是说明，不是数字。"), N_("请把数字填在这里，说明写到批注或说明栏。")
)
WITH_NOTE = _error(
    N_("{cell} 填的「{found}」在数字以外还写了说明。"),
    N_("请把数字填在这里，说明写到批注或说明栏。"),
)
APPROXIMATE = _error(N_("{cell} 填的「{found}」是约数或范围。"), N_("请填一个确切的数字。"))
ODD_DIGITS = _error(N_("{cell} 填的「{found}」用了特殊数字。"), N_("请改用 0 到 9 的数字。"))
CHINESE_DIGITS = _error(N_("{cell} 填的「{found}」是汉字数字。"), N_("请改用 0 到 9 的数字。"))
LETTERS = _error(
    N_("{cell} 填的「{found}」里混有字母，像是把 0 打成了 O，或者把 1 打成了 l。"),
    N_("请改用 0 到 9 的数字。"),
)
SLASH = _error(
    N_("{cell} 填的「{found}」中间有斜杠，看不出是分数、日期还是两个数。"),
    N_("请填一个确切的数字。"),
)
NOT_PLAIN = _error(
    N_("{cell} 填的「{found}」用了科学计数法或程序里的写法。"),
    N_("请写出完整的数字，例如 100000。"),
)
BAD_SEPARATORS = _error(
    N_("{cell} 填的「{found}」里逗号或小数点的位置不对，看不出是多少。"),
    N_("请去掉逗号，小数点用「.」。"),
)
OTHER_UNIT = _error(
    N_("{cell} 填的「{found}」带有别的单位。"),
    N_("请换算成{unit}，只填数字。"),
    N_("「{field}」的单位是{unit}。"),
)
NO_PERCENT = _error(
    N_("{cell} 填的「{found}」是百分数。"), N_("请填实际数量，并把单元格格式改为「常规」。")
)
STORED_AS_TIME = _error(
    N_("{cell} 被表格软件存成了时间「{found}」。"), N_("请先把单元格格式设为「文本」，再重新填写。")
)
STORED_AS_DATE = _error(
    N_("{cell} 被表格软件存成了日期「{found}」。"),
    N_("请把单元格格式改为「常规」，再重新填写数字。"),
)
NOT_WHOLE = _error(N_("{cell} 填的「{found}」不是整数。"), N_("请核对后填整数。"))
NEGATIVE = _error(N_("{cell} 填的「{found}」是负数。"), N_("请核对后填 0 或以上的数。"))
TOO_LARGE = _error(
    N_("{cell} 填的「{found}」超过了上限 {maximum}。"), N_("请核对是否多写了位数或单位不对。")
)
MAY_NOT_BE_ABSENT = _error(
    N_("{cell} 填的「{found}」表示不适用，但「{field}」不能填不适用。"),
    N_("数量为零请填 0；暂时没有数据请留空。"),
)
UNCACHED = _error(
    N_("{cell} 是公式，但文件里没有保存计算结果。"),
    N_("请用 WPS 或 Excel 打开文件，保存后再上传，或者把公式粘贴为数值。"),
)
FORMULA_ERROR = _error(
    N_("{cell} 的公式结果是 {found}（{meaning}）。"), N_("请改正公式，或者直接填数字。")
)
FORMULA_TEXT = _error(
    N_("{cell} 里的「{found}」是当作文字存的公式，没有计算。"), N_("请直接填计算好的结果。")
)
TRUE_FALSE = _error(N_("{cell} 填的是逻辑值 {found}。"), N_("请按要求重新填写。"))
TOO_LONG = _error(
    N_("{cell} 的文字有 {length} 字，超过 {limit} 字。"),
    N_("请写得简短些，长材料作为佐证另行上传。"),
    N_("「{field}」最多 {limit} 字。"),
)
UNKNOWN_CHOICE = _error(
    N_("{cell} 填的「{found}」不在可选的内容里。"), N_("请从下拉列表里选一项。")
)
CODE_LENGTH = _error(
    N_("{cell} 填的「{found}」有 {length} 位，学校标识码是 10 位数字。"),
    N_("请核对；开头的 0 丢失时请把这一列的单元格格式设为「文本」，再重新填写。"),
)
BAD_CODE = _error(
    N_("{cell} 填的「{found}」不是完整的学校标识码，可能丢了开头的 0 或被改成了科学计数法。"),
    N_("请把这一列的单元格格式设为「文本」，再重新填写 10 位标识码。"),
)
NOT_A_DATE = _error(N_("{cell} 填的「{found}」读不出是哪一天或哪一年。"), N_("请改正后重新填写。"))

name_kinds(globals())

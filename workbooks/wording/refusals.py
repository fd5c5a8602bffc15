"""Why a file as a whole is not taken: fifteen states, each with its sentence and its next step."""

from ..findings import N_, Kind, Severity, name_kinds


def _refusal(what: str, fix: str) -> Kind:
    return Kind("", Severity.ERROR, what, "", fix)


NONE_SELECTED = _refusal(N_("没有选择文件。"), N_("请选择填好的自查工作簿（.xlsx），再上传。"))
TOO_MANY = _refusal(
    N_("一次选了 {count} 个文件，只能传一个。"),
    N_("请把数据放在同一个工作簿里，只选这一个文件上传。"),
)
EMPTY = _refusal(N_("文件是空的：{reason}。"), N_("请打开模板填好数据、保存后再上传。"))
TOO_BIG = _refusal(
    N_("文件太大：{reason}。"),
    N_("请删去图片和多余的工作表，选中数据下方的空白行并删除，另存后再上传。"),
)
WRONG_TYPE = _refusal(
    N_("文件类型不对：{reason}。"),
    N_("请用 WPS 或 Excel 打开原表，选择「另存为」「Excel 工作簿（.xlsx）」，再上传另存的文件。"),
)
OLD_FORMAT = _refusal(
    N_("这是旧格式的表格：{reason}。"),
    N_("请用 WPS 或 Excel 打开它，选择「另存为」「Excel 工作簿（.xlsx）」，再上传另存的文件。"),
)
PASSWORD = _refusal(
    N_("文件设有密码保护，无法读取。"),
    N_("请在 WPS 或 Excel 里打开文件，取消「打开密码」，保存后再上传。"),
)
MACRO = _refusal(
    N_("文件带有宏：{reason}。"),
    N_("请把文件另存为不带宏的「Excel 工作簿（.xlsx）」，再上传另存的文件。"),
)
VIRUS = _refusal(
    N_("安全检查发现可疑内容：{reason}。"),
    N_("请先在本机查杀病毒，再从本站重新下载模板，把数据粘贴为数值后上传。"),
)
UNREADABLE = _refusal(
    N_("文件没能读出来：{reason}。"),
    N_("请用 WPS 或 Excel 打开原文件，确认内容完整，另存为新的 .xlsx 后再上传。"),
)
TOO_HEAVY = _refusal(
    N_("文件没能在限定的时间和内存内读完。"),
    N_("请重新下载模板，只把数据粘贴为数值填入，不带格式、图片和多余的工作表，保存后再上传。"),
)
OUT_OF_BOUNDS = _refusal(
    N_("表格里有超出模板范围的内容：{reason}。"),
    N_("请按 Ctrl+End 找到最远的单元格，删除数据区以外的行和列，保存后再上传。"),
)
NOT_TEMPLATE = _refusal(
    N_("没有使用本系统的模板：{reason}。"),
    N_("请在本页下载本年度模板，把数据粘贴为数值填入后再上传。"),
)
WRONG_YEAR = _refusal(
    N_("年度不对：文件是 {found} 年的模板，这里要的是 {expected} 年的数据。"),
    N_("请下载 {expected} 年的模板，把 {expected} 年的数据填入后再上传。"),
)
WRONG_DISTRICT = _refusal(
    N_("区县不对：文件属于{found}，这里要的是{expected}的数据。"),
    N_("请下载{expected}的模板填写，或者换用{found}的账号上传。"),
)

REFUSALS: tuple[Kind, ...] = name_kinds(globals())

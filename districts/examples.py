"""What to write into an input and what not, once for all forms that ask the same."""

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

# By the name of the input, or of its form and the input.
EXAMPLES: dict[str, tuple[Any, Any]] = {
    **dict.fromkeys(("reason", "comment"), (_("新校区 2026 年 9 月启用"), _("情况属实"))),
    **dict.fromkeys(("owner", "responsible"), (_("发展规划科 王敏"), _("相关科室"))),
    "measures": (_("改建 2 间美术教室，12 月验收"), _("加强管理")),
    "milestones": (_("3 月招标，6 月开工，12 月验收"), _("尽快完成")),
    "evidence": (_("验收报告、聘用合同"), _("相关材料")),
    "funding_note": (_("县财政 2027 年追加预算"), _("多渠道筹措")),
    "NewMeasureForm.name": (_("招聘音乐教师"), _("补短板")),
    "ScenarioForm.name": (_("城南新建一所小学"), _("方案一")),
    "ScenarioForm.note": (_("按 2027 年入学预测"), _("备用")),
    "PracticeForm.title": (_("联校教研让新教师三年成骨干"), _("工作经验")),
    "problem": (_("乡镇小学没有专任音乐教师"), _("师资薄弱")),
    "measure": (_("中心校音乐教师每周两天到教学点上课，交通补贴由县财政列支"), _("领导高度重视")),
    **dict.fromkeys(("year", "year_before", "year_after"), ("2026", _("今年的"))),
    "PricesForm.source": (_("2026 年政府采购中标价"), _("市场价")),
    "StepForm.source": ("https://www.moe.gov.cn/", _("教育部网站")),
    "document_number": (_("发文机关代字〔2026〕12 号"), _("12 号文")),
    "words": (_("查看了 3 间美术教室，2 间堆着杂物"), _("基本属实")),
    "ProgressForm.words": (_("主体完工，正在装门窗"), _("进展顺利")),
    "reply": (_("9 月 3 日到校查看，美术教室已恢复使用"), _("处理过了")),
    "CommentForm.text": (_("多出的 2 人 9 月新聘，合同已附"), _("已核实")),
    "MessageForm.text": (_("某小学三年级有一个班 52 名学生"), _("学校不好")),
    "EvidenceForm.note": (_("编制文件，看第 3 页"), _("见附件")),
    **dict.fromkeys(
        ("due_on", "due", "start", "day", "valid_from", "visited_on", "renamed_on"),
        ("2026-12-31", _("年底前")),
    ),
    "days": ("90", _("三个月")),
    "within": ("30", _("一个月")),
    "count": ("12", _("一成")),
    **dict.fromkeys(("amount", "done"), ("12", _("十几"))),
    **dict.fromkeys(("GrantForm.amount", "GrantDecisionForm.amount"), ("1200000", _("120 万"))),
    "cost": ("38000", _("约 3.8 万")),
    **dict.fromkeys(("budget", "each"), ("3000", _("3000 万左右"))),
    **dict.fromkeys(("primary", "junior"), ("-2.5", _("减少百分之二点五"))),
    "pupils": ("2100001001 480 -", _("某某小学 四百八")),
    "FindingForm.reported": (_("12 间"), "12"),
    "FindingForm.found": (_("9 间"), _("差一些")),
    "centre_code": ("2100001001", _("中心小学")),
    "DraftForm.code": ("2027", _("2027 版")),
    "DraftForm.title": (_("2027 年督导评估办法"), _("新标准")),
}


def told(right: Any, wrong: Any) -> Any:
    return format_lazy(_("对：{right}。错：{wrong}。"), right=right, wrong=wrong)


def show_examples(form: forms.BaseForm) -> None:
    """Puts them behind what the form says of its inputs."""
    for name, field in form.fields.items():
        pair = EXAMPLES.get(f"{type(form).__name__}.{name}") or EXAMPLES.get(name)
        if pair and not isinstance(field, forms.ChoiceField) and not field.widget.is_hidden:
            field.help_text = format_lazy("{} {}", field.help_text, told(*pair))

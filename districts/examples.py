"""What to write into an input and what not, once for all forms that ask the same."""

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

# By the name of the input, or of its form and the input.
EXAMPLES: dict[str, tuple[Any, Any]] = {
    **dict.fromkeys(("reason", "comment"), (_("新校区 2026 年 9 月启用"), _("情况属实"))),
    **dict.fromkeys(("owner", "responsible"), (_("发展规划科 王敏"), _("相关科室"))),
    **dict.fromkeys(
        ("decline.comment", "reopen.comment", "send_back.comment", "ask_reopening.comment"),
        (_("3 所学校的教师数与花名册不符"), _("有问题")),
    ),
    "claim.comment": (_("3 所学校的批复已逐项核对，金额一致"), _("已整改")),
    "take_back.comment": (_("选错了一行，要销号的是 13 号"), _("有误")),
    "void.comment": (_("与 12 号问题是同一件事"), _("不需要")),
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
    **dict.fromkeys(("due_on", "due", "start", "valid_to"), ("2026-12-31", _("年底前"))),
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
    "source_note": (_("来源页没有写文号"), _("网上看到的")),
    "DeadlineForm.reason": (_("与学年统计报表错开两周"), _("工作需要")),
    "GrantForm.purpose": (_("改建 6 所小学的美术教室"), _("教育经费")),
    "GrantDecisionForm.reason": (_("汛期停工 4 个月，主体刚封顶"), _("情况特殊")),
    "GuidanceForm.group": (_("体育场地不足"), _("较差")),
    "GuidanceForm.reason": (_("9 所小学的体育场地不到限值"), _("进度慢")),
    "ConsequenceForm.ground": (_("奖补资金到期，没有通过国家认定"), _("工作不力")),
    "display_name": (_("王敏"), _("王科长")),
    "UserForm.username": ("wangmin", "wang min"),
    "HookForm.url": ("https://data.example.org/hook", "data.example.org"),
    **dict.fromkeys(("list_year", "since", "until"), ("2026", _("今年"))),
    "commitment": ("2028-08-31", _("两年内")),
    "units_in_nation": ("188", _("一百多")),
    "units_in_city": ("4", _("几个")),
    "batch": ("2", _("第二批")),
    "date_note": (_("首次报道日，文件日期待核"), _("大概")),
    "sources": (_("https://www.moe.gov.cn/ 教育部的通知"), _("教育部网站")),
    "unmet_reason": (_("公示期满的证明 9 月 8 日补齐"), _("特批")),
    "CertificationListForm.name": (_("2026 年第二批"), _("名单")),
    "CertificationEventForm.note": (_("名单列在附件第 3 页"), _("见附件")),
    "DistrictForm.code": ("500106", _("沙坪坝")),
    "DistrictForm.name": (_("沙坪坝区"), _("沙坪坝")),
    "DistrictForm.english_name": ("Shapingba", "SPB"),
    "distinction": (_("行政区"), _("新的")),
    "full_name": (_("石柱土家族自治县"), _("石柱")),
    "reading": ("sha1ping2ba4qu1", "shapingba"),
    "region": (_("主城都市区"), _("城里")),
    "subregion": (_("中心城区"), _("城里")),
    "order": ("6", _("第六")),
    "DistrictForm.contact": (_("区教委督导室，工作日 9 点到 17 点"), _("区教委")),
    **dict.fromkeys(
        ("tile_column", "tile_row", "current_tile_column", "current_tile_row"), ("2", _("第二"))
    ),
    "SchoolForm.code": ("2100001001", _("中心小学")),
    "SchoolForm.name": (_("龙溪街道中心小学"), _("中心校")),
    **dict.fromkeys(("township", "TownshipForm.name"), (_("龙溪街道"), _("本街道"))),
    "SuccessionForm.description": (_("设立行政区两江新区，撤销江北区"), _("合并")),
    "CertificationStepForm.name": (_("公布认定结果"), _("最后一步")),
    "StatementForm.text": (_("本门户由市教委建设，每个工作日更新。"), _("敬请期待")),
    "StatementForm.english": ("The portal is kept by the commission.", "coming soon"),
}
# Else by what the input takes: a day that has been, an address.
BY_KIND: dict[type[forms.Field], tuple[Any, Any]] = {
    forms.DateField: ("2026-09-01", _("九月初")),
    forms.URLField: ("https://www.moe.gov.cn/", _("教育部网站")),
    forms.EmailField: ("wangmin@example.org", "wangmin"),
}


def told(right: Any, wrong: Any) -> Any:
    return format_lazy(_("对：{right}。错：{wrong}。"), right=right, wrong=wrong)


def show_examples(form: forms.BaseForm) -> None:
    """Puts them behind what the form says of its inputs."""
    for name, field in form.fields.items():
        if not isinstance(field, forms.ChoiceField) and not field.widget.is_hidden:
            field.help_text = shown_example(type(form).__name__, name, field)


def shown_example(form: str, name: str, field: forms.Field) -> Any:
    """What the input says of itself, its example behind."""
    pair = example_of(form, name, field)
    return format_lazy("{} {}", field.help_text, told(*pair)) if pair else field.help_text


def example_of(form: str, name: str, field: forms.Field) -> tuple[Any, Any] | None:
    """By form and name, by name, by the last part of the name, or by the kind of input."""
    keys = (f"{form}.{name}", name, name.rpartition(".")[2])
    found = next((EXAMPLES[key] for key in keys if key in EXAMPLES), None)
    kinds = (pair for kind, pair in BY_KIND.items() if isinstance(field, kind))
    return found or next(kinds, None)

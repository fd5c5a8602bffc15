"""What people fill in on a measure: what is to be done, or how far it has come."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from districts.roles import Office
from improvement.models import Funding, Unit
from indicators.calculation.scheme import STAGES
from indicators.choosing import of_resources
from indicators.wording import stage_name
from selfchecks.contents import MOST_BYTES, TAKEN
from selfchecks.forms import EVIDENCE_KINDS, Answering, DayField

NUMBER = {"inputmode": "decimal", "autocomplete": "off"}


def _number(label: Any, *, places: int, required: bool = True, hint: Any = "") -> Any:
    sentence = _("请填数字，例如 2 或 120.5。")
    codes = ("invalid", "max_digits", "max_decimal_places", "max_whole_digits")
    return forms.DecimalField(
        label=label,
        required=required,
        max_digits=14,
        decimal_places=places,
        help_text=hint,
        widget=forms.TextInput(attrs=NUMBER),
        error_messages={**dict.fromkeys(codes, sentence), "required": _("请填数量。")},
    )


def _text(label: Any, longest: int, hint: Any = "") -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=longest, help_text=hint)


class MeasureForm(Answering):
    """A measure as it stands; a ``reason`` is asked for once its plan was approved."""

    amount = _number(_("数量"), places=4)
    cost = _number(_("经费（元）"), places=2, required=False, hint=_("不用钱的填 0。"))
    funding = forms.ChoiceField(
        label=_("经费来源"), required=False, choices=[("", _("还没有定")), *Funding.choices]
    )
    funding_note = _text(_("来源说明"), 100, _("来源是「其他」时必填。"))
    responsible = _text(_("责任人"), 40)
    office = forms.ChoiceField(label=_("责任部门"), choices=Office.choices)
    start = DayField(label=_("开始日期"), required=False)
    due = DayField(label=_("完成期限"), required=False)
    milestones = _text(_("时间节点"), 500)
    evidence = _text(_("要交的佐证"), 300)
    reason = _text(_("改动的原因"), 300, _("批准过的一校一策改动后须重新审批，原来的内容保留。"))

    def __init__(self, *args: Any, asks_reason: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="measure-%s", **kwargs)
        if not asks_reason:
            del self.fields["reason"]


class NewMeasureForm(MeasureForm):
    """One the planner did not think of."""

    name = forms.CharField(
        label=pgettext_lazy("of a school plan", "措施"),
        max_length=60,
        error_messages={"required": _("请写明要做什么。")},
    )
    unit = forms.ChoiceField(label=_("计量单位"), choices=Unit.choices)
    indicators = forms.MultipleChoiceField(
        label=_("对应指标"),
        required=False,
        choices=of_resources,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("选了指标、单位也相同的，计入做完以后的测算。"),
    )
    stage = forms.ChoiceField(label=_("学段"), required=False)

    field_order = ("name", "amount", "unit", "indicators", "stage")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stages = [(stage, stage_name(stage)) for stage in STAGES]
        self.fields["stage"].choices = [("", _("不分学段")), *stages]  # type: ignore[attr-defined]


class DropForm(Answering):
    reason = forms.CharField(
        label=_("取消的原因"),
        max_length=300,
        error_messages={"required": _("请写明取消的原因。")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="drop-%s", **kwargs)


class ProgressForm(Answering):
    """How much is done so far, or an answer in words; a document may go with it."""

    done = _number(
        _("累计完成"), places=4, required=False, hint=_("到这一天为止一共完成多少；不填只写说明。")
    )
    day = DayField(label=_("截至日期"), required=False)
    words = forms.CharField(
        label=_("说明"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    file = forms.FileField(
        label=_("佐证文件"),
        required=False,
        allow_empty_file=True,
        help_text=TAKEN,
        widget=forms.FileInput(attrs={"accept": EVIDENCE_KINDS}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="progress-%s", **kwargs)

    @property
    def arguments(self) -> dict[str, Any]:
        """The bytes of the file; one more than allowed is enough to be refused."""
        said = {name: self.cleaned_data[name] for name in ("done", "day", "words")}
        file = self.cleaned_data["file"]
        return {**said, "content": file.read(MOST_BYTES + 1), "name": file.name} if file else said

"""What inspectors fill in: how many to draw, what a step asks, what was seen at a school."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from districts.models import District
from improvement.models import FindingKind
from improvement.services.visit_schools import MOST_PHOTOS
from improvement.services.visits import MOST
from indicators.choosing import choices_or_none
from selfchecks.contents import MOST_BYTES
from selfchecks.forms import Answering, DayField, EdgeForm, SeveralField, SeveralFiles


class DrawForm(Answering):
    """``seen`` is the digest of the design that was looked at."""

    district = forms.ModelChoiceField(
        District.objects.none(),
        to_field_name="code",
        label=_("区县"),
        empty_label=_("请选择区县"),
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("请选择区县。")),
    )
    count = forms.IntegerField(
        label=_("抽几所学校"),
        min_value=1,
        max_value=MOST,
        initial=8,
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        district: Any = self.fields["district"]
        district.queryset = District.objects.filter(valid_to=None).order_by("order")
        district.label_from_instance = lambda unit: unit.display_name
        faults = ("required", "invalid", "min_value", "max_value")
        sentence = _("请填 1 到 %s 的整数。") % MOST
        self.fields["count"].error_messages |= dict.fromkeys(faults, sentence)

    @property
    def arguments(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {**given, "seen": given["seen"] or None}


class StepForm(EdgeForm):
    name, longest = "words", 1000


class RecordForm(Answering):
    visited_on = DayField(label=_("到校日期"), required=False)
    words = forms.CharField(
        label=_("看了什么；没有到校的，写明原因"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 1000}),
    )
    expected = forms.CharField(required=False, widget=forms.HiddenInput)


class FindingForm(Answering):
    kind = forms.ChoiceField(
        label=_("问题的种类"),
        choices=FindingKind.choices,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("请选择问题的种类。")),
    )
    indicator = forms.ChoiceField(label=_("涉及的指标"), required=False, choices=choices_or_none)
    words = forms.CharField(
        label=_("发现的问题"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 900}),
    )
    reported = forms.CharField(
        label=_("报送的数"), required=False, max_length=40, help_text=_("带单位。")
    )
    found = forms.CharField(
        label=_("现场看到的数"), required=False, max_length=40, help_text=_("带单位。")
    )
    photos = SeveralField(
        label=_("照片"),
        required=False,
        widget=SeveralFiles(attrs={"multiple": True, "accept": ".jpg,.jpeg,.png"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="%s-finding", **kwargs)
        limit = _("JPG、PNG，最多 %s 张，每张最大 10 MB；拍摄的位置、时间和设备不保存。")
        self.fields["photos"].help_text = limit % MOST_PHOTOS

    @property
    def arguments(self) -> dict[str, Any]:
        """One byte more than a picture may have is enough to be refused."""
        chosen = self.cleaned_data["photos"][: MOST_PHOTOS + 1]
        photos = [(file.name or "", file.read(MOST_BYTES + 1)) for file in chosen]
        return {**self.cleaned_data, "photos": photos}

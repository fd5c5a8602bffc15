"""What a bureau types and picks on its pages; services decide whether it holds."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from audit.refusals import Refused
from districts.forms import Summarised
from indicators.models import Indicator
from selfchecks.services.checking import FileRefused
from selfchecks.services.evidence import MOST_BYTES
from workbooks.findings import Refused as RefusedFile
from workbooks.guard import only_file, refuse_beyond


class Answering(Summarised):
    """A form that shows a refusal of the services at the input it speaks of."""

    def take(self, refusal: Refused) -> None:
        """Put the refusal's sentences where they belong; those of no input go on top."""
        placed = {name: text for name, text in refusal.fields.items() if name in self.fields}
        for name, sentence in placed.items():
            self.add_error(name, str(sentence))
        if not placed:
            self.add_error(None, str(refusal))


class UploadForm(Answering):
    file = forms.FileField(
        label=_("填好的工作簿"),
        required=False,
        help_text=_(".xlsx 或 .csv,最大 5 MB。"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )


def workbook_of(files: list[UploadedFile]) -> tuple[bytes, str]:
    """Bytes and name of the one workbook that was sent. Raises FileRefused."""
    try:
        file = only_file(files)
        refuse_beyond(file.size or 0)
    except RefusedFile as refused:
        raise FileRefused(refused) from refused
    return file.read(), file.name or ""


class IndicatorField(forms.ModelChoiceField):
    def label_from_instance(self, indicator: Indicator) -> str:
        return f"{indicator.code} {indicator.display_name}"


class EvidenceForm(Answering):
    indicator = IndicatorField(
        label=_("指标"), queryset=Indicator.objects.none(), to_field_name="code"
    )
    file = forms.FileField(
        label=_("文件"),
        help_text=_("PDF、JPG、PNG、DOCX、XLSX,每个最大 10 MB。"),
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png,.docx,.xlsx"}),
        error_messages={"required": _("请选择文件。"), "empty": _("文件是空的;请重新选择。")},
    )
    note = forms.CharField(label=_("说明"), required=False, max_length=300)

    def __init__(self, *args: Any, indicators: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["indicator"]
        field.queryset = indicators  # type: ignore[attr-defined]
        field.empty_label = _("请选择指标")  # type: ignore[attr-defined]
        field.error_messages["required"] = _("请选择指标。")

    @property
    def content(self) -> bytes:
        """The bytes; one more than allowed is enough to be refused."""
        found: bytes = self.cleaned_data["file"].read(MOST_BYTES + 1)
        return found


class CellForm(Answering):
    """``seen`` is the value the person decided on."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput, strip=False)
    value = forms.CharField(label=_("更正为"), required=False, max_length=200, strip=False)
    reason = forms.CharField(
        label=_("更正的原因"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("写给市级督学,随这个数一起保存。"),
        error_messages={"required": _("请写明更正的原因。")},
    )


class CommentForm(Answering):
    text = forms.CharField(
        label=_("回复"),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("请写明意见。")},
    )

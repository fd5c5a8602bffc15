"""What people type and pick on pages of either side; services decide whether it holds."""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any, Self, TypeVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from audit.refusals import Refused, Unusable
from districts.access import KEPT_TEXT
from districts.examples import shown_example
from districts.forms import Summarised
from districts.models import User
from selfchecks.contents import MOST_BYTES, MOST_BYTES_AT_ONCE, TAKEN
from selfchecks.services.workbooks import workbook_of
from selfchecks.step import Edge, Offer, Step

Done = TypeVar("Done")
EVIDENCE_KINDS = ".pdf,.jpg,.jpeg,.png,.docx,.xlsx"
EMPTY: Mapping[str, Any] = MappingProxyType({})


def kept_text(request: HttpRequest) -> dict[str, str]:
    """What was typed on this page before the session ended, once; says so on the page."""
    held = request.session.get(KEPT_TEXT)
    if not held or held["path"] != request.path:
        return {}
    del request.session[KEPT_TEXT]
    if held["texts"]:
        messages.info(
            request, _("登录曾经过期或换过，您刚才填写的内容还在下面，没有保存；请核对后再提交。")
        )
    if held.get("had_file"):
        messages.info(request, _("登录曾经过期或换过，文件没有收下；请重新选择文件再上传。"))
    texts: dict[str, str] = held["texts"]
    return texts


def number_in(request: HttpRequest, name: str) -> int | None:
    """What a page remembered of what it showed, such as a version; None when it says nothing."""
    text = request.POST.get(name, "")
    return int(text[:9]) if text.isdecimal() else None


class DayField(forms.DateField):
    """A day as browsers send it."""

    widget = forms.DateInput({"type": "date"}, "%Y-%m-%d")
    default_error_messages = {"invalid": _("不是日期；请写成 2026-12-31 这样。")}


class Answering(Summarised):
    """A form of one service: it shows a refusal at the input it speaks of.

    ``refusal`` is what the service said, ``status`` the HTTP meaning of how it went.
    """

    takes: type[Refused] = Refused
    refusal: Refused | None = None
    status = 200

    @classmethod
    def sent(cls, request: HttpRequest, initial: Mapping[str, Any] = EMPTY, **more: Any) -> Self:
        """Bound to what was sent; else with what was typed before the session ended."""
        if request.method == "POST":
            return cls(request.POST, request.FILES, **more)
        return cls(initial={**initial, **kept_text(request)}, **more)

    @property
    def arguments(self) -> dict[str, Any]:
        """What the service is called with."""
        return self.cleaned_data

    def carry_out(self, service: Callable[..., Done], **about: Any) -> Done | None:
        """What the service made of valid input; None when the form or the service refuses it."""
        if not self.is_valid():
            for sentence in dict(self.summary()).values():
                self.refusal, self.status = Unusable(sentence), 422
            return None
        try:
            return service(**about, **self.arguments)
        except self.takes as refusal:
            self.take(refusal)
            return None

    def take(self, refusal: Refused) -> None:
        """Put the refusal's sentences where they belong; those of no input go on top."""
        self.refusal, self.status = refusal, refusal.status
        placed = {name: text for name, text in refusal.fields.items() if name in self.fields}
        for name, sentence in placed.items():
            self.add_error(name, str(sentence))
        if not placed:
            self.add_error(None, str(refusal))


class UploadForm(Answering):
    file = forms.FileField(
        label=_("填好的工作簿"),
        required=False,
        allow_empty_file=True,  # the guard has a sentence for it
        help_text=_(".xlsx 或 .csv，最大 5 MB。"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )

    @property
    def arguments(self) -> dict[str, Any]:
        content, name = workbook_of(self.files.getlist("file"))
        return {"content": content, "name": name}


class EvidenceForm(Answering):
    """``subjects`` are what a document can be about, with their names."""

    indicator = forms.ChoiceField(
        label=_("指标"),
        error_messages={
            "required": _("请选择指标。"),
            "invalid_choice": _("没有代码为「%(value)s」的指标。"),
        },
    )
    file = forms.FileField(
        label=_("文件"),
        help_text=TAKEN,
        widget=forms.FileInput(attrs={"accept": EVIDENCE_KINDS}),
        error_messages={"required": _("请选择文件。"), "empty": _("文件是空的；请重新选择。")},
    )
    note = forms.CharField(label=_("说明"), required=False, max_length=300)

    def __init__(self, *args: Any, subjects: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(code, f"{code} {name}") for code, name in subjects.items()]
        self.fields["indicator"].choices = [("", _("请选择指标")), *named]  # type: ignore[attr-defined]

    @property
    def arguments(self) -> dict[str, Any]:
        """The bytes of the file; one more than allowed is enough to be refused."""
        file = self.cleaned_data["file"]
        return {
            "indicator": self.cleaned_data["indicator"],
            "content": file.read(MOST_BYTES + 1),
            "name": file.name,
            "note": self.cleaned_data["note"],
        }


class SeveralFiles(forms.FileInput):
    allow_multiple_selected = True


class SeveralField(forms.FileField):
    def clean(self, data: Any, initial: Any = None) -> Any:
        """What was chosen, in a list; what each is worth the service decides."""
        return data or []


class FilesForm(Answering):
    """Many files, or archives of them, to be assigned afterwards."""

    several = SeveralField(
        label=_("一次选多份材料，或选压缩包（.zip）"),
        required=False,
        help_text=_(
            "一次最多 100 个文件、共 50 MB，每个最大 10 MB；压缩包里可以有文件夹，不能再有压缩包。"
            "文件夹或文件名里有 B10、指标名称、学校标识码或校名的，会先替您归好类，由您核对。"
            "照片拍摄的位置、时间和设备不保存。"
        ),
        widget=SeveralFiles(attrs={"multiple": True, "accept": f"{EVIDENCE_KINDS},.zip"}),
    )

    @property
    def arguments(self) -> dict[str, Any]:
        """Not more bytes than may come at once: one more is enough to be refused."""
        left, chosen = MOST_BYTES_AT_ONCE + 1, []
        for file in self.cleaned_data["several"]:
            chosen.append((file.name or "", file.read(left)))
            left -= len(chosen[-1][1])
        return {"chosen": chosen}


class CellForm(Answering):
    """Corrects the value of ``key``; ``seen`` is the value the person decided on."""

    key: tuple[str, str]
    seen = forms.CharField(required=False, widget=forms.HiddenInput, strip=False)
    value = forms.CharField(label=_("更正为"), required=False, max_length=200, strip=False)
    reason = forms.CharField(
        label=_("更正的原因"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("写给市级督学，随这个数一起保存。"),
        error_messages={"required": _("请写明更正的原因。")},
    )

    @property
    def arguments(self) -> dict[str, Any]:
        """A form that does not say which value it showed is not asked for it."""
        typed, seen = self.cleaned_data, self.data.get("seen")
        return {
            "values": {self.key: typed["value"]},
            "reason": typed["reason"],
            "seen": None if seen is None else {self.key: seen},
        }


class CommentForm(Answering):
    text = forms.CharField(
        label=_("回复"),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("请写明回复。")},
    )


class EdgeForm(Answering):
    """What a step asks for, by its row of the table; the words are sent as ``name``."""

    name, longest = "comment", 2000

    def __init__(self, *args: Any, step: Edge, **kwargs: Any) -> None:
        super().__init__(*args, auto_id=f"%s-{step.name}", **kwargs)
        self.step = step
        if step.needs_comment:
            words = self._words(step)
            words.help_text = shown_example(step.name, self.name, words)
            self.fields = {self.name: words, **self.fields}

    def _words(self, step: Edge) -> forms.Field:
        looks = {"rows": 2, "maxlength": self.longest, "aria-required": "true"}
        label = str(step.asks or _("原因或意见"))
        return forms.CharField(label=label, required=False, widget=forms.Textarea(attrs=looks))

    @property
    def arguments(self) -> dict[str, Any]:
        return {"step": self.step.name, **self.cleaned_data}


class StepForm(EdgeForm):
    """A step of a self-check; other refusals have pages of their own."""

    takes = Unusable
    due_on = DayField(label=_("新的报送截止日"), required=False)

    def __init__(self, *args: Any, step: Step, **kwargs: Any) -> None:
        super().__init__(*args, step=step, **kwargs)
        if not step.takes_due_date:
            del self.fields["due_on"]


def step_forms(
    offers: Iterable[Offer], viewer: User, tried: StepForm | None, typed: Mapping[str, Any] = EMPTY
) -> list[tuple[Offer, StepForm]]:
    """The steps of the viewer's own role, each with its form; the one ``tried`` as it came back."""
    return [
        (offer, tried if tried and tried.step is step else StepForm(step=step, initial=typed))
        for offer in offers
        if viewer.role in (step := offer.step).roles
    ]

"""What one change of a scenario is said with, as a form: made from the table of kinds."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from audit.refusals import Refused
from figures.table import CHOICE, STAGE_LABELS, Figure
from improvement.scenario.changes import ADD_SCHOOL, KINDS, Kind
from indicators.calculation.scheme import STAGES
from selfchecks.forms import Answering

SCHOOLS = ("school_code", "into")
# Inputs whose content outlives a session that ended while typing.
TYPED = tuple(dict.fromkeys(figure.code for kind in KINDS.values() for figure in kind.fields))


class ChangeForm(Answering):
    """One more change of a ``kind``; what is wrong with it stands at its input."""

    def __init__(
        self,
        *args: Any,
        kind: Kind,
        schools: Mapping[str, str],
        measures: Mapping[str, str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        offers = {"measure": measures}
        if kind.code != ADD_SCHOOL:
            offers |= dict.fromkeys(SCHOOLS, schools)
        self.fields = {each.code: _field(each, offers.get(each.code)) for each in kind.fields}

    @property
    def arguments(self) -> dict[str, Any]:
        said = {name: value for name, value in self.cleaned_data.items() if value}
        return {"change": {"change": self.kind.code, **said}}

    def take(self, refusal: Refused) -> None:
        placed = {self._input(pointer): text for pointer, text in refusal.fields.items()}
        refusal.fields = {name: text for name, text in placed.items() if name in self.fields}
        super().take(refusal)

    def _input(self, pointer: str) -> str:
        """The input a pointer into the list of changes speaks of."""
        name = pointer.rpartition("/")[2]
        bare = next((name.removesuffix(f"_{s}") for s in STAGES if name.endswith(f"_{s}")), name)
        return name if name in self.fields else bare


def _field(figure: Figure, offers: Mapping[str, str] | None) -> forms.Field:
    words = {"label": _(figure.label), "unit": _(figure.unit) if figure.unit else ""}
    about: dict[str, Any] = {
        "label": _("%(label)s（%(unit)s）") % words if figure.unit else words["label"],
        "required": figure.required and (figure.stage is None),
        "error_messages": {"required": _("请填写%s。") % words["label"]},
    }
    if figure.kind == CHOICE:
        offers = {choice: _(STAGE_LABELS.get(choice, choice)) for choice in figure.choices}
    if offers is not None:
        about["error_messages"]["invalid_choice"] = _("请在列出的里面选择。")
        return forms.ChoiceField(choices=[("", _("请选择")), *offers.items()], **about)
    attrs = {"inputmode": "decimal", "size": 12} if figure.is_number else {}
    return forms.CharField(max_length=200, widget=forms.TextInput(attrs=attrs), **about)

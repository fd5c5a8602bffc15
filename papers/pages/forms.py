"""What the application form asks for, typed on one page."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from papers.application.items import ITEMS
from papers.application.tables import grades_of
from selfchecks.forms import Answering
from selfchecks.results import ResultPage

LONGEST = 20


def _input(label: Any, unit: Any = "") -> forms.CharField:
    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    return forms.CharField(
        label=label, help_text=unit, required=False, max_length=LONGEST, widget=widget
    )


class AnswersForm(Answering):
    """An input for each item, and one for the grades of each unit that is counted."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, page: ResultPage | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = [row for stage in page.stages for row in stage.rows] if page else []
        for name, item in ITEMS.items():
            self.fields[name] = _input(item.label, item.unit)
        for row in self.units:
            label = _("%(school)s %(stage)s年级数") % {
                "school": row.unit.school_name,
                "stage": row.stage,
            }
            self.fields[grades_of(row.unit)] = _input(label)

    @property
    def arguments(self) -> dict[str, Any]:
        answers = {name: text for name, text in self.cleaned_data.items() if name != "version"}
        return {"answers": answers, "version": self.cleaned_data["version"]}

    def items(self) -> Iterator[Any]:
        return (self[name] for name in ITEMS)

    def grades(self) -> Iterator[tuple[Any, Any]]:
        """Each unit with the input for its grades."""
        return ((row, self[grades_of(row.unit)]) for row in self.units)

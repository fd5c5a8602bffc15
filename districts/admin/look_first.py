"""Forms that are saved the second time, after the reader saw what saving does to others."""

from collections.abc import Iterable
from copy import copy
from typing import Any

from django import forms

from .base import ServiceForm


class LookFirstForm(ServiceForm):
    """``is_to_confirm``: nothing is wrong; what follows is shown, and saving is to be repeated."""

    is_to_confirm = False
    shown = forms.CharField(widget=forms.HiddenInput, required=False)

    def look_first(self, tag: str, sentences: Iterable[str]) -> None:
        """``tag`` tells by which figures the sentences were made: others have to be seen again."""
        if self.cleaned_data["shown"] == tag:
            return
        self.is_to_confirm = True
        for sentence in sentences:
            self.add_error(None, sentence)
        data: Any = copy(self.data)
        data[self.add_prefix("shown")] = tag
        self.data = data

"""Figures that contradict themselves, refused with every place and what is expected there."""

from typing import Any

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from audit.refusals import Unusable
from districts.wording import listed
from indicators.calculation.problems import Labels, Problem, UnusableInput

MOST_SHOWN = 500
# Parameters of a problem that are words of the portal; all others were typed by somebody.
_WORDS = frozenset({"label", "measure", "part", "stage", "whose"})


class UnusableFigures(Unusable):
    """A payload the calculation refused; ``errors`` point into it."""

    code = "unusable_figures"

    def __init__(self, refusal: UnusableInput) -> None:
        count = len(refusal.problems)
        sentence = ngettext("数据有 %s 处问题，没有测算。", "数据有 %s 处问题，没有测算。", count)
        sentence %= count
        if count > MOST_SHOWN:
            sentence = _("数据有 %(count)s 处问题，没有测算；这里列出前 %(shown)s 处。") % {
                "count": count,
                "shown": MOST_SHOWN,
            }
        super().__init__(sentence)
        self.errors = [
            {"pointer": problem.pointer, "code": problem.code, "detail": sentence_of(problem)}
            for problem in refusal.problems[:MOST_SHOWN]
        ]


def sentence_of(problem: Problem) -> str:
    """What is wrong and what is expected, in the reader's language."""
    params = {name: _translated(name, value) for name, value in problem.params.items()}
    found = gettext(problem.template).format(**params)
    if params.get("whose"):
        found = gettext("%(whose)s：%(found)s") % {"whose": params["whose"], "found": found}
    expected = gettext(problem.expected_template).format(**params)
    return gettext("%(found)s；应为：%(expected)s。") % {"found": found, "expected": expected}


def _translated(name: str, value: Any) -> Any:
    if isinstance(value, Labels):
        return listed(map(gettext, value))
    return gettext(value) if name in _WORDS and isinstance(value, str) and value else value

"""What a written reason has to be like to be accepted."""

from typing import Any

from django.utils.translation import gettext_lazy as _

LONGEST_REASON = 1_000
# 属实 says something, ok and 无 do not: a Chinese character weighs as much as two letters.
LEAST_WEIGHT = 4


def fault_of_length(text: str, longest: int = LONGEST_REASON) -> Any:
    counts = {"found": len(text), "limit": longest}
    return _("说明有 %(found)s 字，最多 %(limit)s 字。") % counts if len(text) > longest else None


def fault_of(reason: str, longest: int = LONGEST_REASON) -> Any:
    """The sentence about a reason that says too little or too much; None when it will do."""
    if too_long := fault_of_length(reason, longest):
        return too_long
    different = {c for c in reason if c.isalnum()}
    if sum(1 if c.isascii() else 2 for c in different) < LEAST_WEIGHT:
        return _("原因写得太短；请写明具体情况，例如「已与学校核实，今年新建校舍」。")
    return None


def fault_of_required(reason: str, wanted: Any, longest: int = LONGEST_REASON) -> Any:
    """The same for a reason that must be given; ``wanted`` is the sentence where there is none."""
    return fault_of(reason, longest) if reason.strip() else wanted

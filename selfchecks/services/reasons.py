"""What a written reason has to be like to be accepted."""

from typing import Any

from django.utils.translation import gettext_lazy as _

LONGEST_REASON = 1_000
FEWEST_LETTERS = 4  # different ones: 已与学校核实 says something; ok, 无 and …… do not


def fault_of(reason: str) -> Any:
    """The sentence about a reason that says too little or too much; None when it will do."""
    if len(reason) > LONGEST_REASON:
        counts = {"found": len(reason), "limit": LONGEST_REASON}
        return _("说明有 %(found)s 字,最多 %(limit)s 字。") % counts
    if len({c for c in reason if c.isalnum()}) < FEWEST_LETTERS:
        sentence = _("原因写得太短;请用至少 %s 个不同的字写明,例如“已与学校核实,今年新建校舍”。")
        return sentence % FEWEST_LETTERS
    return None

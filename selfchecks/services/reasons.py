"""What a written reason for a warning has to be like to be accepted."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from audit.refusals import Unusable
from selfchecks.models import Upload

LONGEST_REASON = 1_000
FEWEST_LETTERS = 4  # different ones: 已与学校核实 says something; ok, 无 and …… do not


class BadReasons(Unusable):
    """``fields`` are ids of findings."""

    code = "bad_reasons"


def refuse_bad_reasons(upload: Upload, reasons: Mapping[str, str]) -> None:
    """Raises BadReasons unless each is blank or a reason for one of the upload's warnings."""
    asked = {finding["id"] for finding in upload.findings if finding["level"] == "warning"}
    faults: dict[str, Any] = {
        key: fault for key, text in reasons.items() if text.strip() and (fault := fault_of(text))
    }
    faults |= {
        key: _("这一版没有编号为 %s 的警告。") % key[:20] for key in reasons if key not in asked
    }
    if faults:
        raise BadReasons(next(iter(faults.values())), fields=faults)


def fault_of(reason: str) -> Any:
    """What is wrong with the text of a reason, or None."""
    if len(reason) > LONGEST_REASON:
        return _("说明有 %(found)s 字,最多 %(limit)s 字。") % {
            "found": len(reason),
            "limit": LONGEST_REASON,
        }
    if len({c for c in reason if c.isalnum()}) < FEWEST_LETTERS:
        sentence = _("原因写得太短;请用至少 %s 个不同的字写明,例如“已与学校核实,今年新建校舍”。")
        return sentence % FEWEST_LETTERS
    return None

"""The inspector's words of the last decision, each with its note, for the district and the desk."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from selfchecks.models import SelfCheck
from selfchecks.models.review import Word
from selfchecks.services import reviews

ORDER = (Word.REJECTED, Word.QUESTIONED, Word.ACCEPTED)


@dataclass(frozen=True, slots=True)
class WordLine:
    """What was said of one indicator."""

    code: str
    name: str
    word: str
    label: str | Promise
    note: str
    by: str
    at: datetime


def decided_words(self_check: SelfCheck, viewer: Any) -> list[WordLine]:
    """What was not accepted stands first; empty while no decision is out."""
    evaluation = reviews.last_decided(self_check)
    if evaluation is None:
        return []
    rows = reviews.words_for(evaluation, viewer).select_related("reviewed_by")
    names = names_of(self_check)
    lines = [
        WordLine(
            code=row.indicator,
            name=names.get(row.indicator, ""),
            word=row.word,
            label=row.get_word_display(),
            note=row.note,
            by=row.reviewed_by.display_name,
            at=row.reviewed_at,
        )
        for row in rows
    ]
    places = list(names)
    return sorted(lines, key=lambda line: (ORDER.index(line.word), places.index(line.code)))


def names_of(self_check: SelfCheck) -> dict[str, str]:
    """Everything a word may speak of: part A, the indicators, the veto."""
    indicators = {row.code: row.display_name for row in self_check.standard.indicators.all()}
    return {"A": _("资源配置"), **indicators, "V": _("一票否决事项")}

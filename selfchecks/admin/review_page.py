"""The form that is sent from the review page, and what a remark on it speaks of."""

import unicodedata
from collections.abc import Mapping
from datetime import date

from django.utils.dateparse import parse_date
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.refusals import Unusable
from selfchecks.models import SelfCheck
from selfchecks.models.review import Word
from selfchecks.remarks import place_of
from selfchecks.services import looking
from selfchecks.services.attention import Key
from selfchecks.services.decisions import Work
from selfchecks.services.reported import Place
from selfchecks.services.reviews import Target
from selfchecks.step import Step

Words = Mapping[str, tuple[str, str]]  # indicator → the inspector's word and note
# What is usually wrong, in words that tell the district what to do.
REASONS: dict[str, str | Promise] = {
    "remarks": gettext_lazy("请按复核意见逐条核对、修改后重新报送。"),
    "figures": gettext_lazy("部分数据与统计报表不一致，请核对原始报表后重新填报。"),
    "evidence": gettext_lazy("佐证材料不全或与所填内容不符，请补充后重新报送。"),
    "explanations": gettext_lazy("与上一年相比变化较大的数据没有说清原因，请补充说明。"),
    "missing": gettext_lazy("有应填未填的数据，请补齐后重新报送。"),
}


class ReviewForm:
    """The page's one form as it came: nothing typed is lost when it is refused."""

    def __init__(self, data: Mapping[str, str]) -> None:
        self.data = data
        self.digest = data.get("digest", "")
        # Figures handed in again unchanged have the same digest, but it is another round.
        version = data.get("version", "")
        self.version = int(version[:9]) if version.isdecimal() else None
        self.text = data.get("text", "")
        # What the page showed, and shows again: a part of it, and there the item that was open.
        self.part, self.item = data.get("part", ""), data.get("item", "")
        self.added = data.get("comment", "").strip()
        # (word, note) of every indicator on the form, chosen or not
        self.words = {
            name.removeprefix("word_"): (word, data.get(name.replace("word", "note"), "").strip())
            for name, word in data.items()
            if name.startswith("word_")
        }

    @property
    def here(self) -> dict[str, str]:
        """The address of what the page showed."""
        return {"part": self.part, "item": self.item}

    def comment_for(self, step: Step) -> str:
        """What was added to the chosen sentence; the sentences speak of what must be corrected."""
        return self.comment if step.needs_comment else self.added

    @property
    def comment(self) -> str:
        chosen = str(REASONS.get(self.data.get("reason", ""), ""))
        return "\n".join(filter(None, (chosen, self.added)))

    @property
    def due_on(self) -> date | None:
        """None for nothing typed. Raises Unusable for what is no day."""
        text = self.data.get("due_on", "")
        try:
            day = parse_date(text)
        except ValueError:
            day = None
        if text and day is None:
            sentence = _("「%s」不是日期；请写成 2026-12-31 这样。") % text[:20]
            raise Unusable(sentence, fields={"due_on": sentence})
        return day

    @property
    def in_words(self) -> list[tuple[str, str, str]]:
        """(indicator, word, note) of everything typed, for a page without the form."""
        labels = dict(Word.choices)
        return [
            (code, str(labels.get(word, "")), note)
            for code, (word, note) in self.words.items()
            if word or note
        ]

    @property
    def is_worth_showing(self) -> bool:
        return bool(self.text or self.comment or self.in_words)

    def work(self, self_check: SelfCheck) -> Work:
        """Raises Unusable when the remark does not say what it speaks of."""
        words = {code: typed for code, typed in self.words.items() if typed[0]}
        on = self.data.get("target", "")
        if not (on or self.text.strip()):
            return Work(words)
        return Work(words, self.text, target_of(self_check, on)[0])


def target_of(self_check: SelfCheck, text: str) -> tuple[Target, str]:
    """``A2|2150006001|backbone_teachers_primary``, or a cell as people write it; and in words.

    Raises Unusable for anything else.
    """
    parts = text.split("|")
    if len(parts) == 1 and parts[0]:
        parts = _at_cell(self_check, text)
    if len(parts) != 3 or not any(parts):
        sentence = _("请指明意见针对哪个指标、哪所学校或哪个单元格。")
        raise Unusable(sentence, fields={"target": sentence})
    indicator, code, field = parts
    record = self_check.school_records.filter(school_code=code[:10]).first() if code else None
    at = looking.place_of(self_check, Key("", code[:10], field)) if field else Place()
    sheet, cell = (at.sheet, at.cell) if at.cell else ("", "")
    target = Target(indicator[:8], code[:12], field[:40], sheet, cell)
    return target, place_of(target, record.school_name if record else "")


def _at_cell(self_check: SelfCheck, text: str) -> list[str]:
    """``学校数据!J85`` → what the cell holds; the sheet may be left out where one has that cell.

    Raises Unusable when no figure of the current version, or more than one, stands there.
    """
    sheet, _mark, cell = unicodedata.normalize("NFKC", text).strip().rpartition("!")
    found = [
        ["", code, field]
        for name, code, cells in self_check.school_records.values_list(
            "sheet", "school_code", "cells"
        )
        for field, at in cells.items()
        if at == cell.upper() and sheet in ("", name)
    ]
    rows = self_check.district_records.filter(cell=cell.upper())
    found += [["", "", row.item] for row in rows if sheet in ("", row.sheet)]
    if len(found) != 1:
        sentence = (
            _("「%s」处没有唯一的数；请照工作簿写，例如 J85，前面写上工作表名和叹号。") % text[:40]
        )
        raise Unusable(sentence, fields={"target": sentence})
    return found[0]

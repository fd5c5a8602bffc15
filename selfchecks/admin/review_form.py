"""Reads what was typed on the review page, and keeps it for showing again when it is refused."""

from dataclasses import dataclass, field
from datetime import date

from django.http import QueryDict
from django.utils.dateparse import parse_date
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audit.refusals import Unusable
from selfchecks.models import SelfCheck
from selfchecks.models.review import Word
from selfchecks.services.decisions import Work

from .targets import Named, named

# What is usually wrong, in words that tell the district what to do.
REASONS: tuple[tuple[str, str | Promise], ...] = (
    ("remarks", _("请按复核意见逐条核对、修改后重新报送。")),
    ("figures", _("部分数据与统计报表不一致,请核对原始报表后重新填报。")),
    ("evidence", _("佐证材料不全或与所填内容不符,请补充后重新报送。")),
    ("explanations", _("与上一年相比变化较大的数据没有说清原因,请补充说明。")),
    ("missing", _("有应填未填的数据,请补齐后重新报送。")),
)


@dataclass(frozen=True)
class Typed:
    """The form as it came: nothing is lost when it is refused."""

    data: dict[str, str] = field(default_factory=dict)
    named: Named | None = None

    @property
    def digest(self) -> str:
        return self.data.get("digest", "")

    @property
    def text(self) -> str:
        return self.data.get("text", "")

    @property
    def said(self) -> dict[str, tuple[str, str]]:
        """(word, note) of every indicator on the form, chosen or not."""
        return {
            name.removeprefix("word_"): (value, self.note(name.removeprefix("word_")))
            for name, value in self.data.items()
            if name.startswith("word_")
        }

    @property
    def words(self) -> dict[str, tuple[str, str]]:
        """(word, note) of every indicator a word was chosen for."""
        return {code: (word, note) for code, (word, note) in self.said.items() if word}

    def note(self, code: str) -> str:
        return self.data.get(f"note_{code}", "").strip()

    @property
    def comment(self) -> str:
        """The chosen sentence, and what was added to it."""
        chosen = str(dict(REASONS).get(self.data.get("reason", ""), ""))
        return "\n".join(part for part in (chosen, self.data.get("comment", "").strip()) if part)

    @property
    def reason_to_approve(self) -> str:
        """What was typed; the usual sentences speak of returning."""
        return self.data.get("comment", "").strip()

    @property
    def due_on(self) -> date | None:
        """Raises Unusable for what is no day."""
        return day_of(self.data.get("due_on", ""))

    @property
    def in_words(self) -> list[tuple[str, str, str]]:
        """(indicator, word, note) of everything said, for a page without the form."""
        labels = dict(Word.choices)
        return [
            (code, str(labels.get(word, "")), note)
            for code, (word, note) in self.said.items()
            if word or note
        ]

    @property
    def is_worth_showing(self) -> bool:
        return bool(self.text or self.comment or self.in_words)

    @property
    def work(self) -> Work:
        if self.named is None:
            return Work(self.words)
        return Work(self.words, self.text, self.named.target)


def day_of(text: str) -> date | None:
    """None for nothing typed. Raises Unusable for what is no day."""
    try:
        day = parse_date(text) if text else None
    except ValueError:
        day = None
    if text and day is None:
        sentence = _("「%s」不是日期;请写成 2026-12-31 这样。") % text[:20]
        raise Unusable(sentence, fields={"due_on": sentence})
    return day


def typed(self_check: SelfCheck, post: QueryDict) -> Typed:
    """Raises Unusable when the remark does not say what it speaks of."""
    data = {name: str(value) for name, value in post.items()}
    target = data.get("target", "")
    speaks = target if data.get("text", "").strip() or target else ""
    return Typed(data, named(self_check, speaks) if speaks else None)

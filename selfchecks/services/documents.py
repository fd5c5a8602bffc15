"""Which documents a self-check must have, has and lacks: one answer for every face."""

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet, prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.reasons import fault_of_required
from audit.refusals import NotAllowed, Unusable
from audit.services import record
from districts.models import User
from districts.roles import Role
from districts.wording import day_text, listed
from figures.table import VETO_ITEMS, VETO_NAMES
from indicators.calculation.rules_2017 import STANDARD_2017_1
from indicators.models import Indicator, Standard
from indicators.presenting import VETO as ALL_VETO
from indicators.services.rules import indicator_names
from selfchecks import clock
from selfchecks.matching import bears, names_in
from selfchecks.models import EvidenceItem, EvidenceRule, QualitativeAnswer, SelfCheck, VetoItem

VETO = EvidenceRule.VETO
FIRST = "市级起始设置,可由市级管理员调整"


@dataclass(frozen=True, slots=True)
class Line:
    """An indicator, or a veto item answered 是, with its documents.

    ``named`` are the documents its line of the workbook names, ``absent`` those of them that no
    attached file bears.
    """

    code: str
    name: str
    items: tuple[EvidenceItem, ...]
    is_needed: bool
    named: tuple[str, ...] = ()

    @property
    def is_missing(self) -> bool:
        return self.is_needed and not self.items

    @property
    def absent(self) -> list[str]:
        names = [item.display_name for item in self.items]
        return [name for name in self.named if not any(bears(file, name) for file in names)]

    @property
    def label(self) -> str:
        return f"{self.code} {self.name}"


@dataclass(frozen=True, slots=True)
class Documents:
    """``binds`` is whether what is missing blocks the signature, or is only pointed out.

    ``waiting`` are files that were sent together and belong to no indicator yet.
    """

    lines: tuple[Line, ...]
    binds: bool
    waiting: tuple[EvidenceItem, ...]

    @property
    def missing(self) -> list[Line]:
        return [line for line in self.lines if line.is_missing]

    @property
    def attached(self) -> list[Line]:
        """With those who attached the files."""
        prefetch_related_objects([item for line in self.lines for item in line.items], "added_by")
        return [line for line in self.lines if line.items]

    @property
    def unmatched(self) -> list[Line]:
        """Lines whose workbook names a document that is not there."""
        return [line for line in self.lines if line.absent]

    def about(self, code: str) -> list[Line]:
        """The lines of an indicator; of the veto as a whole, those of its items."""
        codes = VETO_NAMES if code == ALL_VETO else (code,)
        return [line for line in self.lines if line.code in codes]

    @property
    def missing_in_words(self) -> str:
        return listed(line.label for line in self.missing)


def documents_of(self_check: SelfCheck, *, day: date | None = None) -> Documents:
    """Needed or attached documents of a self-check as it is now, in the order of the standard.

    ``day`` is the one whose rules hold: today's, except for who tells of earlier days.
    """
    return documents_of_all([self_check], day=day)[self_check.pk]


def documents_of_all(
    self_checks: Sequence[SelfCheck], *, day: date | None = None
) -> dict[int, Documents]:
    """The same for many, by their keys, in as many questions as for one."""
    prefetch_related_objects(self_checks, "standard")
    rules = list(rules_on(day or timezone.localtime(clock.now()).date()))
    of_these = {"self_check__in": self_checks}
    rows = EvidenceItem.objects.filter(**of_these, removed_at=None)
    items: dict[tuple[int, str], list[EvidenceItem]] = defaultdict(list)
    for row in rows.order_by("pk"):
        items[row.self_check_id, row.indicator].append(row)
    answers = QualitativeAnswer.objects.filter(**of_these)
    texts = answers.values_list("self_check_id", "indicator", "evidence")
    named = {(key, code): tuple(names_in(text)) for key, code, text in texts}
    vetoes = VetoItem.objects.filter(**of_these, is_raised=True)
    raised = set(vetoes.values_list("self_check_id", "item"))
    of_each = {each.standard_id: each for each in self_checks}
    asked = {key: (subjects_of(one), *needed_by(one, rules)) for key, one in of_each.items()}
    return {
        each.pk: _documents(each, asked[each.standard_id], items, named, raised)
        for each in self_checks
    }


def _documents(
    self_check: SelfCheck,
    asked: tuple[Mapping[str, str], set[str], bool],
    items: Mapping[tuple[int, str], list[EvidenceItem]],
    named: Mapping[tuple[int, str], tuple[str, ...]],
    raised: set[tuple[int, str]],
) -> Documents:
    subjects, needed, binds = asked
    lines = []
    for code, name in subjects.items():
        at = self_check.pk, code
        is_needed = code in needed or (VETO in needed and at in raised)
        lines.append(Line(code, name, tuple(items.get(at, ())), is_needed, named.get(at, ())))
    return Documents(
        tuple(line for line in lines if line.is_needed or line.items or line.named),
        binds,
        tuple(items.get((self_check.pk, ""), ())),
    )


def subjects_of(self_check: SelfCheck) -> dict[str, str]:
    """Everything a document can be about, by code: the indicators, then the veto items."""
    standard = self_check.standard
    veto = (*VETO_ITEMS, *standard.optional_veto)
    return indicator_names(standard) | {code: _(VETO_NAMES[code]) for code in veto}


def needed_by(self_check: SelfCheck, rules: list[EvidenceRule]) -> tuple[set[str], bool]:
    """Subjects that need a document, and whether that binds this self-check.

    What holds for a later version of the standard only is no more than pointed out.
    """
    own = [row for row in rules if not _is_older(self_check.standard, row.standard)]
    return _needed(own or rules), bool(own)


def rules_on(day: date) -> QuerySet[EvidenceRule]:
    rows = EvidenceRule.objects.filter(effective_from__lte=day).select_related("standard")
    return rows.only("subject", "is_needed", "standard__effective_from")


def _is_older(standard: Standard, other: Standard) -> bool:
    """By the day each took effect; a corrected version of the same day is published later."""
    if standard.pk == other.pk or not (standard.effective_from and other.effective_from):
        return False
    return standard.effective_from < other.effective_from


def _needed(rows: Iterable[EvidenceRule]) -> set[str]:
    last: Mapping[str, bool] = {row.subject: row.is_needed for row in rows}
    return {subject for subject, is_needed in last.items() if is_needed}


@transaction.atomic
def require_evidence(
    *, subject: str, is_needed: bool, effective_from: date, reason: str, by: User
) -> EvidenceRule:
    """From a day on, a subject needs a document before signature, or needs none.

    Holds for the version in force on that day and later ones. Raises NotAllowed for other roles,
    Unusable for an unknown subject, a day gone by, a poor reason, or what holds already.
    """
    if by.role != Role.MANAGER:
        raise NotAllowed(_("佐证要求由市级管理员设定，您的账号不能做这一步。"))
    standard = Standard.objects.in_force_on(effective_from)
    if standard is None:
        raise Unusable.at("effective_from", _("这一天没有施行的标准；请改为以后的日期。"))
    fault = fault_of_required(reason, gettext_lazy("请写明设定的原因。"))
    faults = {"subject": _fault_of(standard, subject), "reason": fault}
    if effective_from < timezone.localdate():
        sentence = _("%s已经过去；请填写今天或以后的日期。") % day_text(effective_from)
        faults["effective_from"] = sentence
    Unusable.check(faults)
    if is_needed == (subject in _needed(rules_on(effective_from))):
        raise Unusable.at("is_needed", _("到这一天已经是这样要求，不用再设。"))
    return _set(standard, subject, is_needed, effective_from, reason.strip(), by)


def _fault_of(standard: Standard, subject: str) -> str:
    if subject == VETO or standard.indicators.filter(code=subject).exists():
        return ""
    return _("没有代码为「%s」的指标。") % subject[:10]


def _set(
    standard: Standard, subject: str, is_needed: bool, day: date, reason: str, by: User | None
) -> EvidenceRule:
    rule = EvidenceRule.objects.create(
        standard=standard,
        subject=subject,
        is_needed=is_needed,
        effective_from=day,
        reason=reason,
        set_by=by,
        set_at=timezone.now(),
    )
    changes = {"subject": subject, "is_needed": is_needed, "effective_from": day}
    record(action="evidence_rule.set", by=by, on=rule, changes=changes, reason=reason)
    return rule


@transaction.atomic
def load_evidence_rules() -> int:
    """What needs a document to begin with, from the day of the version of 2026; once."""
    standard = Standard.objects.filter(code=STANDARD_2017_1.standard).first()
    if standard is None or EvidenceRule.objects.exists():
        return 0
    name = f"standard-{standard.code}-evidence.csv"
    with (settings.BASE_DIR / "fixtures" / name).open(encoding="utf-8", newline="") as file:
        subjects = [row["subject"] for row in csv.DictReader(file)]
    for subject in subjects:
        _set(standard, subject, True, _day_of(standard), FIRST, None)
    return len(subjects)


def _day_of(standard: Standard) -> date:
    return standard.effective_from or timezone.localdate()


EACH_VETO = gettext_lazy("每个答「是」的一票否决事项")


def subject_choices() -> Iterator[tuple[str, str]]:
    """What a rule can be about, by the version in force today."""
    standard = Standard.objects.in_force_on(timezone.localdate())
    for indicator in Indicator.objects.filter(standard=standard).order_by("order"):
        yield indicator.code, f"{indicator.code} {indicator.display_name}"
    yield VETO, str(EACH_VETO)


def subject_name(rule: EvidenceRule) -> str:
    if rule.subject == VETO:
        return str(EACH_VETO)
    indicator = rule.standard.indicators.filter(code=rule.subject).first()
    return f"{rule.subject} {indicator.display_name if indicator else ''}".strip()

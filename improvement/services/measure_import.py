"""Takes the table of measures back in: looked at first, kept whole or not at all."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from audit.refusals import Stale, Unusable
from districts.models import User
from districts.tables import FileRefused
from improvement.models import Measure
from improvement.school_plans.table import TWICE, UNFIT, UNKNOWN, layout, said, shown
from improvement.services.measures import SAID, change_all, faults_of
from selfchecks.models import SelfCheck
from workbooks.entry import Row
from workbooks.findings import Finding, Severity
from workbooks.findings import Refused as RefusedFile
from workbooks.guard import refuse_beyond
from workbooks.tables import Table, read_table
from workbooks.writer import mark


@dataclass(frozen=True, slots=True)
class Change:
    """One measure of the file that says otherwise than the portal; values in words."""

    measure: Measure
    row: int
    values: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Looked:
    """What keeping a file would do; ``tag`` changes when it would do something else."""

    findings: tuple[Finding, ...]
    given: dict[int, dict[str, Any]]
    changes: tuple[Change, ...]

    @property
    def errors(self) -> list[Finding]:
        return [each for each in self.findings if each.severity == Severity.ERROR]

    @property
    def tag(self) -> str:
        seen = repr([(each.measure.pk, each.values) for each in self.changes])
        return hashlib.sha256(seen.encode()).hexdigest()

    @property
    def is_after_approval(self) -> bool:
        return any(each.measure.school_plan.approved_at for each in self.changes)


def look(self_check: SelfCheck, content: bytes, name: str) -> Looked:
    """Raises FileRefused for a file that cannot be read at all."""
    try:
        refuse_beyond(len(content))
        table = read_table(content, name, layout())
    except RefusedFile as refused:
        raise FileRefused(refused) from refused
    return _Looking(self_check, table).looked()


def keep(
    *, self_check: SelfCheck, content: bytes, name: str, by: User, seen: str, reason: str = ""
) -> list[Measure]:
    """Raises Unusable for a file with errors, Stale when it would do something else by now."""
    found = look(self_check, content, name)
    if found.errors:
        raise Unusable(_("文件里有问题，没有导入。"))
    if found.tag != seen:
        raise Stale(_("预览之后一校一策有了变化；请核对新的预览再确认。"))
    given = {key: found.given[key] for key in (each.measure.pk for each in found.changes)}
    about: dict[str, Any] = {"self_check": self_check, "changes": given, "by": by}
    return list(change_all(**about, reason=reason, action="measure.import"))


def marked(content: bytes, found: Looked) -> bytes:
    """The sender's own file with every problem at its cell."""
    return mark(content, found.findings, [layout()])


class _Looking:
    def __init__(self, self_check: SelfCheck, table: Table) -> None:
        rows = Measure.objects.live().filter(school_plan__self_check=self_check)
        self.known = {
            (row.school_plan.school_code, row.number): row
            for row in rows.select_related("school_plan__self_check")
        }
        self.table, self.first = table, dict[tuple[Any, Any], int]()

    def looked(self) -> Looked:
        findings, given, changes = [*self.table.findings], {}, []
        for row in self.table.rows:
            key = row.value("school_code"), row.value("number")
            measure = self._measure(row, key, findings)
            if measure is None:
                continue
            given[measure.pk] = told = said(row)
            if values := tuple(_changed(measure, told)):
                findings += self._faults(row, measure, told)
                changes.append(Change(measure, row.number, values))
        return Looked(tuple(findings), given, tuple(changes))

    def _measure(self, row: Row, key: Any, findings: list[Finding]) -> Measure | None:
        if None in key:
            return None  # the reader has a finding for it
        params: dict[str, Any] = {"number": key[1]}
        kind = None if key in self.known else UNKNOWN
        if key in self.first:
            kind, params["first"] = TWICE, self.first[key]
        self.first.setdefault(key, row.number)
        if kind is None:
            return self.known[key]
        findings.append(self._at(row, "school_code", kind, str(key[0]), params))
        return None

    def _faults(self, row: Row, measure: Measure, told: dict[str, Any]) -> Iterator[Finding]:
        for name, value in told.items():
            setattr(measure, name, value)
        for name, sentence in faults_of(measure).items():
            if sentence:
                params = {"sentence": gettext(str(sentence))}
                yield self._at(row, name, UNFIT, row.answer(name).raw, params)

    def _at(self, row: Row, code: str, kind: Any, found: str, params: dict[str, Any]) -> Finding:
        labels = {each.code: each.label for each in self.table.columns}
        cell = row.answer(code).cell
        return Finding(
            kind, params, self.table.title, cell, row.number, labels.get(code, ""), found
        )


def _changed(measure: Measure, told: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    for name in SAID:
        if name in told and told[name] != getattr(measure, name):
            label = str(Measure._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
            yield label, shown(name, getattr(measure, name)), shown(name, told[name])

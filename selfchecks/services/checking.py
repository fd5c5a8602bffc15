"""Looks at a workbook without touching the database's rows: what it says and what is wrong."""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from districts.tables import FileRefused
from indicators.calculation.intake import Inputs
from indicators.calculation.outcome import Outcome
from indicators.calculation.problems import Problem, UnusableInput
from selfchecks.files import fingerprint, harmless_name
from selfchecks.memory import Recent, uncollected
from selfchecks.models import SelfCheck
from selfchecks.services import evaluations, reported
from selfchecks.services.differences import Comparison, compare
from selfchecks.services.findings import CONTRADICTION, Answer, described, number_findings
from selfchecks.services.reported import Reported
from selfchecks.services.scanning import scanner
from selfchecks.services.workbooks import expected_of
from selfchecks.workbook.examine import examine
from selfchecks.workbook.reader import identity, open_book
from selfchecks.workbook.reading import Expected, Reading
from workbooks.findings import Finding, Message, Refused
from workbooks.guard import screen

# A reading of 400 schools takes some 5 MB.
_READINGS = Recent[tuple[str, str, Expected], tuple[Reading, Reported]](size=4)


@dataclass(frozen=True)
class Preview:
    """Everything a person wants to know before confirming; nothing of it is stored.

    What not everybody asks for is worked out when first asked, so ask before keeping.
    """

    self_check: SelfCheck
    display_name: str
    sha256: str
    size: int
    reading: Reading
    reported: Reported
    findings: list[dict[str, Any]]
    inputs: Inputs | None

    def count(self, level: str) -> int:
        return sum(finding["level"] == level for finding in self.findings)

    @property
    def is_usable(self) -> bool:
        return not self.count("error")

    @cached_property
    def before(self) -> Reported:
        """The version that counts now."""
        return reported.from_records(self.self_check)

    @property
    def is_first(self) -> bool:
        return not self.before.schools

    @cached_property
    def comparison(self) -> Comparison:
        return compare(self.before, self.reported)

    @cached_property
    def outcome(self) -> Outcome | None:
        """The try-out, there without errors."""
        return evaluations.judge(self.self_check, self.inputs) if self.inputs else None

    @property
    def digest(self) -> str:
        """Of the try-out; empty when there is none."""
        return self.outcome.digest if self.outcome else ""


@uncollected()
def preview(*, self_check: SelfCheck, content: bytes, name: str) -> Preview:
    """Read, check and compare a workbook against register, last year and the version before.

    Raises FileRefused when it cannot be taken at all, Conflict when the register is empty.
    """
    reading, figures = _read(self_check, content, name)
    found = reported.with_absent_sheets(figures, reading, self_check)
    inputs, contradictions = _try(self_check, reading, found)
    absent = reported.never_reported(found, reading)
    findings = number_findings([*reading.findings, *absent, *contradictions])
    return Preview(
        self_check=self_check,
        display_name=harmless_name(name),
        sha256=fingerprint(content),
        size=len(content),
        reading=reading,
        reported=found,
        findings=findings,
        inputs=inputs,
    )


def answer_of_preview(checked: Preview) -> Answer:
    """The outcome of looking at a workbook, nothing stored."""
    return {
        "status": "usable" if checked.is_usable else "refused",
        "number": None,
        "file": checked.display_name,
        "sha256": checked.sha256,
        "schools": len(checked.reported.schools),
        "counts": {level: checked.count(level) for level in ("error", "warning", "notice")},
        "findings": described(checked.findings),
        "changes": checked.comparison.as_dict(),
        "verdict": checked.outcome.verdict if checked.outcome else None,
        "digest": checked.digest or None,
    }


def _read(self_check: SelfCheck, content: bytes, name: str) -> tuple[Reading, Reported]:
    """Scanned every time; read and checked once for the same bytes, register and last year."""
    question = fingerprint(content), name, expected_of(self_check)
    try:
        screen(content, scan=scanner())
        known = _READINGS.find(question)
        reading = known[0] if known else examine(content, name, question[2])
    except Refused as refused:
        raise FileRefused(refused) from refused
    answer = known or (reading, reported.from_reading(reading))
    if known is None and reading.is_usable:  # one with errors comes again corrected
        _READINGS.keep(question, answer)
    return answer


def identity_of(content: bytes, name: str) -> identity.Identity:
    """The year and unit a workbook says it is for; empty where it does not say."""
    try:
        return identity.identity_of(open_book(content, name, scanner()))
    except Refused as refused:
        raise FileRefused(refused) from refused


def _try(
    self_check: SelfCheck, reading: Reading, found: Reported
) -> tuple[Inputs | None, list[Finding]]:
    """What can be tried out; what the calculation refuses becomes findings at their cells."""
    if not reading.is_usable:
        return None, []
    try:
        return evaluations.read_inputs(self_check, found), []
    except UnusableInput as unusable:
        contradictions = [_contradiction(problem, found) for problem in unusable.problems]
        return None, list(reading.named(contradictions))


def _contradiction(problem: Problem, found: Reported) -> Finding:
    line, column = _line_of(problem.pointer, found)
    place = found.place(line, column)
    params = {
        "problem": Message(problem.template, problem.params),
        "expected": Message(problem.expected_template, problem.params),
    }
    row = re.search(r"\d+$", place.cell)
    return Finding(
        CONTRADICTION, params, place.sheet, place.cell, int(row[0]) if row else None, column
    )


def _line_of(pointer: str, found: Reported) -> tuple[str, str]:
    """``/schools/3/teachers`` → (school code, teachers); ``/district/C1.graduates`` → its item."""
    part, _slash, rest = pointer.removeprefix("/").partition("/")
    key, _slash, column = rest.partition("/")
    if part == "schools" and key.isdigit():
        return list(found.schools)[int(key)], column
    return key, column or {"district": "value", "veto": "answer"}.get(part, "conclusion")

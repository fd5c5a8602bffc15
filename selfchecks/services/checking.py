"""Looks at a workbook, nothing stored: what is expected of it, what it says, what is wrong."""

import gc
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy

from audit.refusals import Conflict
from districts.models import School
from districts.tables import FileRefused
from districts.wording import day_text
from indicators.calculation.intake import Inputs
from indicators.calculation.outcome import Outcome
from indicators.calculation.problems import Problem, UnusableInput
from selfchecks import clock
from selfchecks.files import fingerprint, harmless_name, scanner
from selfchecks.models import SelfCheck
from selfchecks.services import evaluations, reported
from selfchecks.services.differences import Comparison, compare
from selfchecks.services.evaluations import Recent
from selfchecks.services.findings import CONTRADICTION, Answer, described, number_findings
from selfchecks.services.reported import Reported
from selfchecks.workbook.examine import Identity, examine, identity_in, open_book
from selfchecks.workbook.reading import Expected, Reading, RegisterSchool
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


@contextmanager
def uncollected() -> Iterator[None]:
    """For work that makes a hundred thousand objects which all stay: there is nothing to find.

    Other threads go uncollected too, for as long; the last one to leave finds it switched on.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@uncollected()
def preview(*, self_check: SelfCheck, content: bytes, name: str) -> Preview:
    """Read, check and compare a workbook against register, last year and the version before.

    Raises FileRefused when it cannot be taken at all, Conflict when the register is empty or
    before the first day of filling in.
    """
    _refuse_before_its_day(self_check)
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


def _refuse_before_its_day(self_check: SelfCheck) -> None:
    if timezone.localdate(clock.now()) < self_check.fill_from:
        facts = {"unit": self_check.district, "year": self_check.year}
        facts |= {"day": day_text(self_check.fill_from)}
        sentence = gettext_lazy(
            "%(unit)s %(year)s 年度自查从 %(day)s起填报，在此之前不收这一年度的工作簿。"
        )
        raise Conflict(sentence % facts, code="not_open_yet")


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


def identity_of(content: bytes, name: str) -> Identity:
    """The year and unit a workbook says it is for; empty where it does not say."""
    try:
        return identity_in(open_book(content, name, scanner()))
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


def expected_of(self_check: SelfCheck) -> Expected:
    """What the upload is compared with: year, unit, register and last year's figures."""
    register = register_of(self_check).values_list("code", "name", "school_type")
    return Expected(
        year=self_check.year,
        unit_code=self_check.district.code,
        unit_name=self_check.district.name,
        register=tuple(RegisterSchool(*known) for known in register),
        last_year=last_year_of(self_check).schools,
    )


def register_of(self_check: SelfCheck) -> QuerySet[School]:
    """The district's schools that exist while the self-check is filled in.

    Raises Conflict when there is none: without a register nothing can be expected.
    """
    schools = School.objects.at(self_check.district, self_check.fill_from)
    schools = schools.exclude(valid_from__gt=self_check.due_on)
    schools = schools.exclude(valid_to__lt=self_check.fill_from).order_by("code")
    if not schools.exists():
        raise Conflict(
            gettext_lazy("%s的学校名册还是空的；请先在学校名册里登记学校。")
            % self_check.district.name,
            code="empty_register",
        )
    return schools


def last_year_of(self_check: SelfCheck) -> Reported:
    """Last year's approved figures, or those reported when nothing was approved."""
    before = (
        SelfCheck.objects.filter(district=self_check.district_id, year=self_check.year - 1)
        .select_related("approved_evaluation")
        .first()
    )
    if before is None:
        return Reported()
    if before.approved_evaluation:
        return reported.from_payload(before.approved_evaluation.inputs)
    return reported.from_records(before)

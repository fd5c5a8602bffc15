"""A district with a register, an open self-check, and people to take it through its steps."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from districts.models import District, School, User
from selfchecks import files
from selfchecks.contents import Sent
from selfchecks.models import Evaluation, SelfCheck, Upload
from selfchecks.services import evaluations, opening, uploads
from selfchecks.services.evidence import add_evidence, attach_documents
from selfchecks.services.findings import explain
from selfchecks.services.reviews import Target, comment, review_indicator
from selfchecks.services.steps import take_step
from selfchecks.services.waiting import receive_files
from tests.rounds import begin_here
from tests.selfchecks.workbook_files import workbook

FILL_FROM, DUE_ON = date(2026, 9, 1), date(2026, 12, 15)


def register(district: District, kinds: tuple[str, ...], start: int = 1) -> list[School]:
    """Schools in the register, codes counted up from 21xxxxx001."""
    return School.objects.bulk_create(
        School(
            district=district,
            code=f"21{district.pk:05d}{place:03d}",
            name=f"{district.name}第{place}学校",
            school_type=kind,
            ownership="公办",
            location="城区",
        )
        for place, kind in enumerate(kinds, start)
    )


@pytest.fixture
def schools(shapingba: District) -> list[School]:
    """Three schools of 沙坪坝区: a primary, a junior and a nine-year school."""
    return register(shapingba, ("小学", "初中", "九年一贯制"))


@pytest.fixture
def self_check(
    reference: None, shapingba: District, schools: list[School], wu_manager: User
) -> SelfCheck:
    """沙坪坝区 2026, just opened."""
    opened = opening.open_year(
        year=2026, due_on=DUE_ON, fill_from=FILL_FROM, by=wu_manager, districts=[shapingba]
    )
    return opened.new[0]


@pytest.fixture
def reach(
    self_check: SelfCheck, chen_officer: User, zhao_signatory: User, zhou_inspector: User
) -> Callable[[str], SelfCheck]:
    """A function: take the self-check by real steps to a state, once for all rounds."""

    def _reach(state: str, self_check: SelfCheck = self_check) -> SelfCheck:
        self_check.refresh_from_db()
        if self_check.state != state or not self_check.uploads.exists():
            _take_to(state, self_check)
            begin_here()
        return self_check

    def _take_to(state: str, self_check: SelfCheck) -> None:
        keep_clean(self_check, chen_officer)
        for _before, step, by in (
            ("awaiting_signature", "send_for_signature", chen_officer),
            ("submitted", "submit", zhao_signatory),
            ("in_review", "take_up", zhou_inspector),
        ):
            self_check.refresh_from_db()
            if self_check.state == state:
                return
            take_step(self_check=self_check, step=step, by=by)
        self_check.refresh_from_db()
        if state in ("approved", "returned"):
            decide(self_check, "approve" if state == "approved" else "send_back", zhou_inspector)
        self_check.refresh_from_db()
        assert self_check.state == state

    return _reach


@pytest.fixture
def receive(self_check: SelfCheck, chen_officer: User) -> Any:
    """A function: send many files at once, each with its name."""

    def _receive(*chosen: tuple[str, bytes]) -> Any:
        return receive_files(self_check=self_check, chosen=chosen, by=chen_officer)

    return _receive


@pytest.fixture
def stored() -> Callable[[], int]:
    """How many files of evidence this test has left in the storage."""
    before = set(files._names_in(files.EVIDENCE))
    return lambda: len(set(files._names_in(files.EVIDENCE)) - before)


def decide(self_check: SelfCheck, step: str, by: User, comment: str = "请核对骨干教师数") -> None:
    digest = latest(self_check).digest
    take_step(self_check=self_check, step=step, by=by, comment=comment, evaluation_digest=digest)


def latest(self_check: SelfCheck) -> Evaluation:
    evaluation = evaluations.latest(self_check)
    assert evaluation is not None
    return evaluation


def keep_clean(self_check: SelfCheck, by: User, **options: object) -> Upload:
    """Upload the filled template, explain every warning, attach what is asked for."""
    content = workbook(self_check, **options)  # type: ignore[arg-type]
    upload = uploads.keep(self_check=self_check, content=content, name="自查.xlsx", by=by).upload
    attach_required(self_check, by)
    reasons = {str(row["id"]): "已与学校核实" for row in upload.unexplained()}
    return explain(upload=upload, reasons=reasons, by=by) if reasons else upload


# What the portal asks a document for to begin with, by the plan of the city's people.
REQUIRED = ("B10", "B14", "B15", "C3", "C5", "C6", "C7", "C8")


def attach_required(self_check: SelfCheck, by: User) -> None:
    documents = {code: Sent(f"{code}.pdf", f"%PDF-1.7 {code}".encode()) for code in REQUIRED}
    attach_documents(self_check=self_check, documents=documents, by=by)


def report(self_check: SelfCheck, *, officer: User, signatory: User, inspector: User) -> None:
    """Everything a self-check can hold: evidence, figures, a snapshot, words, comment, notices."""
    add_evidence(
        self_check=self_check, indicator="B1", content=b"%PDF-1.7", name="规划.pdf", by=officer
    )
    keep_clean(self_check, officer)
    for step, by in (
        ("send_for_signature", officer),
        ("submit", signatory),
        ("take_up", inspector),
    ):
        take_step(self_check=self_check, step=step, by=by)
    review_indicator(self_check=self_check, indicator="A1", word="accepted", by=inspector)
    comment(self_check=self_check, text="请附名单", by=inspector, on=Target("A2"))
    decide(self_check, "send_back", inspector)

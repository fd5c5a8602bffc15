"""Plays the demonstration's self-checks through the real services, as its people would."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.utils import timezone

from districts.models import District, School, User
from districts.roles import Role
from indicators.demo.district import district_payload
from selfchecks import clock
from selfchecks.contents import Sent
from selfchecks.demo import ERRORS, GAPS, acts_of, correction, filled, labelled_pdf, moments
from selfchecks.models import Deadline, Notice, SelfCheck, State, Upload
from selfchecks.models.review import Word
from selfchecks.services import evaluations, opening, reviews, uploads
from selfchecks.services.checking import register_of
from selfchecks.services.documents import documents_of
from selfchecks.services.evidence import attach_documents
from selfchecks.services.findings import explain
from selfchecks.services.steps import take_step
from selfchecks.step import Step
from selfchecks.workbook.template import Prefill
from selfchecks.workflow import STEP

LABEL = "演示数据"
REASON = "已与学校核实，数据无误(演示)"
QUESTION = "请核对教师培训经费，与预算批复不一致(演示)"
REMARK = "请说明这所学校的教师培训经费从哪里列支(演示)"
LOOKED_AT = ("A1", "A2", "A3")


Cast = dict[str, User]  # role → the demonstration account that has it on one self-check


def years_until(day: date, count: int) -> list[int]:
    """The last ``count`` years whose filling in has begun."""
    last = day.year if day >= date(day.year, 9, 1) else day.year - 1
    return list(range(last - count + 1, last + 1))


def open_demo_year(*, year: int, districts: Iterable[District], by: User) -> list[SelfCheck]:
    """Open the year for units that lack it; returns all made-up self-checks nobody has begun."""
    wanted = [district for district in districts if _can_report(district, year)]
    there = set(SelfCheck.objects.filter(year=year).values_list("district", flat=True))
    missing = [district for district in wanted if district.pk not in there]
    if missing:
        days = Deadline.objects.filter(year=year).first()
        first_day, due_on = date(year, 9, 1), date(year, 12, 15)
        with clock.at(timezone.make_aware(datetime.combine(first_day, time(8)))):
            opening.open_year(
                year=year,
                fill_from=days.fill_from if days else first_day,
                due_on=days.due_on if days else due_on,
                by=by,
                districts=missing,
                is_demo=True,
            )
    rows = SelfCheck.objects.filter(year=year, district__in=wanted, is_demo=True)
    rows = rows.filter(state=State.DRAFT, uploads=None).select_related("district", "standard")
    return list(rows.order_by("district__code"))


def _can_report(district: District, year: int) -> bool:
    first_day = date(year, 9, 1)
    schools = School.objects.filter(district=district, is_demo=True, valid_from__lte=first_day)
    return district.exists_on(first_day) and schools.exists()


def play(
    *, self_check: SelfCheck, seed: int, place: int, is_closed: bool, is_sound: bool = False
) -> int:
    """Let the unit's people and an inspector do their part; returns how many acts there were.

    Nothing happens when one of the accounts is missing or is not a demonstration account, and
    nothing after the unit's last day. ``is_sound``: nothing is out of order in the unit.
    """
    cast = _cast_of(self_check, place)
    if cast is None:
        return 0
    unit_code, year = self_check.district.code, self_check.year
    acts = acts_of(seed, unit_code, year, place, is_closed=is_closed)
    until = _end(self_check, is_closed=is_closed)
    times = moments(seed, unit_code, self_check.fill_from, until=until, count=len(acts))
    play_acts = _Play(self_check, cast, payload_of(self_check, seed=seed, is_sound=is_sound))
    with transaction.atomic():
        with suppress(uploads.HasErrors):  # drawn too boldly: the story ends with a refused file
            for act, moment in zip(acts, times, strict=True):
                play_acts.act(act, moment)
        if is_closed:
            # What was told in an earlier year has long been read.
            Notice.objects.filter(self_check=self_check, read_at=None).update(read_at=until)
    return len(acts)


def _end(self_check: SelfCheck, *, is_closed: bool) -> datetime:
    """When the last act is over: an earlier year's in its January, and all with the unit."""
    now, last_day = timezone.localtime(), self_check.district.valid_to
    ends = [now]
    if is_closed:
        ends.append(datetime(self_check.year + 1, 1, 20, 16, tzinfo=now.tzinfo))
    if last_day:
        ends.append(datetime.combine(last_day, time(16), now.tzinfo))
    return min(ends)


def _cast_of(self_check: SelfCheck, place: int) -> Cast | None:
    code = self_check.district.code
    names = (f"officer_{code}", f"signatory_{code}", ("inspector", "inspector2")[place % 2])
    people = User.objects.filter(is_demo=True, is_active=True, username__in=names)
    cast = {person.role: person for person in people}
    return cast if set(cast) == {Role.OFFICER, Role.SIGNATORY, Role.INSPECTOR} else None


def payload_of(self_check: SelfCheck, *, seed: int, is_sound: bool = False) -> dict[str, Any]:
    return district_payload(
        seed=seed,
        district_code=self_check.district.code,
        region=self_check.district.region,
        year=self_check.year,
        schools=register_of(self_check),
        is_sound=is_sound,
    )


class _Play:
    """One self-check on its way; acts that are not steps of the workflow are methods."""

    def __init__(self, self_check: SelfCheck, cast: Cast, payload: dict[str, Any]) -> None:
        self.self_check, self.cast, self.payload = self_check, cast, payload
        names = dict(self_check.standard.indicators.values_list("code", "name"))
        unit = self_check.district
        self.given = Prefill(self_check.year, unit.code, unit.name, indicator_names=names)

    def act(self, name: str, moment: datetime) -> None:
        self.self_check.refresh_from_db()
        with clock.at(moment):
            getattr(self, name, lambda: self._take(STEP[name]))()

    def upload_with_errors(self) -> None:
        uploads.receive(**self._sent(ERRORS, "自查初稿"))

    def upload_with_gaps(self) -> None:
        self._keep(GAPS)

    def upload(self) -> None:
        self._explain(self._keep(()))
        self._attach()

    def correct(self) -> None:
        self._explain(self._keep((correction(self.payload),)))
        self._attach()

    def accept(self) -> None:
        for code in LOOKED_AT:
            self._say(code, Word.ACCEPTED)

    def question(self) -> None:
        self._say("B9", Word.QUESTIONED, QUESTION)
        school = self.payload["schools"][0]["school_code"]
        on = reviews.Target(indicator="B9", school_code=school, field="training_budget")
        reviews.comment(
            self_check=self.self_check, text=REMARK, by=self.cast[Role.INSPECTOR], on=on
        )

    def approve(self) -> None:
        for remark in self.self_check.comments.filter(parent=None, settled_at=None):
            reviews.settle(comment=remark, by=self.cast[Role.INSPECTOR])
        self._take(STEP["approve"])

    def _keep(self, slips: Sequence[tuple[int, str, Any]]) -> Upload:
        return uploads.keep(**self._sent(slips, "自查")).upload

    def _sent(self, slips: Sequence[tuple[int, str, Any]], title: str) -> dict[str, Any]:
        return {
            "self_check": self.self_check,
            "content": filled(self.given, self.payload, slips),
            "name": f"{self.given.unit_name}{self.given.year}{title}(演示).xlsx",
            "by": self.cast[Role.OFFICER],
        }

    def _explain(self, upload: Upload) -> None:
        reasons = {str(finding["id"]): REASON for finding in upload.unexplained()}
        if reasons:
            explain(upload=upload, reasons=reasons, by=self.cast[Role.OFFICER])

    def _attach(self) -> None:
        """What is asked before signature, each document saying that it is made up."""
        given, today = self.given, timezone.localdate()
        missing = documents_of(self.self_check, day=today).missing
        title = f"{given.unit_name}{given.year}年度"
        documents = {
            line.code: Sent(
                f"{line.code}{line.name}({LABEL}).pdf",
                labelled_pdf(f"{LABEL} DEMONSTRATION", title, line.label),
            )
            for line in missing
        }
        if documents:
            who = self.cast[Role.OFFICER]
            attach_documents(self_check=self.self_check, documents=documents, by=who, note=LABEL)

    def _take(self, step: Step) -> None:
        latest = evaluations.latest(self.self_check)
        take_step(
            self_check=self.self_check,
            step=step.name,
            by=next(person for role, person in self.cast.items() if role in step.roles),
            comment=QUESTION if step.needs_comment else "",
            evaluation_digest=latest.digest if latest and step.names_evaluation else None,
        )

    def _say(self, indicator: str, word: str, note: str = "") -> None:
        given = {"indicator": indicator, "word": word, "note": note}
        reviews.review_indicator(self_check=self.self_check, **given, by=self.cast[Role.INSPECTOR])

"""Computes try-outs, stores snapshots on submission, and replays every stored one."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Max, OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from audit.refusals import Conflict
from districts.models import School, User
from indicators.calculation.evaluate import evaluate, evaluate_inputs
from indicators.calculation.intake import Inputs, read_payload
from indicators.calculation.outcome import Outcome, canonical
from indicators.calculation.problems import UnusableInput
from indicators.calculation.rules import Rules
from indicators.models import Standard
from indicators.services.impact import StoredInputs
from indicators.services.rules import rules_of
from selfchecks import clock
from selfchecks.models import Evaluation, IndicatorResult, SelfCheck, UnitResult, Upload
from selfchecks.services.reported import Reported, from_records

Question = TypeVar("Question")
Answer = TypeVar("Answer")


class Recent(Generic[Question, Answer]):
    """The last few answers to pure questions, so that looking and keeping asks once.

    Of this process only: a worker that has not been asked yet simply works it out again.
    """

    def __init__(self, size: int) -> None:
        self._kept: deque[tuple[Question, Answer]] = deque(maxlen=size)

    def find(self, question: Question) -> Answer | None:
        for asked, answer in tuple(self._kept):
            if asked == question:
                return answer
        return None

    def keep(self, question: Question, answer: Answer) -> None:
        self._kept.append((question, answer))

    def forget(self) -> None:
        self._kept.clear()


_INPUTS = Recent[tuple[str, int, Reported, list[dict[str, Any]]], Inputs](size=4)


def inputs_of(self_check: SelfCheck, reported: Reported) -> dict[str, Any]:
    """What the calculation is given: figures, the year, and special cases of the register."""
    return _inputs(self_check, reported, _special_cases(self_check, reported))


def _inputs(
    self_check: SelfCheck, reported: Reported, cases: list[dict[str, Any]]
) -> dict[str, Any]:
    return {
        "standard": self_check.standard.code,
        "year": self_check.year,
        **reported.payload(),
        "special_cases": cases,
    }


def _special_cases(self_check: SelfCheck, reported: Reported) -> list[dict[str, Any]]:
    return list(_cases_of(self_check, set(reported.schools)))


def _cases_of(self_check: SelfCheck, reported: set[str]) -> Iterator[dict[str, Any]]:
    rows = School.objects.at(self_check.district, self_check.fill_from).exclude(
        special_cases={}, attached_to=None
    )
    columns = rows.order_by("code").values_list("code", "special_cases", "attached_to__code")
    for code, cases, main in columns:
        if code not in reported:
            continue
        for case, details in sorted(cases.items()):
            yield {"school_code": code, "case": case, **details}
        if main in reported:
            yield {
                "school_code": code,
                "case": "point.attached",
                "to": main,
                "evidence": "学校名册",
            }


def read_inputs(self_check: SelfCheck, reported: Reported) -> Inputs:
    """The same as the calculation reads it. Raises UnusableInput for what contradicts itself."""
    rules = rules_of(self_check.standard)
    cases = _special_cases(self_check, reported)
    question = rules.standard, self_check.year, reported, cases
    known = _INPUTS.find(question)
    if known is None:
        known = read_payload(_inputs(self_check, reported, cases), rules)
        _INPUTS.keep(question, known)
    return known


def judge(self_check: SelfCheck, inputs: Inputs) -> Outcome:
    """Judge figures that are not stored."""
    return evaluate_inputs(inputs, rules_of(self_check.standard))


def try_out(self_check: SelfCheck) -> Outcome | None:
    """The outcome of the current figures, not stored; None while there are none.

    Raises Conflict when the figures cannot be evaluated.
    """
    if not self_check.uploads.filter(is_current=True).exists():
        return None
    return _evaluated(self_check)[1]


def _evaluated(self_check: SelfCheck) -> tuple[dict[str, Any], Outcome]:
    inputs = inputs_of(self_check, from_records(self_check))
    try:
        return inputs, evaluate(inputs, rules_of(self_check.standard))
    except UnusableInput as unusable:
        raise Conflict(
            _("现有数据不能测算：%s请更正后重新上传。") % unusable, code="unusable_figures"
        ) from unusable


def outcome_of(self_check: SelfCheck) -> tuple[Evaluation | None, Outcome | None]:
    """What was submitted while it is out of the district's hands, else the present try-out."""
    if self_check.awaits_district:
        return None, try_out(self_check)
    # The inputs are half of what is stored, and not read to show what came of them.
    evaluation = self_check.evaluations.defer("inputs").order_by("-number").first()
    return evaluation, evaluation.result if evaluation else None


def present_inputs(self_check: SelfCheck) -> dict[str, Any] | None:
    """The inputs behind ``outcome_of``; None while there are none."""
    if not self_check.awaits_district:
        evaluation = latest(self_check)
        return evaluation.inputs if evaluation else None
    if not self_check.uploads.filter(is_current=True).exists():
        return None
    return inputs_of(self_check, from_records(self_check))


def latest(self_check: SelfCheck) -> Evaluation | None:
    """The newest stored snapshot."""
    return self_check.evaluations.order_by("-number").first()


def store_snapshot(*, self_check: SelfCheck, by: User) -> Evaluation:
    """Keep inputs, rules and outcome of the current figures, inside the caller's transaction."""
    upload = Upload.objects.get(self_check=self_check, is_current=True)
    inputs, outcome = _evaluated(self_check)
    last = self_check.evaluations.aggregate(last=Max("number"))["last"] or 0
    evaluation = Evaluation.objects.create(
        self_check=self_check,
        number=last + 1,
        upload=upload,
        standard=self_check.standard,
        engine=outcome.engine,
        inputs=inputs,
        rules=rules_of(self_check.standard).to_dict(),
        outcome=outcome.as_dict(),
        digest=outcome.digest,
        verdict=outcome.verdict,
        evaluated_at=clock.now(),
        evaluated_by=by,
    )
    IndicatorResult.objects.bulk_create(_indicator_results(evaluation, outcome))
    UnitResult.objects.bulk_create(_unit_results(evaluation, outcome))
    return evaluation


def _indicator_results(evaluation: Evaluation, outcome: Outcome) -> Iterator[IndicatorResult]:
    for (code, stage), verdict in outcome.verdicts.items():
        value = outcome.dispersion[stage].coefficients[code].cv if stage else None
        yield IndicatorResult(
            evaluation=evaluation, indicator=code, stage=stage, verdict=verdict, value=value
        )


def _unit_results(evaluation: Evaluation, outcome: Outcome) -> Iterator[UnitResult]:
    names = ("school_code", "school_name", "stage", "met_count", "indicators")
    for unit in outcome.units:
        values = {name: getattr(unit, name) for name in names}
        verdict = unit.verdict or ""
        yield UnitResult(evaluation=evaluation, is_counted=unit.counted, verdict=verdict, **values)


@dataclass(frozen=True, slots=True)
class Replay:
    """One stored evaluation computed again; ``problem`` is empty when it came out the same."""

    evaluation: Evaluation
    problem: str

    @property
    def is_same(self) -> bool:
        return not self.problem


def replay(evaluation: Evaluation) -> Replay:
    """Compute a snapshot again from its own inputs and rules and compare it byte by byte."""
    try:
        outcome = evaluate(evaluation.inputs, Rules.from_dict(evaluation.rules), is_stored=True)
    except (UnusableInput, ValueError) as error:
        return Replay(evaluation, str(error))
    if outcome.to_json() != canonical(evaluation.outcome):
        return Replay(evaluation, _first_difference(evaluation.outcome, outcome.as_dict()))
    if outcome.digest != evaluation.digest:
        return Replay(evaluation, "digest")
    return Replay(evaluation, "")


def _first_difference(stored: Mapping[str, Any], computed: Mapping[str, Any]) -> str:
    keys = dict.fromkeys([*stored, *computed])
    return next(key for key in keys if stored.get(key) != computed.get(key))


def replay_all(evaluations: Iterable[Evaluation] | None = None) -> Iterator[Replay]:
    """Every stored snapshot, oldest first; memory stays flat however many there are."""
    if evaluations is None:
        rows = Evaluation.objects.select_related("self_check__district")
        evaluations = rows.order_by("pk").iterator(chunk_size=50)
    return map(replay, evaluations)


def approved_before(self_check: SelfCheck) -> Evaluation | None:
    """The approved snapshot of the same district from the year before."""
    row = SelfCheck.objects.filter(
        district=self_check.district_id, year=self_check.year - 1
    ).select_related("approved_evaluation")
    return next((found.approved_evaluation for found in row), None)


def stored_inputs(standard: Standard) -> Iterator[StoredInputs]:
    """The newest snapshot of every self-check judged by a version or one before it, for the impact
    of the next."""
    newest = Evaluation.objects.filter(self_check=OuterRef("self_check")).order_by("-number")
    rows = Evaluation.objects.filter(
        standard__in=standard.lineage, pk=Subquery(newest.values("pk")[:1])
    )
    for evaluation in rows.select_related("self_check__district").order_by("pk").iterator(50):
        label = str(evaluation.self_check)
        yield StoredInputs(label, evaluation.inputs, evaluation.outcome)

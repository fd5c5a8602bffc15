"""What nobody reported is shown as such on every page, and stops none of them."""

from collections.abc import Callable
from typing import Any

from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from districts.models import School, User
from figures.table import DISTRICT_ITEM, SCHOOL_FIELDS
from indicators.calculation.evaluate import evaluate
from indicators.services.rules import rules_of
from selfchecks.models import SelfCheck
from selfchecks.results import ResultPage
from selfchecks.services.evaluations import inputs_of
from selfchecks.services.reported import from_records
from selfchecks.services.steps import take_step
from tests.reader import words
from tests.selfchecks.conftest import keep_clean
from tests.selfchecks.test_pages_reading import PAGES, REFERENCE, WITH_FIGURES

# What every school must give; all else may be blank.
FIELDS = tuple(
    field.code
    for field in SCHOOL_FIELDS
    if field.kind in {"count", "decimal"} and not field.code.startswith("pupils_")
)


def test_every_page_answers_with_next_to_nothing_reported(
    self_check: SelfCheck,
    schools: list[School],
    chen_officer: User,
    zhao_signatory: User,
    zhou_inspector: User,
    signed_in: Callable[[User], Client],
) -> None:
    nothing: dict[Any, None] = {(school.code, name): None for school in schools for name in FIELDS}
    keep_clean(self_check, chen_officer, changes=nothing, district=dict.fromkeys(DISTRICT_ITEM))
    for step, by in (
        ("send_for_signature", chen_officer),
        ("submit", zhao_signatory),
        ("take_up", zhou_inspector),
    ):
        for page in (*PAGES, *WITH_FIGURES):
            answer = signed_in(by).get(REFERENCE + page)
            assert answer.status_code == 200, (step, page)
        take_step(self_check=self_check, step=step, by=by)
    review = reverse("admin:selfchecks_selfcheck_review", args=[self_check.pk])
    said = f"{review}?part=indicators"
    for address in (review, said, REFERENCE + "result/", REFERENCE + "check/"):
        answer = signed_in(zhou_inspector).get(address)
        assert answer.status_code == 200, address
        assert "None" not in words(answer), address
    assert "未填报 ÷ 未填报" in words(signed_in(zhou_inspector).get(said))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_whatever_is_missing_the_result_can_be_laid_out(
    data: st.DataObject, self_check: SelfCheck, schools: list[School], chen_officer: User
) -> None:
    if not self_check.uploads.exists():
        keep_clean(self_check, chen_officer)
    payload = inputs_of(self_check, from_records(self_check))
    keys = st.sets(st.sampled_from(sorted(payload["district"])))
    for item in data.draw(keys, label="district"):
        del payload["district"][item]
    for row in payload["schools"]:
        for name in data.draw(st.sets(st.sampled_from(FIELDS)), label=row["school_code"]):
            row.pop(name, None)
    for part in ("qualitative", "veto"):
        for key in data.draw(st.sets(st.sampled_from(sorted(payload[part]))), label=part):
            del payload[part][key]
    outcome = evaluate(payload, rules_of(self_check.standard))
    page = ResultPage(self_check, None, outcome)
    shown = (page.spreads, page.composites, page.strips, page.stages, page.judged, page.missing)
    said = repr((*shown, page.raised, page.failing, page.counts, page.sentence))
    assert "None ÷" not in said
    assert "÷ None" not in said


def test_every_single_item_may_be_missing(
    self_check: SelfCheck, schools: list[School], chen_officer: User
) -> None:
    keep_clean(self_check, chen_officer)
    payload = inputs_of(self_check, from_records(self_check))
    rules = rules_of(self_check.standard)
    for item in payload["district"]:
        rest = {code: value for code, value in payload["district"].items() if code != item}
        outcome = evaluate({**payload, "district": rest}, rules)
        page = ResultPage(self_check, None, outcome)
        is_optional = item in DISTRICT_ITEM and not DISTRICT_ITEM[item].expected
        assert bool(page.missing) is not is_optional, item


def test_an_unanswered_veto_is_told_to_the_inspector(
    self_check: SelfCheck,
    schools: list[School],
    chen_officer: User,
    zhao_signatory: User,
    zhou_inspector: User,
    signed_in: Callable[[User], Client],
) -> None:
    keep_clean(self_check, chen_officer, sheets=("学校数据", "区县数据", "定性指标"))
    for step, by in (("send_for_signature", chen_officer), ("submit", zhao_signatory)):
        take_step(self_check=self_check, step=step, by=by)
    review = reverse("admin:selfchecks_selfcheck_review", args=[self_check.pk])
    text = words(signed_in(zhou_inspector).get(f"{review}?part=indicators"))
    assert "有事项未填报" in text
    assert "没有报告存在的事项" not in text

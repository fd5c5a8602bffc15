"""Practices: who writes, submits, publishes and takes down, and what their effect rests on."""

from collections.abc import Callable
from typing import Any

import pytest

from audit.models import Entry
from audit.refusals import Conflict, NotAllowed, Stale, Unusable
from districts.models import District, User
from improvement.models import Practice
from improvement.services import practices
from improvement.services.effects import effect_of
from selfchecks.models import SelfCheck

FACTS: dict[str, Any] = {
    "title": "片区联校教研",
    "problem": "骨干教师集中在城区。",
    "measure": "六所学校编为一个片区。",
    "indicators": "A2 B5",
    "year_before": 2025,
    "year_after": 2026,
}


def draft(district: District, by: User, **other: Any) -> Practice:
    return practices.write(district=district, by=by, **{**FACTS, **other})


@pytest.fixture
def submitted(shapingba: District, chen_officer: User) -> Practice:
    return practices.take_step(
        practice=draft(shapingba, chen_officer), step="submit", by=chen_officer
    )


def take(practice: Practice, step: str, by: User, **said: Any) -> Practice:
    return practices.take_step(practice=practice, step=step, by=by, **said)


def test_from_draft_to_the_public_and_back(submitted: Practice, zhou_inspector: User) -> None:
    published = take(submitted, "publish", zhou_inspector)
    assert (published.state, published.published_by) == ("published", zhou_inspector)
    assert [*Practice.objects.published()] == [published]
    with pytest.raises(Unusable, match="请写明原因"):
        take(published, "withdraw", zhou_inspector)
    gone = take(published, "withdraw", zhou_inspector, reason="做法已不适用")
    assert (gone.state, gone.reason) == ("withdrawn", "做法已不适用")
    assert not Practice.objects.published().exists()
    trail = Entry.objects.filter(object_type="improvement.practice").order_by("number")
    assert [entry.action for entry in trail] == [
        "practice.write",
        "practice.submit",
        "practice.publish",
        "practice.withdraw",
    ]


def test_sent_back_it_can_be_changed_again(
    submitted: Practice, chen_officer: User, zhou_inspector: User
) -> None:
    with pytest.raises(Conflict, match="待市级审核"):
        practices.change(practice=submitted, by=chen_officer, title="改名")
    back = take(submitted, "return", zhou_inspector, reason="请写明范围")
    changed = practices.change(practice=back, by=chen_officer, title="片区走教")
    assert changed.title == "片区走教"
    assert take(changed, "submit", chen_officer).reason == ""


@pytest.mark.parametrize("who", ["liu_officer", "he_auditor"])
def test_others_do_not_write_for_a_unit(request: Any, shapingba: District, who: str) -> None:
    with pytest.raises(NotAllowed):
        draft(shapingba, request.getfixturevalue(who))


def test_districts_publish_nothing(submitted: Practice, zhao_signatory: User) -> None:
    for step in ("publish", "return"):
        with pytest.raises(NotAllowed):
            take(submitted, step, zhao_signatory, reason="我们自己发布")


def test_whoever_wrote_it_does_not_publish_it(
    shapingba: District, zhou_inspector: User, sun_inspector: User
) -> None:
    """Four eyes, also when the city writes."""
    row = take(draft(shapingba, zhou_inspector), "submit", sun_inspector)
    for person in (zhou_inspector, sun_inspector):
        assert "publish" not in {step.name for step in practices.open_steps(row, person)}
        with pytest.raises(NotAllowed, match="另一位"):
            take(row, "publish", person)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"indicators": "A2 Z9"}, "indicators"),
        ({"indicators": "A2,B5"}, "indicators"),
        ({"indicators": ""}, "indicators"),
        ({"year_after": 2025}, "year_after"),
        ({"year_after": 2099}, "year_after"),
        ({"year_before": 1999}, "year_before"),
        ({"year_after": 10**40}, "year_after"),
        ({"title": " "}, "title"),
        ({"title": "长" * 81}, "title"),
        ({"measure": "一" * 4001}, "measure"),
        ({"problem": "看不见的\u202e方向"}, "problem"),
        ({"problem": "响铃\x07"}, "problem"),
    ],
)
def test_what_is_wrong_is_named(
    shapingba: District, chen_officer: User, wrong: Any, field: str
) -> None:
    with pytest.raises(Unusable) as refused:
        draft(shapingba, chen_officer, **wrong)
    assert field in refused.value.fields
    assert not Practice.objects.exists()


def test_who_saw_something_else_is_told(submitted: Practice, zhou_inspector: User) -> None:
    seen = practices.tag_of(submitted)
    take(submitted, "return", zhou_inspector, reason="请写明范围", expected=seen)
    with pytest.raises(Stale):
        take(submitted, "submit", zhou_inspector, expected=seen)


def test_without_both_years_nothing_is_said(
    reach: Callable[[str], SelfCheck], chen_officer: User
) -> None:
    """2026 is approved, 2025 was never reported."""
    row = draft(reach("approved").district, chen_officer)
    effect = effect_of(row, chen_officer)
    assert (effect.before, effect.is_known) == (None, False)
    assert effect.after is not None
    assert effect.after.year == 2026
    assert effect.verdicts == effect.coefficients == ()


def test_only_approved_figures_count(reach: Callable[[str], SelfCheck], chen_officer: User) -> None:
    row = draft(reach("in_review").district, chen_officer)
    assert effect_of(row, chen_officer).after is None


def test_search_needs_every_word_and_finds_whole_codes(
    shapingba: District, chen_officer: User
) -> None:
    row = draft(shapingba, chen_officer, indicators="B1 A2")
    found = Practice.objects
    assert [*found.saying("沙坪坝 教研")] == [row]
    assert not found.saying("教研 体育").exists()
    assert [*found.about("B1")] == [row]
    assert not found.about("B10").exists()

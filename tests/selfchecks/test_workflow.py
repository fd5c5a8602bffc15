"""The table of steps as people know it, written out here, and the diagram printed from it."""

from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from audit.models import Entry
from audit.words import action_name
from districts.models import District, User
from selfchecks.models import Notice, SelfCheck, State
from selfchecks.services import evaluations
from selfchecks.services.notices import text_of
from selfchecks.services.steps import open_steps, take_step
from selfchecks.workflow import STEP, STEPS, mermaid, steps_from
from tests.selfchecks.conftest import keep_clean

README = Path(settings.BASE_DIR) / "README.md"


def test_the_diagram_has_every_edge_once() -> None:
    edges = [line for line in mermaid().splitlines() if "-->" in line and "[*]" not in line]
    assert len(edges) == len(set(edges)) == sum(len(step.sources) for step in STEPS) == 25
    assert "    submitted --> in_review: 开始复核(市级督学)" in edges


def test_the_command_prints_the_diagram() -> None:
    out = StringIO()
    call_command("workflow_diagram", stdout=out)
    assert out.getvalue().strip() == mermaid()


def test_the_readme_shows_the_table_as_it_is() -> None:
    if not README.is_file() or "stateDiagram-v2" not in README.read_text(encoding="utf-8"):
        pytest.skip("the README has no workflow diagram yet")
    assert mermaid() in README.read_text(encoding="utf-8")


def test_only_the_municipal_side_decides() -> None:
    assert [step.name for step in steps_from(State.IN_REVIEW)] == [
        "put_back",
        "approve",
        "send_back",
        "close",
    ]
    assert {str(role) for step in steps_from(State.IN_REVIEW) for role in step.roles} == {
        "inspector",
        "manager",
    }


# step: label, from, to, who takes it, what it makes of them, what must be written.
OFFICER, SIGNATORY, INSPECTOR, MANAGER = "officer", "signatory", "inspector", "manager"
TABLE = {
    "send_for_signature": (
        *("送负责人审签", "draft returned", "awaiting_signature"),
        *([OFFICER], "prepare", ""),
    ),
    "recall": ("撤回送审", "awaiting_signature", "draft", [OFFICER], None, ""),
    "decline": ("退回填报员", "awaiting_signature", "draft", [SIGNATORY], None, "comment"),
    "submit": ("审签并报送", "awaiting_signature", "submitted", [SIGNATORY], "sign", ""),
    "withdraw": ("撤回报送", "submitted", "draft", [SIGNATORY], None, "comment"),
    "take_up": ("开始复核", "submitted", "in_review", [INSPECTOR], "review", ""),
    "put_back": ("放回待复核", "in_review", "submitted", [INSPECTOR, MANAGER], None, "comment"),
    "approve": ("复核通过", "in_review", "approved", [INSPECTOR], "review", "digest"),
    "send_back": ("退回修改", "in_review", "returned", [INSPECTOR], "review", "comment digest"),
    "take_back_approval": (
        *("收回复核通过", "approved", "in_review"),
        *([INSPECTOR, MANAGER], "review", "comment"),
    ),
    "take_back_return": (
        *("收回退回修改", "returned", "in_review"),
        *([INSPECTOR, MANAGER], "review", "comment"),
    ),
    "reopen": ("重新开启", "approved closed", "returned", [MANAGER], None, "comment due"),
    "ask_reopening": ("申请重新开启", "approved", "approved", [SIGNATORY], "sign", "comment"),
    "grant_reopening": ("同意重新开启", "approved", "returned", [MANAGER], None, "due"),
    "decline_reopening": ("不同意重新开启", "approved", "approved", [MANAGER], None, "comment"),
    "lapse_reopening": (
        *("到期恢复", "draft returned awaiting_signature", "approved"),
        *([], None, ""),
    ),
    "close": (
        *("终止", "draft returned awaiting_signature submitted in_review", "closed"),
        *([MANAGER], None, "comment"),
    ),
}


def test_the_table_says_who_takes_which_step_from_where_to_where() -> None:
    found = {
        step.name: (
            str(step.label),
            " ".join(step.sources),
            step.target,
            list(step.roles),
            step.part,
            " ".join(
                word
                for word, is_needed in (
                    ("comment", step.needs_comment),
                    ("digest", step.names_evaluation),
                    ("due", step.needs_due_date),
                )
                if is_needed
            ),
        )
        for step in STEPS
    }
    assert found == TABLE
    assert NOTICES.keys() == TABLE.keys()


# step: who is told what; 周岚 is the inspector, 孙健 another one, 吴敏 the manager.
DISTRICT = ["officer_500106", "signatory_500106"]
UNIT = "沙坪坝区 2026 年度自查"
NOTICES = {
    "send_for_signature": (["signatory_500106"], f"{UNIT}等待您审签，送审人陈静。"),
    "recall": (["signatory_500106"], f"{UNIT}已由陈静撤回，暂不需要审签。"),
    "decline": (["officer_500106"], f"赵明退回了{UNIT}：请再核对名册"),
    "submit": (["inspector", "officer_500106"], f"{UNIT}已由赵明审签并报送。"),
    "withdraw": (["inspector", "officer_500106"], f"赵明撤回了{UNIT}：请再核对名册"),
    "take_up": (DISTRICT, f"周岚开始复核{UNIT}。"),
    "put_back": (["inspector"], f"吴敏把{UNIT}放回待复核：请再核对名册"),
    "approve": (DISTRICT, f"{UNIT}复核通过，复核人周岚。"),
    "send_back": (DISTRICT, f"{UNIT}被退回修改，截止日 2099年1月2日：请再核对名册"),
    "take_back_approval": (
        ["inspector", *DISTRICT],
        f"吴敏收回了{UNIT}的复核通过，自查回到复核中：请再核对名册",
    ),
    "take_back_return": (
        ["inspector", *DISTRICT],
        f"吴敏收回了{UNIT}的退回，暂不需要修改：请再核对名册",
    ),
    "reopen": (DISTRICT, f"{UNIT}重新开启，2099年1月2日前报送：请再核对名册"),
    "ask_reopening": (
        ["manager", "officer_500106"],
        f"赵明申请重新开启{UNIT}：请再核对名册",
    ),
    "grant_reopening": (
        DISTRICT,
        f"{UNIT}的重新开启申请已同意，请在 2099年1月2日前修改并报送；"
        "过期没有报送的，恢复为原来通过的结果。",
    ),
    "decline_reopening": (DISTRICT, f"吴敏没有同意重新开启{UNIT}：请再核对名册"),
    "lapse_reopening": (
        ["manager", *DISTRICT],
        f"{UNIT}重新开启后到期没有报送，已恢复为「复核通过」，原来通过的结果不变。",
    ),
    "close": (["inspector", *DISTRICT], "沙坪坝区已撤并，2026 年度自查终止：请再核对名册"),
}
RECORDED = {step: row[0] for step, row in TABLE.items()} | {
    "reopen": "重新开启自查",
    "close": "终止自查",
    "lapse_reopening": "重新开启到期，恢复通过",
}
BY = {
    **dict.fromkeys(("send_for_signature", "recall"), "chen_officer"),
    **dict.fromkeys(("decline", "submit", "withdraw", "ask_reopening"), "zhao_signatory"),
    **dict.fromkeys(("take_up", "approve", "send_back"), "zhou_inspector"),
    **dict.fromkeys(
        ("put_back", "take_back_approval", "take_back_return", "reopen", "close"), "wu_manager"
    ),
    **dict.fromkeys(("grant_reopening", "decline_reopening"), "wu_manager"),
}


@pytest.mark.parametrize("step", BY)
def test_a_step_tells_exactly_these_people_this_sentence(
    step: str, reach, self_check: SelfCheck, request: pytest.FixtureRequest
) -> None:
    by = request.getfixturevalue(BY[step])
    request.getfixturevalue("wu_manager")
    before = TABLE[step][1].split()[0]
    if before == "draft":
        keep_clean(self_check, request.getfixturevalue("chen_officer"))
    else:
        reach(before)
    if step == "close":
        today = timezone.localdate() - timedelta(days=1)
        District.objects.filter(pk=self_check.district_id).update(valid_to=today)
    if STEP[step].answers:
        asking = {"self_check": self_check, "step": STEP[step].answers, "comment": "漏报一所学校"}
        take_step(**asking, by=request.getfixturevalue("zhao_signatory"))
    seen = set(Notice.objects.values_list("pk", flat=True))
    evaluation = evaluations.latest(self_check)
    take_step(
        self_check=self_check,
        step=step,
        by=by,
        comment="请再核对名册" if step != "approve" else "",
        evaluation_digest=evaluation.digest if evaluation else None,
        due_on=date(2099, 1, 2),
    )
    told = Notice.objects.exclude(pk__in=seen).order_by("recipient__username")
    people, sentence = NOTICES[step]
    assert [notice.recipient.username for notice in told] == people
    assert {notice.kind for notice in told} == {f"step.{step}"}
    assert {text_of(notice) for notice in told} == {sentence}
    # Rooms above follow a step with entries of their own.
    own = Entry.objects.filter(action__startswith="self_check.")
    action = own.order_by("number").last().action
    assert (action, action_name(action)) == (f"self_check.{step}", RECORDED[step])


def test_who_took_it_up_holds_it_until_it_is_put_back(
    reach, self_check: SelfCheck, zhou_inspector: User, wu_manager: User
) -> None:
    held = reach("in_review")
    assert held.inspector == zhou_inspector
    take_step(self_check=held, step="put_back", by=wu_manager, comment="周岚休假")
    held.refresh_from_db()
    assert held.inspector is None
    assert {"withdraw", "take_up"} <= {offer.step.name for offer in open_steps(held, wu_manager)}

"""Ten thousand runs of fifty steps through the table: its invariants hold (fault 59, B3 1–4)."""

from collections import Counter
from random import Random

from selfchecks.models.self_check import EDITABLE, State
from selfchecks.workflow import STEP, STEPS
from tests.selfchecks.workflow_model import DAYS, PEOPLE, TAKEN, Attempt, Model

RUNS, LENGTH = 10_000, 50
NAMES, STEP_NAMES = sorted(PEOPLE), sorted(STEP)


def test_the_table_keeps_its_invariants_in_ten_thousand_runs() -> None:
    draw, seen, states = Random(59), Counter[str](), Counter[State]()
    for _run in range(RUNS):
        model = Model()
        for _step in range(LENGTH):
            seen[act(draw, model)] += 1
        hold(model)
        states[model.state] += 1
    assert set(states) == set(State) - {State.CLOSED}  # 沙坪坝区 goes on
    assert seen[TAKEN] > RUNS  # the runs get somewhere
    codes = {"not_allowed", "conflict", "held", "four_eyes", "no_upload", "required", "stale"}
    codes |= {"changed_since", "nothing_to_undo", "rested_on"}
    assert codes < set(seen)


def act(draw: Random, model: Model) -> str:
    """Anybody tries anything, more often what is open; a refusal leaves no trace."""
    kind, name = draw.random(), draw.choice(NAMES)
    if kind < 0.04:
        model.roles["officer2"] = PEOPLE[draw.choice(("officer", "signatory"))][1]
        return "moved"
    if kind < 0.16:
        return settled(model, lambda: model.upload(name, draw.choice(("first", "second"))))
    if kind < 0.19:
        return settled(model, lambda: model.attach(name))
    if kind < 0.21:
        return settled(model, lambda: model.answer(name))
    if kind < 0.23:
        model.rests |= set(model.standing)
        return "certified"
    step = draw.choice(STEP_NAMES)
    if kind < 0.7:
        step = draw.choice([edge.name for edge in STEPS if model.state in edge.sources])
    if kind < 0.6:  # often by somebody whose role it is, so that runs get far
        able = [who for who in NAMES if model.roles[who] in STEP[step].roles]
        name = draw.choice(able or NAMES)
    digest, comment = draw.choice(("none", "right", "right", "wrong")), draw.choice(("", "理由"))
    asked = Attempt(name, step, comment, digest, draw.choice(DAYS))
    return settled(model, lambda: model.attempt(asked))


def settled(model: Model, command) -> str:
    before = (model.state, model.figures, model.holder, len(model.trail), list(model.approved))
    approved, outcome = list(model.approved), command()
    if outcome != TAKEN:
        now = (model.state, model.figures, model.holder, len(model.trail), list(model.approved))
        assert now == before
    assert model.approved[: len(approved)] == approved  # what was approved stays
    return outcome


def hold(model: Model) -> None:
    """The invariants over the whole trail of a run."""
    state = State.DRAFT
    for taken in model.trail:
        assert taken.before == state in taken.step.sources
        assert taken.comment or not taken.step.needs_comment
        assert taken.version or not (taken.step.evaluates or taken.step.names_evaluation)
        state = taken.step.target
    assert state == model.state
    assert all(len(parts) <= 1 for parts in model.parts.values())
    signed = [taken for taken in model.trail if taken.step.evaluates]
    assert len(signed) == len(model.versions)
    assert all(model.versions[number - 1] == figures for number, figures in model.approved)
    assert model.state != State.IN_REVIEW or model.holder
    assert model.rests <= set(model.standing)  # what a certification rests on stays approved
    assert model.state != State.APPROVED or model.standing[-1] == len(model.versions)


def test_figures_change_only_where_the_table_lets_a_district_work() -> None:
    for state in State:
        model = Model(state=state)
        assert (model.upload("officer", "first") == TAKEN) is (state in EDITABLE)


def test_the_table_leaves_no_state_without_a_way_on() -> None:
    reached = {State.DRAFT} | {step.target for step in STEPS}
    left = {state for step in STEPS for state in step.sources}
    assert reached == left == set(State)

"""The table of steps and the diagram printed from it."""

from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from selfchecks.models import State
from selfchecks.workflow import STEPS, mermaid, steps_from

README = Path(settings.BASE_DIR) / "README.md"


def test_the_diagram_has_every_edge_once() -> None:
    edges = [line for line in mermaid().splitlines() if "-->" in line and "[*]" not in line]
    assert len(edges) == len(set(edges)) == sum(len(step.sources) for step in STEPS) == 11
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
    ]
    assert {str(role) for step in steps_from(State.IN_REVIEW) for role in step.roles} == {
        "inspector",
        "manager",
    }

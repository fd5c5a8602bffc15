"""The table of a school plan's steps, told by hand, and its picture in the README."""

import pytest
from django.conf import settings

from improvement.school_plans.workflow import STEPS, mermaid

# Step → from, to, who, and what it asks for.
TABLE = {
    "send": ("drafting", "awaiting", "officer client", "complete"),
    "recall": ("awaiting", "drafting", "officer client", ""),
    "approve": ("awaiting", "approved", "signatory", "other eyes"),
    "send_back": ("awaiting", "drafting", "signatory", "comment"),
    "amend": ("approved", "drafting", "officer client", "comment"),
}


@pytest.mark.parametrize("name", TABLE)
def test_every_step_is_as_it_was_agreed(name: str) -> None:
    (step,) = (each for each in STEPS if each.name == name)
    asks = [
        word
        for word, is_asked in (
            ("complete", "incomplete" in step.guards),
            ("other eyes", "same_hand" in step.guards),
            ("comment", step.needs_comment),
        )
        if is_asked
    ]
    (source,) = step.sources
    assert TABLE[name] == (source, step.target, " ".join(step.roles), " ".join(asks))


def test_there_are_no_other_steps() -> None:
    assert [step.name for step in STEPS] == [*TABLE]


def test_the_picture_in_the_readme_is_of_this_table() -> None:
    assert mermaid() in (settings.BASE_DIR / "README.md").read_text(encoding="utf-8")

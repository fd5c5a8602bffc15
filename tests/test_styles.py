"""The style sheets: colours decided once, contrast, sizes of text, the plan as edge, the script."""

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client

from tests.source import ROOT

CSS = ROOT / "static" / "css"
SHEETS = {path.name: path.read_text(encoding="utf-8") for path in sorted(CSS.glob("*.css"))}
TOKENS = SHEETS["tokens.css"]
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|\b(rgb|hsl|oklch|oklab|lab|lch)a?\(")
SIZE = re.compile(r"font(?:-size)?:[^;{}]*?(?<![\w.])(\d*\.?\d+)(px|rem|em|pt)\b")
SMALLEST = {"px": 13, "rem": 0.875, "em": 0.85, "pt": 7}  # 13 px on the screen is --t-s
DECLARED = re.compile(r"(--[\w-]+):\s*(#[0-9a-fA-F]{3,6})\s*;")
# Least ratios: those measured when the palette was chosen.
LEAST = {"light": 4.7, "dark": 5.8}
TEXT = [
    *(
        (ink, ground)
        for ink in ("--ink", "--ink-2")
        for ground in ("--page", "--paper", "--wash", "--wash-2")
    ),
    *((ink, "--page") for ink in ("--ink-3", "--link", "--fail-fg")),
    *(
        (f"--{state}-fg", f"--{state}-bg")
        for state in ("pass", "fail", "near", "unk", "late", "info", "idle")
    ),
    *((f"--on-{state}", f"--{state}") for state in ("pass", "nat", "rev", "late", "idle", "act")),
]
SHAPES = [
    *(
        (shape, "--page")
        for shape in ("--line-2", "--rule", "--focus", "--pass", "--nat", "--late", "--fail")
    ),
    *(
        (shape, "--page")
        for shape in ("--idle-edge", "--gone", "--c-real", "--c-plan", "--c-dot", "--c-limit")
    ),
]
# The units planned for 2022 to 2030 in the annex of the plan.
PLANNED = (4, 2, 5, 7, 4, 5, 9, 2, 3)


def scheme(name: str) -> dict[str, str]:
    """The colours of a scheme: what the dark one does not say again is as in the light one."""
    light, _, rest = TOKENS.partition("@media (prefers-color-scheme: dark)")
    dark, _, _ = rest.partition("@media")
    said = dict(DECLARED.findall(light))
    return said if name == "light" else said | dict(DECLARED.findall(dark))


def luminance(colour: str) -> float:
    """Relative luminance by WCAG 2.2."""
    digits = colour.lstrip("#")
    digits = "".join(2 * digit for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    paler, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (paler + 0.05) / (darker + 0.05)


def test_contrast_is_that_of_the_published_examples() -> None:
    assert contrast("#000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("name", ["light", "dark"])
def test_text_and_shapes_stand_out_on_both_grounds(name: str) -> None:
    colours = scheme(name)
    pale = {pair: round(contrast(colours[pair[0]], colours[pair[1]]), 2) for pair in TEXT}
    assert {pair: ratio for pair, ratio in pale.items() if ratio < LEAST[name]} == {}
    faint = {pair: round(contrast(colours[pair[0]], colours[pair[1]]), 2) for pair in SHAPES}
    assert {pair: ratio for pair, ratio in faint.items() if ratio < 3.0} == {}


def lines(pattern: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    for name, text in SHEETS.items():
        if name != "tokens.css":
            yield from ((name, line.strip()) for line in text.splitlines() if pattern.search(line))


def test_colours_are_decided_in_one_file() -> None:
    assert list(lines(COLOUR)) == []


def test_text_is_never_smaller_than_can_be_read() -> None:
    small = [
        (name, line)
        for name, line in lines(SIZE)
        for size, unit in SIZE.findall(line)
        if float(size) < SMALLEST[unit]
    ]
    assert small == []


def test_every_token_that_is_used_exists() -> None:
    known = set(re.findall(r"(--[\w-]+)\s*:", "".join(SHEETS.values())))
    used = {
        token
        for name, text in SHEETS.items()
        if not name.startswith("admin")  # Django's own sheets name some more
        for token in re.findall(r"var\((--[\w-]+)\)", text)
    }
    assert used - known == set()


def test_the_edge_and_the_mark_are_the_plan() -> None:
    steps = "h1".join(f"v-{units}" for units in PLANNED)
    assert sum(PLANNED) == 41
    for path in ("templates/frame.html", "static/img/icon.svg"):
        assert f"M0 41{steps}h" in (ROOT / path).read_text(encoding="utf-8"), path


def test_own_script_is_light() -> None:
    scripts = b"".join(path.read_bytes() for path in sorted((ROOT / "static" / "js").glob("*.js")))
    assert len(gzip.compress(scripts)) <= 20 * 1024


def test_the_style_guide_is_shown_to_those_who_build_only(
    client: Client, settings: LazySettings, db: None
) -> None:
    assert client.get("/styleguide/").status_code == 404
    settings.DEBUG = True
    assert client.get("/styleguide/").status_code == 200


def test_each_sheet_is_linked_somewhere() -> None:
    templates = "".join(
        path.read_text(encoding="utf-8") for path in Path(ROOT / "templates").rglob("*.html")
    )
    assert {name for name in SHEETS if f"css/{name}" not in templates} == set()

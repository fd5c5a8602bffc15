"""A picture to share: what it is about, the number that carries it, a sentence, a square a unit."""

from collections.abc import Sequence
from typing import Unpack

from .svg import Markup, Words, drawing, element

WIDTH, HEIGHT = 600, 315  # half the pixels that programs ask for
SHARP = 2.0
EDGE, SIDE, STEP = 36, 10, 12.9


def card(
    *,
    head: str,
    large: str,
    lines: Sequence[str],
    squares: Sequence[str],
    **words: Unpack[Words],
) -> Markup:
    """``squares`` are the names of their colours, in the order of the plan."""
    return drawing(
        element("text", head, x=EDGE, y=52, class_="card__head"),
        element("text", large, x=EDGE, y=146, class_="card__large"),
        *(
            element("text", line, x=EDGE, y=186 + 25 * at, class_="card__line")
            for at, line in enumerate(lines)
        ),
        *(
            element(
                "rect", x=EDGE + STEP * at, y=278, width=SIDE, height=SIDE * 1.6, class_=f"f-{kind}"
            )
            for at, kind in enumerate(squares)
        ),
        width=WIDTH,
        height=HEIGHT,
        **words,
    )

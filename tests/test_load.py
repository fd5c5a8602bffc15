"""A last day and a long one on one machine, in the short form of their drills: what is asked is
answered, and every workbook is taken over. Times and memory are the drills' own."""

from pathlib import Path

import pytest

from drills import load, soak
from drills.cluster_parts.servers import NGINX
from drills.load_parts.crowd import Seen, mix, part

pytestmark = pytest.mark.xdist_group("nginx")
served = pytest.mark.skipif(not Path(NGINX).exists(), reason="see preflight.py")
SHARE = 0.03  # 18 of 600 seconds


@served
def test_m52_m85_readers_are_served_beside_clerks_and_a_scraper() -> None:
    """Errors and workbooks are asserted by the drill itself."""
    figures = load.run(SHARE)
    assert figures["uploads"] == 2
    assert 200 < figures["requests"] < 500  # type: ignore[operator]  20 a second


@served
def test_m86_memory_is_watched_while_everything_is_asked_for() -> None:
    figures = soak.run(SHARE / 3)
    assert figures["uploads"] == 2
    assert {"web-1, MB", "primary, MB", "nginx, MB"} <= figures.keys()


def test_the_mix_is_of_a_hundred_parts() -> None:
    assert sum(asked.parts for asked in mix()) == 100


def test_what_nine_of_ten_do_not_exceed() -> None:
    assert part([0.01 * n for n in range(1, 11)], 0.8) == pytest.approx(90)
    assert part([0.5], 0.95) == 500


@pytest.mark.parametrize(
    ("status", "is_well"), [(200, True), (304, True), (503, False), (0, False)]
)
def test_no_answer_and_being_sent_away_are_errors(status: int, is_well: bool) -> None:
    assert Seen("pages", 0, 0.1, status).is_well is is_well

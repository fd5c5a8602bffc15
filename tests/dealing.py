"""Chooses tests and deals them out: what belongs together stays together, the longest go first.

pytest-xdist has ``loadgroup`` for this, but its mark reaches no scheduler under pytest 9.2: a
worker writes the group into ``Item._nodeid``, which pytest no longer reads.
"""

from zlib import crc32

import pytest
from xdist.scheduler import LoadScopeScheduling

# One worker runs all of it, because what it needs takes long to make; both are begun at once.
TOGETHER = ("tests/journeys/", "tests/indicators/calculation/test_against_reference.py")
# The journeys that upload, correct and approve: only these ask the database more than to be read.
WRITING = tuple(f"tests/journeys/test_{name}_" for name in ("j1_j2", "j3", "j5_j6"))
MOST = 24  # tests in one hand: few enough that no worker is left with a long last one


class Dealer(LoadScopeScheduling):  # type: ignore[misc]
    """Hands of tests in the order in which they were collected, each from one file."""

    def __init__(self, config: pytest.Config, log: object = None) -> None:
        config.option.loadscopereorder = False
        super().__init__(config, log)
        self.hands: dict[str, str] = {}
        self.last: tuple[str, int, int] = ("", 0, 0)  # file, number of the hand, tests in it

    def _split_scope(self, nodeid: str) -> str:
        """Which hand a test is in; asked for all tests once, in order, and for each again later."""
        if nodeid not in self.hands:
            group = next((place for place in TOGETHER if nodeid.startswith(place)), "")
            self.hands[nodeid] = group or self._next(nodeid.partition("::")[0])
        return self.hands[nodeid]

    def _next(self, file: str) -> str:
        before, number, size = self.last
        is_full = size == MOST or file != before
        self.last = (file, number + is_full, 1 if is_full else size + 1)
        return f"{file} {self.last[1]}"


def in_order(items: list[pytest.Item]) -> list[pytest.Item]:
    """What is dealt together first; the rest as pytest-django wants it."""
    return sorted(items, key=lambda item: not item.nodeid.startswith(TOGETHER))


def touches_database(item: pytest.Item) -> bool:
    if item.get_closest_marker("journey"):
        return item.nodeid.startswith(WRITING)
    needs = {"db", "transactional_db", "live_server"} & set(getattr(item, "fixturenames", ()))
    return bool(needs) or any(item.iter_markers("django_db"))


def drawn(item: pytest.Item, every: int) -> bool:
    """The same ones each time; what one database cannot run stays with the other."""
    is_for_one = item.get_closest_marker("skipif") is not None
    return is_for_one or crc32(item.nodeid.encode()) % every == 0

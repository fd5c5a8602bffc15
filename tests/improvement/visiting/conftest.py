"""A visit of 沙坪坝区 drawn on one morning."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from districts.models import District, School, User
from improvement.models import Visit
from improvement.services import visit_schools, visits
from selfchecks import clock

MORNING = datetime(2026, 11, 23, 1, tzinfo=UTC)  # nine o'clock in Chongqing

JPG = b"\xff\xd8\xff\xc0\x00\x11\x08\x00\x10\x00\x10\x03" + b"\x00" * 9
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x10\x00\x00\x00\x10"


@pytest.fixture(autouse=True)
def _that_morning() -> Iterator[None]:
    with clock.at(MORNING):
        yield


@pytest.fixture
def visit(shapingba: District, schools: list[School], zhou_inspector: User) -> Visit:
    """Two of the three schools of 沙坪坝区."""
    return visits.draw_schools(district=shapingba, count=2, by=zhou_inspector)


@pytest.fixture
def school(visit: Visit) -> str:
    """The first that was drawn."""
    code: str = visit.sample.schools[0]
    return code


def see_all(visit: Visit, by: User) -> None:
    for code in visit.sample.schools:
        visit_schools.record_school(
            visit=visit, school=code, visited_on=MORNING.date(), words="看了教室和台账", by=by
        )


def finish(visit: Visit, by: User) -> Visit:
    see_all(visit, by)
    return visits.take_step(visit=visit, step="finish", words="总体真实", by=by)

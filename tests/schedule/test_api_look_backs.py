"""Look-backs over REST."""

from collections.abc import Callable

import pytest

from districts.models import User
from schedule.models import LookBack
from tests.schedule.looking_back import case, failing, reach, schools, self_check

__all__ = ["case", "failing", "reach", "schools", "self_check"]
pytestmark = pytest.mark.django_db


def test_look_backs_of_ones_own(
    case: LookBack, chen_officer: User, liu_officer: User, bearer: Callable
) -> None:
    (row,) = bearer(chen_officer).get("/api/v1/look-backs/?state=opened").json()["results"]
    assert (row["district"], row["grade"], row["certified_on"]) == ("500106", "lost", "2025-03-14")
    assert (row["findings"][0]["indicator"], row["findings"][0]["required"]) == ("B7", "6000")
    stranger = bearer(liu_officer)
    assert stranger.get("/api/v1/look-backs/").json()["results"] == []
    assert stranger.get(f"/api/v1/look-backs/{case.pk}/").status_code == 404


def test_a_step_over_rest(case: LookBack, chen_officer: User, bearer: Callable) -> None:
    address = f"/api/v1/look-backs/{case.pk}/steps/"
    client = bearer(chen_officer, "read", "write:selfcheck")
    found = client.get(address)
    assert found.json() == {"state": "opened", "steps": ["plan"]}
    body = {"step": "plan", "comment": "补齐经费，年底前完成", "within": 30}
    assert client.post(address, body, content_type="application/json").status_code == 428
    sent = {"content_type": "application/json", "headers": {"If-Match": found["ETag"]}}
    done = client.post(address, body, **sent)
    assert (done.status_code, done.json()["state"]) == (200, "rectifying")
    assert client.post(address, body, **sent).status_code == 412

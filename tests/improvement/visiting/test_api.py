"""Visits over REST: read by whom their pages are open to, each school with its exact chance."""

from hashlib import sha256
from typing import Any

from districts.models import User
from improvement.models import Visit
from improvement.services import visit_schools
from tests.improvement.visiting.conftest import PNG, finish


def test_a_visit_with_its_schools(
    visit: Visit, school: str, zhou_inspector: User, bearer: Any
) -> None:
    visit_schools.add_finding(
        visit=visit,
        school=school,
        kind="evidence",
        words="台账没有签字",
        photos=[("台账.png", PNG)],
        by=zhou_inspector,
    )
    finish(visit, zhou_inspector)
    client = bearer(zhou_inspector)
    (row,) = client.get("/api/v1/visits/?district=500106&year=2026").json()["results"]
    assert (row["reference"], row["state"], row["words"]) == (
        "500106-2026-1",
        "finished",
        "总体真实",
    )
    told = client.get(f"/api/v1/visits/{row['id']}/").json()
    assert told["seed"] == visit.sample.seed
    assert (told["draws"], told["comes_out_again"]) == (1, True)
    first = next(each for each in told["schools"] if each["code"] == school)
    assert (first["weight"], first["chance"], first["visited_on"]) == (3, "2/3", "2026-11-23")
    (finding,) = first["findings"]
    assert (finding["kind"], finding["words"]) == ("evidence", "台账没有签字")
    assert finding["photos"] == [sha256(PNG).hexdigest()]


def test_a_district_reads_its_own_once_it_is_over(
    visit: Visit, zhou_inspector: User, chen_officer: User, liu_officer: User, bearer: Any
) -> None:
    own, other = bearer(chen_officer), bearer(liu_officer)
    address = f"/api/v1/visits/{visit.pk}/"
    assert own.get(address).status_code == 404
    assert own.get("/api/v1/visits/").json()["results"] == []
    finish(visit, zhou_inspector)
    assert own.get(address).status_code == 200
    assert other.get(address).status_code == 404
    assert own.post("/api/v1/visits/", {}).status_code == 403

"""Who takes which document, over pages and REST."""

from collections.abc import Callable
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest

from districts.models import User
from selfchecks.models import SelfCheck
from tests.papers.conftest import words_of

Reach = Callable[..., SelfCheck]


def test_an_officer_takes_the_documents_of_her_unit(
    reach: Reach, chen_officer: User, signed_in: Any
) -> None:
    reach("approved")
    client = signed_in(chen_officer)
    page = client.get("/papers/").content.decode()
    for address in ("unit-report/500106", "problem-list/500106", "review-opinion/500106-2026"):
        assert f'href="/papers/{address}/"' in page
        answer = client.get(f"/papers/{address}/")
        assert answer.status_code == 200
        assert answer["Content-Disposition"].startswith("attachment")
        assert "沙坪坝" in words_of(answer.content)
    assert "progress-bulletin" not in page


def test_the_citys_people_choose_a_unit(
    reference: None, zhou_inspector: User, signed_in: Any
) -> None:
    client = signed_in(zhou_inspector)
    assert "/papers/progress-bulletin/" in client.get("/papers/").content.decode()
    assert "/papers/unit-report/500151/" in client.get("/papers/?unit=500151").content.decode()
    assert client.get("/papers/?unit=999999").status_code == 400
    assert client.get("/papers/unit-report/500151/").status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "unit-report/500151",
        "problem-list/500151",
        "review-opinion/500151-2026",
        "receipt/500151-2026-003",
        "receipt/nothing",
        "progress-bulletin/2026",
        "nothing/500106",
    ],
)
def test_what_is_not_ones_own_is_not_found(
    reference: None, chen_officer: User, signed_in: Any, address: str
) -> None:
    client = signed_in(chen_officer)
    assert client.get(f"/papers/{address}/").status_code == 404
    if not address.endswith("nothing"):
        assert client.get(f"/api/v1/papers/{address}/").status_code == 404


@pytest.mark.parametrize(("year", "status"), [("2021", 404), ("2024", 200), ("2999", 404)])
def test_the_bulletin_is_of_a_year_that_has_begun(
    reference: None, zhou_inspector: User, signed_in: Any, year: str, status: int
) -> None:
    assert signed_in(zhou_inspector).get(f"/papers/progress-bulletin/{year}/").status_code == status


def test_the_api_gives_the_same_document(
    reference: None, zhou_inspector: User, signed_in: Any
) -> None:
    client = signed_in(zhou_inspector)
    page = client.get("/papers/unit-report/500106/?as_of=2025-03-14")
    answer = client.get("/api/v1/papers/unit-report/500106/?as_of=2025-03-14")
    assert answer.content == page.content
    assert ZipFile(BytesIO(answer.content)).testzip() is None
    again = client.get(
        answer.wsgi_request.get_full_path(), headers={"If-None-Match": answer["ETag"]}
    )
    assert again.status_code == 304


def test_a_day_to_come_is_refused(reference: None, zhou_inspector: User, signed_in: Any) -> None:
    client = signed_in(zhou_inspector)
    for address in ("/papers/", "/api/v1/papers/"):
        assert client.get(f"{address}unit-report/500106/?as_of=2999-01-01").status_code in (
            400,
            422,
        )

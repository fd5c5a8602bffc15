"""J8: the city's report as a Word file in three clicks. J9: an integrator's first ten minutes."""

import json
from collections.abc import Callable
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from django.utils import timezone

from tests.journeys.budgets import Cost, hold
from tests.journeys.clerk import download
from tests.journeys.portal import Portal
from tests.journeys.visitor import Visitor


@pytest.mark.measured
def test_j8_the_report_of_the_year_is_three_clicks_away(visit: Callable[..., Visitor]) -> None:
    reader = visit(scripts=False)
    reader.visit("/accounts/login/?next=/admin/")
    reader.sign_in("inspector")
    reader.click("link", "公文")
    year = timezone.localdate().year
    title = reader.page.locator(f"a[href*='/{year}/']").first.inner_text()
    assert download(reader, title)[:4] == b"PK\x03\x04"
    assert reader.clicks <= 3
    assert reader.complaints == []
    reader.hold("J8")


class Caller:
    """A program with a token; what its calls cost is counted as a person's pages are."""

    def __init__(self, portal: Portal, token: str) -> None:
        self.portal, self.token, self.cost = portal, token, Cost(clicks=1)

    def call(self, path: str, **more: Any) -> tuple[int, dict[str, str], Any]:
        self.cost.clicks += 1
        address = path if path.startswith("http") else f"{self.portal.origin}/api/v1/{path}"
        headers = {"Authorization": f"Bearer {self.token}", **more.pop("headers", {})}
        request = Request(address, headers=headers, **more)
        try:
            with urlopen(request, timeout=30) as answer:
                return self._read(answer)
        except HTTPError as refusal:
            return self._read(refusal)

    def _read(self, answer: Any) -> tuple[int, dict[str, str], Any]:
        headers = {name.lower(): text for name, text in answer.headers.items()}
        self.cost.note_answer(headers)
        content = answer.read()
        return answer.status, headers, json.loads(content) if content else None


@pytest.mark.measured
def test_j9_a_token_a_call_and_what_follows(portal: Portal) -> None:
    token = portal.manage("create_token", "inspector", "--scope", "read,write:hooks").split()[0]
    program = Caller(portal, token)
    status, headers, _page = program.call("schools/?page_size=10")
    assert (status, program.cost.clicks) == (200, 2)  # the token, then the first answer
    same = {"If-None-Match": headers["etag"]}
    assert program.call("schools/?page_size=10", headers=same)[0] == 304

    seen: list[str] = []
    following: str | None = "schools/?page_size=10"
    while following:
        _status, headers, page = program.call(following)
        seen += [row["code"] for row in page["results"]]
        following = page["next"]
        assert ('rel="next"' in headers.get("link", "")) is bool(following)
    assert len(seen) == len(set(seen)) >= 24  # two units with twelve each

    # What cannot be used is named; an address is registered once, and its secret told once.
    body = {"Content-Type": "application/json"}
    wrong = program.call("hooks/", data=b'{"url": "no address"}', headers=body)
    assert (wrong[0], wrong[2]["errors"][0]["pointer"]) == (422, "/url")
    right = json.dumps({"url": "https://example.com/hear"}).encode()
    first, again = (program.call("hooks/", data=right, headers=body) for _time in range(2))
    assert (first[0], first[2]["secret"][:6], again[0]) == (201, "whsec_", 409)
    hold("J9", program.cost)

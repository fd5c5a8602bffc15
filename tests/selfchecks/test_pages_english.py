"""The pages that a bureau's tasks lead to say their own words in English under /en/."""

import re
from collections.abc import Callable
from typing import Any

from django.test import Client

from districts.models import User
from tests.english import api_words, chinese_left, stored_texts

TASKS = "/en/self-checks/500106-2026/"


def test_every_page_the_tasks_lead_to_is_english(
    reach: Any, chen_officer: User, zhao_signatory: User, signed_in: Callable[[User], Client]
) -> None:
    reach("returned")
    data = re.compile(f"{stored_texts().pattern}|{api_words().pattern}")  # as it was handed in
    for person in (chen_officer, zhao_signatory):
        client, seen, ahead = signed_in(person), set(), ["/en/self-checks/", TASKS]
        while ahead:
            page = client.get(path := ahead.pop())
            seen.add(path)
            if page["Content-Type"].startswith("text/html"):
                html = page.content.decode()
                assert (page.status_code, chinese_left(html, data)) == (200, []), path
                links = re.findall(rf'href="({TASKS}[^"#?]*)"', html)
                ahead += [link for link in links if link not in {*seen, *ahead}]
        assert len(seen) >= 8

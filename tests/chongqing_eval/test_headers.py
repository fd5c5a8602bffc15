"""Every page, for whoever may read it, comes with the headers that keep a browser from doing what
we did not write (m46, m47)."""

import re
from typing import Any

import pytest
from django.test import Client

from tests.routes import routes
from tests.test_isolation import PAGE_PARAMETERS

PEOPLE = ("", "chen_officer", "zhou_inspector", "wu_manager", "he_auditor", "yang_keeper")
PAGES = sorted(
    {
        route.filled({**dict.fromkeys(route.parameters, "1"), **PAGE_PARAMETERS})
        for route in routes()
        if "logout" not in route.path
    }
)
# What the policy says beside its own sources, and what it never says.
SAID = {
    "default-src": "'none'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "form-action": "'self'",
}
INLINE = re.compile(r"<script(?![^>]*(\bsrc=|application/(ld\+)?json))|<style|\sstyle=|\son[a-z]+=")


@pytest.mark.parametrize("who", PEOPLE)
def test_m47_every_answer_has_the_strict_policy(
    request: Any, signed_in: Any, reference: None, who: str
) -> None:
    client = signed_in(request.getfixturevalue(who)) if who else Client()
    client.raise_request_exception = False
    wrong = {path: found for path in PAGES if (found := faults_of(client.get(path)))}
    assert wrong == {}


def faults_of(answer: Any) -> list[str]:
    policy = dict(
        part.strip().partition(" ")[::2]
        for part in answer.get("Content-Security-Policy", "").split(";")
    )
    found = [name for name, value in SAID.items() if policy.get(name) != value]
    found += [word for word in ("unsafe", "http:", "*") if word in str(policy)]
    if answer.get("X-Content-Type-Options") != "nosniff":
        found.append("nosniff")
    if not answer.get("Referrer-Policy"):
        found.append("referrer")
    is_page = answer.get("Content-Type", "").startswith("text/html") and not answer.streaming
    if is_page and (inline := INLINE.search(answer.content.decode())):
        found.append(inline[0])
    return found if answer.status_code < 500 else [*found, str(answer.status_code)]

"""An attacker with one account tries every page and every form on it, with whatever value might
help: nobody approves alone, changes what is another unit's, or takes over an account."""

import hashlib
import random
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client

from audit.services import verify
from districts.models import District, User
from districts.models.user import ApiToken
from districts.roles import DISTRICT_ROLES, Role
from selfchecks.models import ReviewEntry, SelfCheck
from selfchecks.workflow import APPROVING, STEPS, SUBMITTING
from tests.conftest import person
from tests.routes import routes
from tests.test_isolation import (
    PAGE_PARAMETERS,
    SCOPED,
    foreign_rows,
    reported,
    shows_nothing,
    world,
)

__all__ = ["reported", "world"]  # fixtures

TRIES = 40
ENDING = ("logout", "set_language", "one-time-link")
PAGES = [route for route in routes() if not route.is_api and route.name not in ENDING]
OWN, OTHER = "500106", "500151"
UNITS = {
    "own": PAGE_PARAMETERS | {"code": OWN, "reference": f"{OWN}-2026"},
    "other": PAGE_PARAMETERS,
}
# Written wherever a form takes a word.
WORDS = (OTHER, f"{OTHER}-2026", "1", "2", "manager", "approved", "true", "", "'; --", "../../etc")
STEP_NAMES = [step.name for step in STEPS]


class Forms(HTMLParser):
    """The forms of a page: what each field holds, and what it offers."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str, dict[str, list[str]]]] = []
        self.chosen = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append((given.get("action", ""), given.get("method", "get").lower(), {}))
        if not self.found:
            return
        fields = self.found[-1][2]
        if tag in ("input", "textarea", "button", "select") and given.get("name"):
            self.chosen = given["name"]
            fields.setdefault(self.chosen, []).append(given.get("value", ""))
        elif tag == "option" and self.chosen:
            fields[self.chosen].append(given.get("value", ""))


def attacks(client: Client, chance: random.Random, tries: int) -> Iterator[Any]:
    """The answers to so many pages opened, each with a form of it sent, twisted or not."""
    for _try in range(tries):
        route, unit = chance.choice(PAGES), chance.choice(["own", "other"])
        names = {name: "1" for name in route.parameters}
        path = route.filled({**names, **UNITS[unit], "object_id": "1", "app_label": "districts"})
        page = client.get(path)
        yield page
        forms = Forms()
        if "html" in page.get("Content-Type", "") and page.status_code == 200:
            forms.feed(page.content.decode())
        sendable = [form for form in forms.found if form[1] == "post" and "logout" not in form[0]]
        action, _method, fields = chance.choice(sendable or [("", "post", {})])
        yield client.post(re.sub(r"^\?.*|^$", path, action), twisted(fields, chance))


def twisted(fields: dict[str, list[str]], chance: random.Random) -> dict[str, str]:
    sent = {name: chance.choice(values) for name, values in fields.items()}
    for name in sent:
        if chance.random() < 0.3:
            sent[name] = chance.choice(WORDS)
    sent |= {"step": chance.choice(STEP_NAMES)} if chance.random() < 0.3 else {}
    return sent | ({"role": Role.MANAGER, "district": "2"} if chance.random() < 0.2 else {})


def digest(rows: Any) -> str:
    return hashlib.sha256(repr(list(rows.order_by("pk").values())).encode()).hexdigest()


def of_others() -> dict[str, str]:
    """What every row of the other unit holds."""
    return {model.__name__: digest(foreign_rows(model)) for model in SCOPED}


def accounts() -> dict[str, list[Any]]:
    """What decides who somebody is; signing in is noted in other columns."""
    rows = User.objects.values_list(
        "username", "role", "reach", "district", "is_active", "password"
    )
    return {name: facts for name, *facts in rows}


@pytest.mark.parametrize("role", Role.values)
def test_an_attacker_with_one_account_gets_no_further(
    reported: dict[str, Any], role: str, times: int
) -> None:
    own = District.objects.get(code=OWN)
    is_district = role in (*DISTRICT_ROLES, Role.CLIENT, Role.DEPARTMENT)
    office = "planning" if role == Role.DEPARTMENT else ""
    attacker = person("attacker", "攻击者", role, own if is_district else None, office)
    client = Client(raise_request_exception=True)
    client.force_login(attacker)
    foreign, people, tokens = of_others(), accounts(), ApiToken.objects.count()
    chance = random.Random(role)
    for answer in attacks(client, chance, TRIES * times):
        assert answer.status_code < 500, answer.wsgi_request.path
        assert not is_district or shows_nothing(answer, reported), answer.wsgi_request.path
    if is_district:
        assert of_others() == foreign
    now = accounts()
    mine, was = now.pop("attacker"), people.pop("attacker")
    assert mine[:4] == was[:4]
    if role != Role.KEEPER:
        assert now == people
    others = ApiToken.objects.exclude(user=attacker).count()
    assert role == Role.KEEPER or others == tokens
    for self_check in SelfCheck.objects.all():
        trail = ReviewEntry.objects.filter(self_check=self_check)
        signed = trail.filter(step__in=SUBMITTING, actor=attacker)
        assert not (signed and trail.filter(step__in=APPROVING, actor=attacker))
    assert verify() is None

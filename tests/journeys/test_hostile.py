"""What people typed and sent is shown as text in every place it goes, and the browser has nothing
to complain of on any page (m16, m27, m47)."""

import json
import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Error

from tests.journeys.portal import Portal, running_portal
from tests.journeys.visitor import Visitor, markup_only

Come = Callable[..., Visitor]
MOST = 70  # pages of a walk, each kind of address once
DO = "window.hit=1"
PIECES = (
    *(f"<script>{DO}</script>", f"<img src=x onerror={DO}>", f"<svg onload={DO}>"),
    *(f"<svg><script>{DO}</script>", f"<body onload={DO}>", f"<input autofocus onfocus={DO}>"),
    *(f"<details open ontoggle={DO}>", f"<iframe srcdoc='<script>parent.{DO}</script>'>"),
    *(f"<a href=javascript:{DO}>x</a>", f"<math><mtext><img src onerror={DO}>"),
    *(f"<style>@import 'x'</style><img src=x onerror={DO}>", f"{{{{{DO}}}}}", f"${{{DO}}}"),
    *(
        f"{{% debug %}}<b onmouseover={DO}>",
        f"]]><script>{DO}</script>",
        f"--><script>{DO}</script>",
    ),
    *(f"</title><script>{DO}</script>", f"</textarea><script>{DO}</script>"),
    *(f"</script><script>{DO}</script>", f"&lt;script&gt;{DO}&lt;/script&gt;"),
)
PAYLOADS = [start + piece for start in ("", '">', "'>") for piece in PIECES]  # 60
# Sixty schools, a person and six messages are called so.
PLANT = """
import json
from datetime import date
from districts.models import District, School, User
from districts.services import people
from improvement.services import feedback
payloads = json.loads(GIVEN)
unit = District.objects.get(code="500106")
for number, text in enumerate(payloads):
    facts = {"district": unit, "name": text[:100], "school_type": "小学", "ownership": "公办"}
    facts |= {"location": "城区", "valid_from": date(2020, 1, 1), "is_demo": True}
    School.objects.update_or_create(code=f"50010688{number:02d}", defaults=facts)
officer = User.objects.get(username="officer_500106")
people.update_user(user=officer, display_name=payloads[21][:40], by=None)
for text in payloads[:6]:
    feedback.receive(by=None, code=text[:8] * 3, text=text * 2, district=unit)
"""


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """One of its own: what is planted stays."""
    with running_portal(tmp_path_factory.mktemp("hostile")) as running:
        yield running


def links_of(reader: Visitor) -> list[str]:
    found = reader.page.eval_on_selector_all("a[href]", "all => all.map(a => a.href)")
    inside = [urlsplit(link) for link in found if link.startswith(reader.portal.origin)]
    return [f"{link.path}?{link.query}" if link.query else link.path for link in inside]


def walk(reader: Visitor, *start: str, inside: str) -> Iterator[str]:
    """Every kind of page that is reached by links, each once, as it stands open."""
    waiting, known = [*start], set()
    while waiting and len(known) < MOST:
        path = waiting.pop(0)
        kind = re.sub(r"=[^&]*|\d+", "#", path)
        if kind in known or not re.match(inside, path) or "logout" in path or "format=" in path:
            continue
        known.add(kind)
        if shown(reader, path):
            yield path
            waiting += links_of(reader)


def shown(reader: Visitor, path: str) -> bool:
    """Whether it is a page; a file is saved, and the browser stays where it was."""
    try:
        return reader.visit(path) == 200
    except Error as refused:
        if "Download is starting" in refused.message:
            return False
        raise


def complaints_of_a_walk(
    reader: Visitor, *start: str, inside: str
) -> tuple[int, dict[str, object]]:
    count, wrong = 0, {}
    for path in walk(reader, *start, inside=inside):
        count += 1
        if reader.complaints or reader.page.evaluate("window.hit"):
            wrong[path] = [*reader.complaints, reader.page.evaluate("window.hit")]
        reader.complaints.clear()
    return count, wrong


@markup_only
@pytest.mark.parametrize(("who", "start"), [("", "/"), ("officer_500106", "/self-checks/")])
def test_m47_the_browser_has_nothing_to_complain_of(visit: Come, who: str, start: str) -> None:
    reader = visit()
    if who:
        reader.visit("/accounts/login/")
        reader.sign_in(who)
    count, wrong = complaints_of_a_walk(reader, start, inside=r"/(?!admin/|api/|en/admin/)")
    assert wrong == {}
    assert count > 10


@markup_only
def test_m27_sixty_payloads_are_text_wherever_they_are_shown(visit: Come, portal: Portal) -> None:
    portal.manage("shell", "-c", PLANT.replace("GIVEN", repr(json.dumps(PAYLOADS))))
    reader = visit()
    hits: list[str] = []
    reader.page.on("dialog", lambda dialog: hits.append(dialog.message))
    reader.visit("/admin/")
    reader.sign_in("manager")
    assert reader.visit("/admin/districts/school/?q=5001068") == 200
    assert PIECES[0] in reader.text
    count, wrong = complaints_of_a_walk(
        reader, "/admin/districts/school/?q=5001068", "/admin/", "/", inside=r"/(?!api/|en/)"
    )
    assert wrong == {}
    assert hits == []
    assert count > 20

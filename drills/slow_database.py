"""Every statement takes 200 ms longer: overviews are there within three seconds for everybody but
the first reader after a change or a start, who is told of too."""

import json
import tempfile
from pathlib import Path

from drills.places import new_place
from tests.everything import postgresql

ROWS = (80,)
DELAY, MOST = 0.2, 3.0
ASK = """
import json, sys, time
from django.db import connection
from django.test import Client
from districts.models import User
def slow(execute, sql, parameters, many, context):
    time.sleep(float(sys.argv[1]))
    count.append(1)
    return execute(sql, parameters, many, context)
found = {}
for path, who in json.loads(sys.argv[2]):
    client = Client(SERVER_NAME="127.0.0.1")
    if who:
        client.force_login(User.objects.get(username=who))
    for turn in ("first", "again"):
        count = []
        with connection.execute_wrapper(slow):
            started = time.monotonic()
            status = client.get(path).status_code
        found[f"{path} {who} {turn}"] = [status, len(count), round(time.monotonic() - started, 2)]
print(json.dumps(found))
"""
BOARD = "/admin/selfchecks/selfcheck/board/"
PAGES = (
    *(("/", ""), ("/roadmap/", ""), ("/districts/500106/", ""), ("/indicators/", "")),
    *(("/self-checks/", "officer_500106"), (BOARD, "inspector"), (BOARD, "manager")),
    *(("/api/v1/districts/", ""), ("/api/v1/self-checks/", "inspector"), ("/admin/", "inspector")),
)


def run(share: float) -> dict[str, object]:
    with postgresql() as url, tempfile.TemporaryDirectory() as folder:
        demo = ("--districts", "500106", "500151", "--schools", "8", "--years", "1")
        place = new_place(Path(folder), url, *demo)
        told = place.python(ASK, str(DELAY), json.dumps(PAGES)).splitlines()[-1]
    found: dict[str, list[float]] = json.loads(told)
    assert all(status == 200 for status, _queries, _seconds in found.values()), found
    again = {page: facts for page, facts in found.items() if page.endswith("again")}
    slow = {page: s for page, (_, _, s) in again.items() if s > MOST}
    assert not slow or share < 1, f"slower than {MOST} s: {slow}"
    first = [facts for page, facts in found.items() if page not in again]
    return {
        "overviews": len(again),
        "slowest": f"{max(s for _, _, s in again.values())} s",
        "first after a change": f"{max(s for _, _, s in first)} s at most",
    }

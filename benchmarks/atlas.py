"""What does the atlas cost? All units × all columns × two years, public and on the desk.

Run with ``python -m benchmarks.atlas``: processor time (median), size, compressed, queries, on
a throw-away SQLite file with the whole city's demonstration data of two years.
"""

import gzip
import tempfile
from typing import Any

from benchmarks.pages import cost, prepare

ROUNDS = 15
DESK = "/admin/schedule/planversion/atlas/"
REQUESTS = (
    ("公开 public", "/atlas/"),
    ("公开全部两年 public, all, two years", "/atlas/?show=all&compare=1"),
    ("市级 desk", DESK),
    ("市级全部两年 desk, all, two years", f"{DESK}?show=all&compare=1"),
    ("市级 Excel desk, Excel", f"{DESK}?show=all&format=xlsx"),
)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        prepare(folder, years=2)
        from django.test import Client

        from districts.models import User
        from schedule.services import atlas

        client = Client(raise_request_exception=True)
        client.force_login(User.objects.get(username="inspector"))

        def cold() -> Any:
            for kept in (atlas._LINES, atlas._SCHOOLS, atlas._OPEN):
                kept.clear()
            return client.get(REQUESTS[3][1], secure=True)

        print(f"{'request':<38}{'CPU ms':>9}{'KB':>8}{'gzip KB':>9}{'queries':>9}")
        for name, address in REQUESTS:
            print(f"{name:<38}{_line(client, address)}")
        print(f"{'市级，新进程 desk, new worker':<38}{cost(cold, 5):>9.1f}")


def _line(client: Any, address: str) -> str:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    milliseconds = cost(lambda: client.get(address, secure=True), ROUNDS)
    with CaptureQueriesContext(connection) as asked:
        content = client.get(address, secure=True).content
    sizes = len(content) / 1024, len(gzip.compress(content)) / 1024
    return f"{milliseconds:>9.1f}{sizes[0]:>8.1f}{sizes[1]:>9.1f}{len(asked):>9}"


if __name__ == "__main__":
    main()

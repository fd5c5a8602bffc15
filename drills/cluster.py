"""A cluster under load whose parts are killed at random: no job is lost or done twice, no commit is
lost, and nobody sees more than one page that asks to try again."""

import json
import random
import ssl
import sys
import time
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPSConnection
from http.cookies import SimpleCookie
from socket import create_connection
from typing import Any
from urllib.parse import urlencode

import psycopg2

from drills.cluster_parts import HOST, PARTS, WORKERS, Cluster, cluster, token_of
from drills.cluster_parts.parts import wait_until

ROWS = (62, 74, 75, 76, 79)
JOBS, RATE = 1000, 20  # a second
JOB_EVERY = 10  # requests; the others read public pages
ROUND = 100  # seconds in which every part is killed once: a short form asks for less at a time
PUBLIC = ("/", "/roadmap/", "/districts/500106/", "/api/v1/progress/", "/api/v1/districts/")
PATIENCE = 8  # tries; nobody has so much
LEFT = 300  # seconds for jobs that wait still when nobody asks any more
BATCHES = "/papers/batches/"
CHECK = """
import json, sys
from collections import Counter
from django_tasks_db.models import DBTaskResult
from audit.models import Entry
from papers.models import Batch
done = Counter(Entry.objects.filter(action="batch.finish").values_list("object_id", flat=True))
ids = list(Batch.objects.order_by("pk").values_list("pk", flat=True))
again = [t for t in DBTaskResult.objects.all() if len(t.worker_ids) > 1]
print(json.dumps({
    "ids": ids,
    "lost": sum(not done[str(pk)] for pk in ids),
    "doubled": sum(done[str(pk)] > 1 for pk in ids),
    "open": Batch.objects.filter(state="waiting").count(),
    "unfinished": DBTaskResult.objects.exclude(status="SUCCESSFUL").count(),
    "again": {str(t.pk): t.started_at.timestamp() for t in again},
}))
"""
YEAR = "from selfchecks.models import SelfCheck; print(SelfCheck.objects.latest('year').year)"
BUSY = """
SELECT t.id
FROM django_tasks_database_dbtaskresult t JOIN audit_worker w ON t.worker_ids->>-1 = w.name
WHERE t.status = 'RUNNING' AND w.place LIKE %s
"""
WAITING = "from papers.models import Batch; print(Batch.objects.filter(state='waiting').count())"


@dataclass
class Reader:
    """Asks as a browser does, each time by a connection of its own."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, **form: str) -> tuple[int, Any]:
        """Status and headers; 0 when there was no connection, or it broke."""
        trusting = ssl._create_unverified_context()  # noqa: S323  the certificate is made here
        line = HTTPSConnection(HOST, timeout=30)
        try:
            raw = create_connection(("127.0.0.1", self.port), timeout=30)
            line.sock = trusting.wrap_socket(raw, server_hostname=HOST)
            line.request(method, path, self._body(form), self._headers(method))
            answer = line.getresponse()
            answer.read()
        except (OSError, HTTPException):
            return 0, {}
        finally:
            line.close()
        for given in answer.headers.get_all("Set-Cookie", ()):
            self.cookies |= {name: each.value for name, each in SimpleCookie(given).items()}
        return answer.status, answer.headers

    def _headers(self, method: str) -> dict[str, str]:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent = {"Cookie": cookies} if cookies else {}
        if method == "POST":
            sent |= {"Referer": f"https://{HOST}/"}
            sent |= {"Content-Type": "application/x-www-form-urlencoded"}
        return sent

    def _body(self, form: dict[str, str]) -> str | None:
        token = {"csrfmiddlewaretoken": token_of(self.cookies)}
        return urlencode(form | token) if form else None


@dataclass
class Seen:
    """What all readers together have seen."""

    answers: Counter[int] = field(default_factory=Counter)
    most_retries: int = 0
    retried: int = 0
    retries_at: list[float] = field(default_factory=list)
    asked: set[int] = field(default_factory=set)

    def visit(self, reader: Reader, method: str, path: str, **form: str) -> None:
        for retries in range(PATIENCE):
            status, headers = reader.ask(method, path, **form)
            self.answers[status] += 1
            if status not in (0, 503):
                break
            self.most_retries = max(self.most_retries, retries + 1)
            self.retried += not retries
            self.retries_at.append(time.time())
            time.sleep(int(headers.get("Retry-After", "5")))
        if method == "POST" and status == 302:
            self.asked.add(int(headers["Location"].rstrip("/").rpartition("/")[2]))


def run(share: float) -> dict[str, object]:
    jobs, chance, seen = max(40, round(JOBS * share)), random.Random(1), Seen()
    with cluster() as made, ThreadPoolExecutor(100) as crowd:
        year = made.python(YEAR)
        manager = signed_in(made.ports["nginx"], made.password)
        visits: list[Future[None]] = []
        asking = crowd.submit(send, crowd, visits, seen, made, manager, jobs, year)
        try:
            killed = kill_parts(made, chance, asking)
        except BaseException:
            made.over.set()  # then nobody asks any more
            raise
        asking.result()
        for visit in visits:
            visit.result()
        wait_until(lambda: made.python(WAITING) == "0", "every batch is made", LEFT)
        told = figures(made, seen, killed)
    if share == 1:  # times are asked for where nobody else uses the machine
        assert seen.most_retries <= 1, told
        assert told["longest wait of one, s"] < 60, told  # type: ignore[operator]
    return told


def signed_in(port: int, password: str) -> Reader:
    reader = Reader(port)
    assert reader.ask("GET", "/accounts/login/")[0] == 200
    status, headers = reader.ask("POST", "/accounts/login/", username="manager", password=password)
    assert status == 302, f"signing in was answered with {status}"
    assert reader.ask("GET", BATCHES)[0] == 200, headers["Location"]
    return reader


def send(
    crowd: ThreadPoolExecutor,
    visits: list[Future[None]],
    seen: Seen,
    made: Cluster,
    manager: Reader,
    jobs: int,
    year: str,
) -> None:
    """As many requests a second as said, whatever becomes of them."""
    began, every = time.monotonic(), max(JOB_EVERY, ROUND * RATE // jobs)
    for number in range(jobs * every):
        if made.over.is_set():
            break
        time.sleep(max(0.0, began + number / RATE - time.monotonic()))
        if number % every:
            visit = (Reader(manager.port), "GET", PUBLIC[number % len(PUBLIC)])
            visits.append(crowd.submit(seen.visit, *visit))
        else:
            clerk = Reader(manager.port, dict(manager.cookies))
            kind = "unit-report" if number // every % 2 else "review-opinion"
            form = {"kind": kind, "year": year}
            visits.append(crowd.submit(seen.visit, clerk, "POST", BATCHES, **form))


def kill_parts(made: Cluster, chance: random.Random, asking: "Future[None]") -> Counter[str]:
    """One after another in drawn order, each at least once; the next when all are back."""
    killed: Counter[str] = Counter()
    while not asking.done() or len(killed) < len(PARTS):
        for name in chance.sample(PARTS, len(PARTS)):
            part = made.parts[name]
            before = part.process
            job = until_busy(made, before) if name in WORKERS else ""
            part.kill()
            made.interrupted |= {job: time.time()} if job else {}
            made.killed_at.append((name, time.time()))
            killed[name] += 1
            wait_until(lambda: part.process is not before and part.answers(), name)  # noqa: B023
            time.sleep(chance.uniform(11, 14))  # who was asked to come back in 10 s has come
    return killed


def until_busy(made: Cluster, process: Any) -> str:
    """A worker dies in the middle of a job, if one comes in time: its number."""
    with suppress(psycopg2.Error), closing(psycopg2.connect(made.url("primary"))) as database:
        database.autocommit = True
        for _attempt in range(300):
            with database.cursor() as cursor:
                cursor.execute(BUSY, [f"%:{process.pid}"])
                if row := cursor.fetchone():
                    return str(row[0])
            time.sleep(0.05)
    return ""


def retries_by_part(made: Cluster, seen: Seen) -> dict[str, int]:
    """After which kill people were asked to try again."""
    found: Counter[str] = Counter()
    for at in seen.retries_at:
        found[
            max((when, name) for name, when in [("none", 0.0), *made.killed_at] if when <= at)[1]
        ] += 1
    return dict(found)


def figures(made: Cluster, seen: Seen, killed: Counter[str]) -> dict[str, object]:
    found = json.loads(made.python(CHECK))
    made.manage("audit_verify")
    anchors = (made.folder / "anchors.txt").read_text().splitlines()
    days = {line[:10] for line in anchors}
    broken = sum(n for status, n in seen.answers.items() if status not in (0, 200, 302, 503))
    begun = found["again"]  # a job that ended before its worker did is not among them
    waited = [begun[job] - at for job, at in made.interrupted.items() if begun.get(job, 0) > at]
    told: dict[str, object] = {
        "jobs": len(found["ids"]),
        "lost": found["lost"] + found["open"] + found["unfinished"],
        "doubled": found["doubled"],
        "commits lost": len(seen.asked - set(found["ids"])),
        "answers": sum(seen.answers.values()),
        "visits with one retry page": seen.retried,
        "most retry pages of one visit": seen.most_retries,
        "other answers": broken,
        "kills": killed.total(),
        "jobs begun again": len(found["again"]),
        "longest wait of one, s": round(max(waited, default=0)),
        "anchors of a day": len(anchors) / max(1, len(days)),
    }
    print(told, retries_by_part(made, seen), flush=True)
    for name in ("lost", "doubled", "commits lost", "other answers"):
        assert told[name] == 0, (name, told)
    assert len(anchors) == len(days), anchors
    return told


if __name__ == "__main__":
    run(float(sys.argv[1]) if sys.argv[1:] else 1.0)

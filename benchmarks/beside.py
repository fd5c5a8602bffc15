"""Is the portal slower than another state of it? Both measured in one run, turn by turn.

Run with ``BASE=FOLDER python -m benchmarks.beside``, where FOLDER is a clone of the other state.
Verdicts by the clock; an upload's answer (400 schools, ``?dry_run=true``) as processor time of the
worker and the child that opens the file, and the most memory of both; pages as processor time over
a city's demonstration data of two and of six years. Prints medians and ratios.
"""

import json
import os
import secrets
import subprocess
import sys
import tempfile
from inspect import getsource
from pathlib import Path
from statistics import median

from benchmarks.memory import peak

HERE = Path(__file__).resolve().parent.parent
ROUNDS = 3
NAMES = {
    "district": "结论:区县 300 所 verdicts, ms",
    "city": "结论:全市 5,000 所 verdicts, ms",
    "nation": "结论:全国 200,000 所 verdicts, ms",
    "answer": "上传的答复 answer to an upload, s",
    "memory": "上传的内存 memory of an upload, MB",
    "home": "首页 home, ms",
    "day": "首页按日期,不留存 home as of a day, made anew, ms",
}
VERDICTS = """
import json
from benchmarks.calculation import SIZES, measure
from benchmarks.contenders import CONTENDERS
from benchmarks.samples import make_sample
found = {}
for label, schools, districts in SIZES:
    with CONTENDERS["ours"].prepare(make_sample(schools, districts)) as call:
        found[label.split()[-1]] = measure(call).own_seconds * 1000
print(json.dumps(found))
"""
HOME = """
import json, tempfile
from benchmarks.pages import cost, prepare
with tempfile.TemporaryDirectory() as folder:
    prepare(folder)
    from django.test import Client
    pages, client = {"home": "/", "day": "/?as_of=2026-11-01"}, Client()
    asked = {name: lambda page=page: client.get(page, secure=True) for name, page in pages.items()}
    assert all(ask().status_code == 200 for ask in asked.values())
    print(json.dumps({name: cost(ask) for name, ask in asked.items()}))
"""
UPLOAD = (
    getsource(peak)
    + """
import io, json, os, resource
from contextlib import redirect_stdout
from chongqing_eval import wsgi
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
with redirect_stdout(io.StringIO()):
    call_command("migrate", verbosity=0)
    call_command("load_reference")
    call_command("load_demo", "--districts", "500106", "--schools", "400", "--years", "1")
from tests.journeys.clerk import OPEN, fill
exec(OPEN.format(code="500106", year=2030))
from districts.models import User
client = Client(SERVER_NAME="localhost")
client.force_login(User.objects.get(username="officer_500106"))
task = "/api/v1/self-checks/500106-2030/"
book = fill(client.get(task + "template/", secure=True).content)
def spent():
    time = os.times()
    return time.user + time.system + time.children_user + time.children_system
before = spent()
file = SimpleUploadedFile("a.xlsx", book)
answer = client.post(task + "uploads/?dry_run=true", {"file": file}, secure=True)
answered = spent() - before  # the first look: what was read once is remembered
assert answer.status_code == 200, answer.content[:500]
child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
print(json.dumps({"answer": answered, "memory": max(peak(), child)}))
"""
)
# Who asks for which page; {review} is the key of a self-check in review, {result} its reference.
PAGES = {
    "各校结果列表 list of unit results": ("inspector", "/admin/selfchecks/unitresult/"),
    "复核页 review of a submission": ("inspector", "/admin/selfchecks/selfcheck/{review}/review/"),
    "我的待办 work of an inspector": ("inspector", "/admin/selfchecks/selfcheck/work/"),
    "测算结果 result of a submission": ("inspector", "/self-checks/{result}/result/"),
}
YEARS = (2, 6)
ASK = """
import io, json, time
from contextlib import redirect_stdout
from statistics import median
from chongqing_eval import wsgi
from django.core.management import call_command
from django.test import Client
with redirect_stdout(io.StringIO()):
    call_command("migrate", verbosity=0)
    call_command("load_reference")
    call_command("load_demo", "--years", "{years}")
from districts.models import User
from selfchecks.models import SelfCheck
row = SelfCheck.objects.filter(state="in_review").order_by("pk")[0]
named = {{"review": row.pk, "result": f"{{row.district.code}}-{{row.year}}"}}
found = {{}}
for name, (username, path) in {pages}.items():
    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.get(username=username))
    spent = []
    for _round in range(12):
        started = time.process_time()
        answer = client.get(path.format(**named), secure=True)
        spent.append((time.process_time() - started) * 1000)
        assert answer.status_code == 200, (path, answer.status_code)
    found[name + ", first, ms"] = spent[0]
    found[name + ", ms"] = median(spent[2:])
    found[name + ", KB"] = len(answer.content) / 1024
print(json.dumps(found))
"""


def measured(tree: Path, script: str) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        outside = {
            **os.environ,
            "PYTHONPATH": str(tree),
            "DJANGO_SETTINGS_MODULE": "chongqing_eval.settings",
            "DEBUG": "1",
            "SECRET_KEY": secrets.token_urlsafe(64),
            "DATABASE_URL": f"sqlite:///{folder}/bench.sqlite3",
            "MEDIA_ROOT": folder,
        }
        done = subprocess.run(
            [sys.executable, "-c", script],
            cwd=tree,
            env=outside,
            stdout=subprocess.PIPE,
            check=True,
            text=True,
        )
    return dict(json.loads(done.stdout.splitlines()[-1]))


def print_beside(label: str, before: float, after: float) -> None:
    print(f"{label:<64}{before:>10.2f}{after:>10.2f}{after / before:>11.2f}", flush=True)


def main() -> int:
    base = os.environ.get("BASE", "")
    if not base:
        print("与另一份代码比较:BASE=目录 make bench")
        return 0
    trees = {"base": Path(base).resolve(), "ours": HERE}
    found: dict[str, list[dict[str, float]]] = {name: [] for name in trees}
    for _round in range(ROUNDS):
        for name, tree in trees.items():
            scripts = (VERDICTS, UPLOAD, HOME)
            found[name].append({k: v for one in scripts for k, v in measured(tree, one).items()})
    print(f"{'':<64}{'base':>10}{'ours':>10}{'ours/base':>11}")
    for what, label in NAMES.items():
        print_beside(label, *(median(row[what] for row in found[name]) for name in trees))
    for years in YEARS:
        script = ASK.format(years=years, pages=PAGES)
        before, after = (measured(tree, script) for tree in trees.values())
        for label, was in before.items():
            print_beside(f"{years} 年 {label}", was, after[label])
    print("测试的时间 tests' wall time: `time make test` in each tree, on an idle machine")
    return 0


if __name__ == "__main__":
    sys.exit(main())

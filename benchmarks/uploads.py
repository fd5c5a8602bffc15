"""How fast is a district's workbook, beside django-import-export? 400 schools, all raw fields.

Run with ``python -m benchmarks.uploads``. Each side looks at the file and then imports it, creating
and updating, on a throw-away SQLite file and on a PostgreSQL server of its own.
"""

import os
import resource
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from decimal import Decimal
from io import StringIO
from statistics import median
from typing import Any, NamedTuple

from benchmarks.memory import peak
from tests.everything import postgresql

SCHOOLS, ROUNDS = 400, 5
WHOSE = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
HEAD = f"{'':<14}{'look':>6}{'all: ours':>12}{'import-export':>15}{'×':>6}" + (
    f"{'rows: ours':>12}{'import-export':>15}{'×':>6}"
)
EXPLAINED = """\
全过程 all:本站 = 打开文件、读值、检查、比对、测算、答复(look),再检查、存文件、写入、留痕(keep)
  import-export = 打开文件、默认 ModelResource 的 dry_run、导入;没有检查、测算和留痕
同样的行 rows:两边都不算打开文件,本站也不算测算:已读出的行,校验、预览、写入数据库
秒数是本进程和子进程的处理器时间,{rounds} 次的中位数;PostgreSQL 服务器自己用的不在内"""


class Cost(NamedTuple):
    """Seconds of the steps; ``look`` contains ``opening`` and not ``judging``."""

    opening: float
    look: float
    judging: float
    keep: float

    def whole(self) -> float:
        return self.look + self.judging + self.keep

    def rows(self) -> float:
        return self.look - self.opening + self.keep


def prepare(folder: str) -> None:
    os.environ.update(
        DJANGO_SETTINGS_MODULE="chongqing_eval.settings",
        DEBUG="0",
        SECRET_KEY=secrets.token_urlsafe(64),
        AUDIT_KEYS=secrets.token_urlsafe(64),
        ALLOWED_HOSTS="testserver",
        MEDIA_ROOT=folder,
    )
    from django.conf import settings
    from django.core.management import call_command

    from chongqing_eval import wsgi  # noqa: F401  as a web worker is, for both sides

    settings.IS_TRIAL = True
    with redirect_stdout(StringIO()):
        call_command("migrate", verbosity=0)
        call_command("load_reference")
        call_command("load_demo", districts=["500106"], schools=SCHOOLS, years=1)


def timed(call: Callable[[], Any]) -> tuple[float, Any]:
    started = _processor()
    answer = call()
    return _processor() - started, answer


def _processor() -> float:
    """Seconds of this process and of the children it has waited for."""
    return sum(used.ru_utime + used.ru_stime for used in map(resource.getrusage, WHOSE))


def workbooks(self_check: Any) -> Iterator[bytes]:
    """The unit's workbook again and again, each time with one figure of every school changed."""
    from selfchecks.demo import filled
    from selfchecks.services.demo import payload_of
    from selfchecks.workbook.template import Prefill

    names = dict(self_check.standard.indicators.values_list("code", "name"))
    unit = self_check.district
    given = Prefill(self_check.year, unit.code, unit.name, indicator_names=names)
    payload = payload_of(self_check, seed=1)
    for more in range(4 * ROUNDS + 1):
        changed = [
            (place, "equipment_value", Decimal(row["equipment_value"]) + more)
            for place, row in enumerate(payload["schools"])
        ]
        yield filled(given, payload, changed)


def ours(self_check: Any, content: bytes, by: Any) -> Cost:
    """A worker that has never seen the file looks at it and then takes it over."""
    from selfchecks.services import checking, uploads
    from selfchecks.services.checking import answer_of_preview
    from selfchecks.workbook.examine import open_book

    checking._READINGS.forget()
    given = {"self_check": self_check, "content": content, "name": "a.xlsx"}
    opening, _book = timed(lambda: open_book(content, "a.xlsx"))
    look, checked = timed(lambda: checking.preview(**given))
    judging, _answer = timed(lambda: answer_of_preview(checked))
    keep, _kept = timed(lambda: uploads.keep(**given, by=by))
    return Cost(opening, look, judging, keep)


def theirs(self_check: Any, content: bytes, _by: Any) -> Cost:
    """A plain ModelResource with all its defaults: open the file, dry run, import."""
    from import_export import resources
    from import_export.formats.base_formats import XLSX

    from districts.models import School
    from figures.table import SCHOOL_FIELDS
    from selfchecks.models import SchoolRecord
    from selfchecks.workbook.reading import CODE_ROW, FIRST_DATA_ROW

    upload = self_check.uploads.last()
    codes = [raw.code for raw in SCHOOL_FIELDS]
    schools = dict(School.objects.values_list("code", "pk"))

    class Plain(resources.ModelResource):
        class Meta:
            model = SchoolRecord
            fields = tuple(codes)
            import_id_fields = ("school_code",)

        def before_save_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
            instance.self_check, instance.upload = self_check, upload
            instance.school_id = schools[instance.school_code]

    def opened() -> Any:
        table = XLSX().create_dataset(content)
        del table[: FIRST_DATA_ROW - 1 - CODE_ROW]  # labels and rules
        for place, row in enumerate(table):  # 不适用 is nothing a plain resource knows
            table[place] = [None if value == "不适用" else value for value in row]
        return table

    def run(*, is_dry: bool) -> None:
        result = Plain().import_data(table, dry_run=is_dry, raise_errors=True)
        if result.has_validation_errors():
            raise RuntimeError("the plain import refuses the same rows")

    opening, table = timed(opened)
    dry_run, _ = timed(lambda: run(is_dry=True))
    return Cost(opening, opening + dry_run, 0, timed(lambda: run(is_dry=False))[0])


def measure() -> None:
    from districts.models import User
    from selfchecks.models import SchoolRecord, SelfCheck

    SelfCheck.objects.update(state="draft")
    self_check = SelfCheck.objects.select_related("district", "standard").get()
    by = User.objects.get(username="officer_500106")
    files = workbooks(self_check)
    ours(self_check, next(files), by)  # statements and patterns are compiled once per worker
    show_memory()
    print(HEAD)
    for name, is_new in (("新建 create", True), ("更新 update", False)):
        own, other = [], []
        for _round in range(ROUNDS):
            for costs, run in ((own, ours), (other, theirs)):
                if is_new:
                    SchoolRecord.objects.all().delete()
                costs.append(run(self_check, next(files), by))
        show(name, own, other)


def show(name: str, own: list[Cost], other: list[Cost]) -> None:
    print(f"{name:<12}{median(cost.look + cost.judging for cost in own):>6.2f}", end="")
    for part in (Cost.whole, Cost.rows):
        mine, plain = (median(map(part, costs)) for costs in (own, other))
        print(f"{mine:>12.2f}{plain:>15.2f}{plain / mine:>6.1f}", end="")
    print(flush=True)


def show_memory() -> None:
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    shared = f"读文件的子进程 child {child:.0f} MB(多半与前者共有)"
    print(f"内存峰值 peak memory {peak():.0f} MB,{shared}")


def main() -> int:
    """Here when a database is named, else once on each."""
    with tempfile.TemporaryDirectory() as folder:
        if os.environ.get("DATABASE_URL"):
            prepare(folder)
            measure()
            return 0
        print(EXPLAINED.format(rounds=ROUNDS))
        failed = again("SQLite", f"sqlite:///{folder}/bench.sqlite3")
    with postgresql() as url:
        return failed | again("PostgreSQL", url)


def again(database: str, url: str) -> int:
    print(f"\n{database}", flush=True)
    command = [sys.executable, "-m", "benchmarks.uploads"]
    return subprocess.run(command, env={**os.environ, "DATABASE_URL": url}).returncode


if __name__ == "__main__":
    sys.exit(main())

"""What do documents cost? 41 reports with a chart, 180 school plans in a volume, their PDFs.

Run with ``python -m benchmarks.papers``. Processor time, on one district's demonstration data; the
naive way starts a process for each report. Memory is that of a process which does nothing else:
loading the demonstration takes more. Exit code 1 when a limit is not kept.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.memory import peak
from benchmarks.pages import prepare

REPORTS, SCHOOLS, MEASURES, STARTED = 41, 180, 4, 3
MOST = {"reports": 4.0, "volume": 1.0, "pdf": 8.0, "memory": 250.0}  # s, s, s, MB
MAKE = "--make"


def main() -> int:
    if sys.argv[1:2] == [MAKE]:
        return make(int(sys.argv[2]))
    with tempfile.TemporaryDirectory() as folder:
        prepare(folder)
        found = {"reports": reports(Path(folder)), "volume": volume()}
        found["memory"] = memory()
        found["pdf"], waited = to_pdf(Path(folder))
        show(f"{REPORTS} 份单位报告 reports", found["reports"], "s CPU", MOST["reports"])
        show("  每份一个进程 a process each", naive(), "s CPU")
        show(f"{SCHOOLS} 所学校汇编 volume", found["volume"], "s CPU", MOST["volume"])
        show("内存峰值 peak memory", found["memory"], "MB", MOST["memory"])
        if found["pdf"]:
            show(f"{REPORTS} 份转 PDF", found["pdf"], "s CPU", MOST["pdf"])
            show("  等了 by the clock", waited, "s")
        else:
            print("没有 LibreOffice Writer，PDF 没有测量；请运行 python preflight.py office。")
        return int(any(found[name] > most for name, most in MOST.items()))


def show(name: str, value: float, unit: str, most: float | None = None) -> None:
    limit = f"  ≤ {most:g}" if most else ""
    print(f"{name:<34}{value:>9.2f} {unit}{limit}")


def cpu(work: Callable[[], Any]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def report() -> bytes:
    from districts.models import District
    from papers.names import Name
    from papers.services.making import make
    from schedule.services.reading import today

    return make(Name.UNIT_REPORT, District.objects.get(code="500151"), today())


def reports(folder: Path) -> float:
    """From the database to bytes, the first one's warming up included."""

    def all_of_them() -> None:
        for number in range(REPORTS):
            (folder / f"{number}.docx").write_bytes(report())

    return cpu(all_of_them)


def memory() -> float:
    """Peak of a process that makes all of them, in MB."""
    return float(start(REPORTS))


def start(count: int) -> str:
    command = [sys.executable, "-m", "benchmarks.papers", MAKE, str(count)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def naive() -> float:
    """Some processes of one report each, taken times so many."""
    before = by_others()
    for _number in range(STARTED):
        start(1)
    return (by_others() - before) / STARTED * REPORTS


def by_others() -> float:
    """Processor time of the processes that were started and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def make(count: int) -> int:
    """In a process of its own, on the database that the settings in the environment name; says
    how much memory it took, in MB."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "chongqing_eval.settings"
    import django

    django.setup()
    for _number in range(count):
        report()
    print(peak())
    return 0


def volume() -> float:
    """The fields of a volume through its template."""
    from documents.fields import sample, shipped
    from documents.rendering import rendered

    fields = sample("school-plan-volume")
    plan, measure = fields["plans"][0], fields["plans"][0]["measures"][0]
    fields["plans"] = [{**plan, "measures": [measure] * MEASURES} for _school in range(SCHOOLS)]
    template = shipped("school-plan-volume")
    return cpu(lambda: rendered(template, fields))


def to_pdf(folder: Path) -> tuple[float, float]:
    """Processor time and by the clock, LibreOffice started once for all; 0 where there is none."""
    paths = [folder / f"{number}.docx" for number in range(REPORTS)]
    command = ["soffice", f"-env:UserInstallation=file://{folder}/office", "--headless"]
    command += ["--convert-to", "pdf", "--outdir", str(folder)]
    try:
        subprocess.run([*command, str(paths[0])], capture_output=True, check=False)  # its profile
        began, before = time.perf_counter(), by_others()
        subprocess.run([*command, *map(str, paths)], capture_output=True, check=False)
    except FileNotFoundError:
        return 0, 0
    spent = by_others() - before, time.perf_counter() - began
    return spent if all(path.with_suffix(".pdf").exists() for path in paths) else (0, 0)


if __name__ == "__main__":
    sys.exit(main())

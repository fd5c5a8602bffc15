"""How long does a hostile workbook keep a worker busy? One line per row of the fault matrix.

Run with ``python -m benchmarks.hostile``. Processor time from the bytes to the answer, the child
process that opens a file included.
"""

import os
import struct
import sys
from collections.abc import Callable
from functools import partial
from secrets import token_urlsafe
from statistics import median

import django

from benchmarks.uploads import timed
from selfchecks.workbook.examine import examine
from tests.workbooks import packages
from workbooks.findings import Refused

ROUNDS = 7
LONGEST_MS = 200
FILES: tuple[tuple[str, str, Callable[[], bytes]], ...] = (
    ("1", "解压炸弹 zip bomb, 60 MB", packages.zip_bomb),
    ("1", "高压缩比 high ratio", packages.ratio_bomb),
    ("2", "部件过多 10,000 parts", packages.many_parts),
    ("3", "部件重叠 overlapping entries", packages.overlapping),
    ("4", "虚报大小 lying sizes", packages.lying_size),
    ("5", "远处单元格 far cell", packages.far_cell),
    ("6", "巨大合并 huge merge", packages.huge_merge),
    ("8", "实体展开 billion laughs", packages.billion_laughs),
    ("8", "平方膨胀 quadratic", packages.quadratic),
    ("9", "外部实体 XXE", lambda: packages.external_entity("file:///etc/passwd")),
    ("10", "共享文字炸弹 string bomb", packages.string_bomb),
    ("11", "改名的 PDF renamed", lambda: packages.RENAMED["pdf"]),
    ("12", "尾随内容 trailing bytes", lambda: packages.clean() + packages.HTML),
    ("13", "宏 macros", packages.macro_workbook),
    ("14", "加密 encrypted", packages.encrypted),
    ("15", "部件路径外逃 path traversal", lambda: packages.with_part("../../x.xml")),
    ("18", "病毒 virus, scanner says so", packages.clean),
)
# Evidence: the name it comes under and its bytes.
EVIDENCE: tuple[tuple[str, str, str, bytes], ...] = (
    ("16", "脚本 SVG", "a.svg", b"<svg onload=alert(1)>"),
    ("16", "改名的网页 HTML as PDF", "a.pdf", b"<html><script>"),
    (
        "17",
        "像素洪水 pixel flood, PNG",
        "a.png",
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 50_000, 50_000),
    ),
    (
        "17",
        "段落洪水 segment flood, 10 MB JPEG",
        "a.jpg",
        b"\xff\xd8" + b"\xff\xe0\0\x02" * 2_600_000,
    ),
    (
        "17",
        "图后的段落洪水 flood behind a frame",
        "a.jpg",
        b"\xff\xd8\xff\xc0\0\x0b\x08\0\x08\0\x08\x01\x01\x11\0" + b"\xff\xe0\0\x02" * 2_600_000,
    ),
)
ACCEPTED = ("7", "带格式的空行 formatted blank rows, 1,048,570", packages.blank_rows)


def answer(content: bytes, *, is_infected: bool = False) -> str:
    """The state in which the file is refused, or that it was read."""
    try:
        examine(content, "自查.xlsx", scan=lambda _: "EICAR" if is_infected else None)
    except Refused as refused:
        return refused.state
    return "read"


def answer_to_evidence(content: bytes, name: str) -> str:
    from audit.refusals import Refused as EvidenceRefused
    from selfchecks.contents import as_kept, kind_of

    try:
        kind = kind_of(content, name)
        as_kept(content, kind)
        return kind
    except EvidenceRefused as refused:
        return str(refused.code)


def main() -> int:
    prepare()
    print(f"{'FAULTS':<8}{'ms':>7}  {'answer':<15}")
    times = [
        *(
            show(row, name, partial(answer_to_evidence, content, file))
            for row, name, file, content in EVIDENCE
        ),
        *(
            show(row, name, partial(answer, build(), is_infected=row == "18"))
            for row, name, build in (*FILES, ACCEPTED)
        ),
    ]
    slowest = max(times[:-1])
    print(f"拒绝最慢 slowest refusal {slowest:.0f} ms,上限 {LONGEST_MS} ms")
    return int(slowest > LONGEST_MS)


def prepare() -> None:
    os.environ.update(
        DJANGO_SETTINGS_MODULE="chongqing_eval.settings",
        DEBUG="0",
        SECRET_KEY=token_urlsafe(64),
        AUDIT_KEYS=token_urlsafe(64),
        ALLOWED_HOSTS="testserver",
    )
    django.setup()


def show(row: str, name: str, refuse: Callable[[], str]) -> float:
    times, state = [], ""
    for _round in range(ROUNDS):
        spent, state = timed(refuse)
        times.append(spent * 1000)
    print(f"{row:<8}{median(times):>7.1f}  {state:<15}{name}", flush=True)
    return median(times)


if __name__ == "__main__":
    sys.exit(main())

"""Judges a file of figures by the national standard; needs no database and stores nothing."""

import codecs
import json
import sys
from contextlib import nullcontext
from io import BytesIO
from pathlib import Path
from typing import Any, NoReturn

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from chongqing_eval.evaluation_report import report
from figures.shown import Places
from indicators.calculation.evaluate import evaluate
from indicators.calculation.problems import UnusableInput
from indicators.calculation.rules import Rules
from indicators.calculation.rules_2017 import STANDARD_2017, STANDARD_2017_1
from indicators.models import Indicator
from indicators.presenting import Presented
from indicators.refusals import sentence_of
from indicators.services.loading import names_2017
from rest.parsers import StrictJsonParser
from rest.problems import Unreadable
from selfchecks.services.reported import from_reading
from selfchecks.workbook.examine import examine
from workbooks.findings import Refused

PASSED, NOT_PASSED, UNUSABLE = 0, 1, 2
LARGEST = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
MOST_PROBLEMS = 50


class UnusableFile(Exception):
    """The input cannot be evaluated; every problem with its place and words."""

    def __init__(self, *problems: tuple[str, str]) -> None:
        super().__init__()
        self.problems = [{"place": place, "detail": detail} for place, detail in problems]


class Command(BaseCommand):
    help = (
        "按 2017 年标准(最新的一版)测算一份数据并说明结论,不连数据库,不保存。"
        "退出码:0 达标,1 不达标或无法判定,2 数据不能用。"
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="自查工作簿(.xlsx)、JSON 文件,或 - 从标准输入读 JSON")
        parser.add_argument("--json", action="store_true", help="以 JSON 给出全部结果")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            payload = payload_of(options["file"])
            rules = rules_asked_by(payload)
            outcome = evaluate(payload, rules)
        except UnusableFile as refusal:
            refuse(self, refusal.problems, options["json"])
        except UnusableInput as refusal:
            problems = [{"place": p.pointer, "detail": sentence_of(p)} for p in refusal.problems]
            refuse(self, problems, options["json"])
        if options["json"]:
            self.stdout.write(json.dumps(outcome.as_dict(), ensure_ascii=False, indent=2))
        else:
            names = names_2017().items()
            rows = [Indicator(code=code, name=name) for code, name in names]
            page = Presented(outcome, rows, Places.of(rules))
            self.stdout.writelines(f"{line}\n" for line in report(page))
        if outcome.verdict != "met":
            sys.exit(NOT_PASSED)


def refuse(command: BaseCommand, problems: list[dict[str, str]], as_json: bool) -> NoReturn:
    """Say every reason and end."""
    if as_json:
        command.stdout.write(json.dumps({"errors": problems}, ensure_ascii=False, indent=2))
        sys.exit(UNUSABLE)
    command.stderr.write(_("数据不能用，没有测算。共 %s 处问题：") % len(problems))
    for problem in problems[:MOST_PROBLEMS]:
        command.stderr.write(f"  {problem['place']} {problem['detail']}".replace("   ", "  "))
    if more := len(problems[MOST_PROBLEMS:]):
        command.stderr.write(_("  另有 %s 处；用 --json 看全部。") % more)
    sys.exit(UNUSABLE)


def payload_of(name: str) -> Any:
    """The figures of a JSON file, of a workbook or of the standard input."""
    content = _content_of(name)
    if name != "-" and Path(name).suffix.lower() != ".json":
        return _of_workbook(content, Path(name).name)
    try:
        return StrictJsonParser().parse(BytesIO(content.removeprefix(codecs.BOM_UTF8)))
    except Unreadable as refusal:
        found = [(error["pointer"], error["detail"]) for error in refusal.errors]
        raise UnusableFile(*(found or [("", str(refusal.detail))])) from refusal


def _content_of(name: str) -> bytes:
    try:
        with nullcontext(sys.stdin.buffer) if name == "-" else Path(name).open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        words = _("读不到文件「%(name)s」：%(why)s") % {"name": name, "why": error.strerror}
        raise UnusableFile(("", words)) from error
    if len(content) > LARGEST:
        raise UnusableFile(("", _("文件超过 %s MB。") % (LARGEST // 1024 // 1024)))
    return content


def _of_workbook(content: bytes, name: str) -> dict[str, Any]:
    try:
        reading = examine(content, name)
    except Refused as refusal:
        raise UnusableFile(("", refusal.finding.render(_))) from refusal
    if reading.errors:
        raise UnusableFile(*((each.place, each.render(_)) for each in reading.errors))
    return {"standard": STANDARD_2017_1.standard, **from_reading(reading).payload()}


def rules_asked_by(payload: Any) -> Rules:
    """The first version where the figures ask for it as 2017.0, else the newest."""
    code = payload.get("standard") if isinstance(payload, dict) else None
    return STANDARD_2017 if code == f"{STANDARD_2017.standard}.0" else STANDARD_2017_1

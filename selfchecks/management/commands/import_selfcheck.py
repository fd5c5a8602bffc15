"""Takes a filled workbook in from the command line, exactly as the page would."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from audit.refusals import Refused
from districts.models import User
from selfchecks.models import SelfCheck
from selfchecks.services import uploads
from selfchecks.services.checking import answer_of_preview, identity_of, preview
from selfchecks.services.findings import Answer, answer_of_upload

WORDS = {
    "kept": gettext_noop(
        "已采用为第 %(number)s 版：%(schools)s 所学校，%(warning)s 个警告，%(notice)s 个提示。"
    ),
    "unchanged": gettext_noop("与现行的第 %(number)s 版是同一个文件，没有变化。"),
    "refused": gettext_noop("没有采用：%(error)s 个错误，%(warning)s 个警告，%(notice)s 个提示。"),
    "usable": gettext_noop(
        "可以采用：%(schools)s 所学校，%(warning)s 个警告，%(notice)s 个提示（试读，未保存）。"
    ),
}


class Command(BaseCommand):
    help = (
        "读入一份填好的自查工作簿。年度和区县取自文件里的标记,也可以用 --year、--district 指明。\n"
        "退出码:0 已采用或没有变化(试读时:没有错误),1 有错误,2 不能使用。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="工作簿(.xlsx 或 .csv)")
        parser.add_argument("--by", required=True, metavar="USER", help="以哪个账号的名义")
        parser.add_argument("--year", type=int, help="年度;文件里没有标记时需要")
        parser.add_argument("--district", help="区县代码;不写则取文件的标记或账号的区县")
        parser.add_argument("--dry-run", action="store_true", help="只检查,不保存")
        parser.add_argument("--json", action="store_true", help="输出 JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            answer = self._answer(options)
        except Refused as refused:
            raise CommandError(str(refused), returncode=2) from refused
        except Http404 as missing:
            raise CommandError(_("这份自查不在该账号的范围内。"), returncode=2) from missing
        self._show(answer, as_json=options["json"])
        if answer["status"] == "refused":
            sys.exit(1)

    def _answer(self, options: dict[str, Any]) -> Answer:
        path = Path(options["file"])
        content, by = _content_of(path), _person(options["by"])
        self_check = _self_check(content, path.name, by, options["year"], options["district"])
        given: dict[str, Any] = {"self_check": self_check, "content": content, "name": path.name}
        if options["dry_run"]:
            return answer_of_preview(preview(**given))
        try:
            kept = uploads.keep(**given, by=by)
        except uploads.HasErrors as errors:
            return answer_of_upload(errors.upload)
        return answer_of_upload(kept.upload, is_unchanged=kept.is_unchanged)

    def _show(self, answer: Answer, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2))
            return
        facts = {"number": answer["number"], "schools": answer["schools"], **answer["counts"]}
        self.stdout.write(_(WORDS[answer["status"]]) % facts)
        for found in answer["findings"]:
            place = f"{found['sheet']}!{found['cell']}" if found["cell"] else found["sheet"]
            text = f"{found['what']}{found['expected']}{found['fix']}"
            where = " ".join(filter(None, (place, found["about"])))
            self.stdout.write(f"[{found['severity']}] {where} {text}")


def _content_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CommandError(
            _("不能读取 %(path)s：%(why)s") % {"path": path, "why": error.strerror}, returncode=2
        ) from error


def _person(username: str) -> User:
    person = User.objects.filter(username=username, is_active=True).first()
    if person is None:
        raise CommandError(_("没有启用的账号 %s。") % username, returncode=2)
    return person


def _self_check(
    content: bytes, name: str, by: User, year: int | None, district: str | None
) -> SelfCheck:
    identity = identity_of(content, name)
    code = district or identity.unit_code or (by.district.code if by.district else "")
    wanted = year or (int(identity.year) if identity.year.isdigit() else None)
    if not code or wanted is None:
        raise CommandError(
            _("文件里没有年度和区县的标记；请用 --year 和 --district 指明。"), returncode=2
        )
    rows = SelfCheck.objects.visible_to(by).select_related("district", "standard")
    self_check = rows.filter(district__code=code, year=wanted).first()
    if self_check is None:
        raise CommandError(
            _("账号 %(account)s 的范围内没有区县 %(code)s %(year)s 年度的自查。")
            % {"account": by.username, "code": code, "year": wanted},
            returncode=2,
        )
    return self_check

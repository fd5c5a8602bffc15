"""Finds the cheapest additions by which a district passes; needs no database and stores nothing."""

import json
import sys
from argparse import ArgumentTypeError
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from chongqing_eval.management.commands.evaluate import (
    UnusableFile,
    payload_of,
    refuse,
    rules_asked_by,
)
from figures.table import STAGE_LABELS
from improvement.planner.plan import BUDGET, CHEAPEST, PLANNERS, YEARS, make_plan
from improvement.planner.told import INFEASIBLE
from indicators.calculation.problems import Problem, UnusableInput
from indicators.refusals import sentence_of

FOUND, NO_PLAN = 0, 1
MOST_LINES = 40
MOST_SECONDS = 86_400
YUAN = 10_000  # of one 万元


class Command(BaseCommand):
    help = (
        "求让全部学校和差异系数达标的最省增配方案,不连数据库,不保存。"
        "输入与 evaluate 相同,另加 prices(单价,元)、caps(上限)、measures(措施)。"
        "退出码:0 有方案,1 没有方案,2 数据不能用。"
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="JSON 文件、自查工作簿(.xlsx),或 - 从标准输入读 JSON")
        parser.add_argument("--terms", help="另给 prices、caps、measures 的 JSON 文件")
        parser.add_argument("--json", action="store_true", help="以 JSON 给出全部结果")
        parser.add_argument(
            "--kind", choices=PLANNERS, help="方案种类;不写则由 --budget、--years 决定"
        )
        parser.add_argument(
            "--budget",
            type=_number,
            help="预算(万元)：在预算内让尽量多的评估单元达标；有 --years 时是每年的预算",
        )
        parser.add_argument(
            "--years", type=int, help="分几年实施；各年的在校生数和预算可在 years 中写明"
        )
        parser.add_argument(
            "--limit-seconds", type=_seconds, default=5.0, help="最多用多少秒(处理器时间),默认 5"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            payload = _payload(options)
            wished = YEARS if "years" in payload else BUDGET if "budget" in payload else CHEAPEST
            kind = options["kind"] or wished
            plan = make_plan(payload, rules_asked_by(payload), kind, options["limit_seconds"])
        except UnusableFile as refusal:
            refuse(self, refusal.problems, options["json"])
        except UnusableInput as refusal:
            problems = [{"place": p.pointer, "detail": sentence_of(p)} for p in refusal.problems]
            refuse(self, problems, options["json"])
        told = plan.as_dict()
        if options["json"]:
            for part in json.JSONEncoder(ensure_ascii=False, indent=2).iterencode(told):
                self.stdout.write(part, ending="")
            self.stdout.write()
        else:
            self.stdout.writelines(f"{line}\n" for line in lines_of(told))
        sys.exit(NO_PLAN if plan.status == INFEASIBLE else FOUND)


def _payload(options: dict[str, Any]) -> dict[str, Any]:
    given = [payload_of(options[name]) for name in ("file", "terms") if options[name]]
    if not all(isinstance(each, dict) for each in given):
        raise UnusableInput([Problem("", "not_object")])
    budget = options["budget"]
    told = {"budget": None if budget is None else f"{budget * YUAN:f}", "years": options["years"]}
    wishes = {name: value for name, value in told.items() if value is not None}
    return {name: value for each in (*given, wishes) for name, value in each.items()}


def _number(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation as refused:
        words = _("「%s」不是数字；应为：半角数字，如 3000。") % text
        raise ArgumentTypeError(words) from refused


def _seconds(text: str) -> float:
    number = float(_number(text))
    if not 0 < number < MOST_SECONDS:
        words = _("秒数是 %(found)s；应为：大于 0，小于 %(most)s。")
        raise ArgumentTypeError(words % {"found": text, "most": MOST_SECONDS})
    return number


def lines_of(told: dict[str, Any]) -> list[str]:
    """The plan in words."""
    if told["status"] == INFEASIBLE:
        return [_no_plan(told["reason"])]
    lines = [_("需要 %s 元。") % _money(told["cost"])]
    if told["certified_bound"] is not None:
        bounds = _money(told["certified_bound"]), _money(told["solver_bound"])
        lines.append(_("任何方案都不少于 %s 元（已证明）；按求解器的说法不少于 %s 元。") % bounds)
    if units := told.get("units"):
        sentence = _(
            "%(met)s / %(of)s 个评估单元达标；这笔钱最多能让 %(at_most)s 个达标（已证明）。"
        )
        lines.append(sentence % units)
    if told.get("coefficients", {}).get("open"):
        lines += [_no_plan(told["reason"]), *map(_of_open, told["coefficients"]["open"])]
    lines += map(_of_year, told.get("years", ()))
    lines += map(_of_move, told.get("moves", ()))
    for each in told["reason"]["binding"]:
        stage = _(STAGE_LABELS[each["stage"]])
        lines.append(
            _("%(code)s 的%(stage)s差异系数起决定作用。")
            % {"code": each["indicator"], "stage": stage}
        )
    lines += [
        f"{each['school_code']} {each['measure']} +{each['amount']} {each['cost']}"
        for each in told["additions"][:MOST_LINES]
    ]
    if more := len(told["additions"][MOST_LINES:]):
        lines.append(_("另有 %s 行；用 --json 看全部。") % more)
    lines += [_("注意：%s 会由达标变为不达标或无法判定。") % code for code in told["worse"]]
    return lines


def _of_open(told: dict[str, Any]) -> str:
    return _("%(indicator)s 的%(stage)s差异系数之后是 %(after)s，限值 %(limit)s。") % {
        **told,
        "stage": _(STAGE_LABELS[told["stage"]]),
        "after": told["after"] or "–",
    }


def _of_year(told: dict[str, Any]) -> str:
    return _("第 %(year)s 年花 %(cost)s 元，年末 %(met)s / %(of)s 个评估单元达标。") % {
        "year": told["year"],
        "cost": _money(told["cost"]),
        **told["units"],
    }


def _of_move(told: dict[str, Any]) -> str:
    return _(
        "%(from)s → %(to)s：%(stage)s %(people)s 名教师轮岗（计入 %(codes)s），%(cost)s 元。"
    ) % {
        **told,
        "stage": _(STAGE_LABELS[told["stage"]]),
        "codes": "、".join(told["counts_in"]),
        "cost": _money(told["cost"]),
    }


def _money(yuan: str) -> str:
    return f"{int(float(yuan)):,}"


def _no_plan(reason: dict[str, Any]) -> str:
    if reason["code"] == "not_found":
        return _("没有找到方案，也没有证明不存在；请放宽上限或延长时间。")
    if reason["code"] == "coefficients_alone":
        sentence = _("预算不够：只让差异系数达标就要 %(cost)s 元，至少 %(bound)s 元。")
        if float(reason["locked"]):
            sentence = _("预算不够：锁定的措施和差异系数就要 %(cost)s 元，至少 %(bound)s 元。")
        return sentence % {
            "cost": _money(reason["cost"]),
            "bound": _money(reason["bound"]),
        }
    if reason["code"] == "budgets":
        return _("各年预算合起来不够：全部达标要 %(cost)s 元，至少 %(bound)s 元。") % {
            "cost": _money(reason["cost"]),
            "bound": _money(reason["bound"]),
        }
    schools = "、".join(each["school_code"] for each in reason["units"])
    if reason["code"] == "caps":
        return _("没有方案：%(code)s 的上限不够，学校 %(schools)s 到不了要求。") % {
            "code": reason["indicator"],
            "schools": schools,
        }
    return _(
        "没有方案：%(code)s 的%(stage)s差异系数最低只能到 %(lowest)s；"
        "受上限限制的学校：%(schools)s。"
    ) % {
        "code": reason["indicator"],
        "stage": _(STAGE_LABELS[reason["stage"]]),
        "lowest": reason["lowest"],
        "schools": schools or _("没有"),
    }

"""The changes of a scenario, each in one sentence."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from districts.wording import listed
from improvement.models import UnitPrice
from improvement.planner.measures import KINDS as MEASURES
from improvement.scenario.changes import ADD_SCHOOL, KINDS
from indicators import wording
from indicators.calculation.problems import write_decimal
from selfchecks.models import SelfCheck

SENTENCES = {
    "pupils": gettext_lazy("%(school)s的%(stage)s在校生数改为 %(pupils)s 人"),
    "growth": gettext_lazy("全区县%(stage)s在校生数变化 %(percent)s%%"),
    "add_school": gettext_lazy("新增%(name)s（%(type)s）"),
    "merge": gettext_lazy("%(school)s并入%(into)s"),
    "close": gettext_lazy("撤销%(school)s，学生转入%(into)s"),
    "move_staff": gettext_lazy("%(school)s调 %(teachers)s 名%(stage)s教师到%(into)s%(parts)s"),
    "price": gettext_lazy("%(measure)s的单价改为 %(price)s 元"),
    "cap": gettext_lazy("%(school)s的%(measure)s至多 %(most)s"),
}


DECIMALS = ("percent", "price", "most")


class ChangeWords:
    """Schools by their names, those that a scenario adds included."""

    def __init__(self, self_check: SelfCheck) -> None:
        rows = self_check.school_records.values_list("school_code", "school_name")
        self.schools = dict(rows)
        prices = UnitPrice.objects.filter(district=self_check.district)
        self.measures = {
            **dict(prices.order_by("valid_from", "pk").values_list("kind", "name")),
            **{code: _(kind.label) for code, kind in MEASURES.items()},
        }

    def all(self, changes: Sequence[Mapping[str, Any]]) -> list[str]:
        """A sentence for each."""
        names = {**self.schools, **_added(changes)}
        return [self._sentence(row, names) for row in changes]

    def schools_after(self, changes: Sequence[Mapping[str, Any]]) -> dict[str, str]:
        """Those that are there once the changes are made, by code."""
        gone = {row["school_code"] for row in changes if row["change"] in ("merge", "close")}
        names = {**self.schools, **_added(changes)}
        return {code: name for code, name in sorted(names.items()) if code not in gone}

    def _sentence(self, row: Mapping[str, Any], names: Mapping[str, str]) -> str:
        facts = {
            **row,
            **{name: _bare(row[name]) for name in DECIMALS if name in row},
            "school": names.get(row.get("school_code", ""), row.get("school_code", "")),
            "into": names.get(row.get("into", ""), row.get("into", "")),
            "measure": self.measures.get(row.get("measure", ""), row.get("measure", "")),
            "stage": wording.stage_name(row["stage"]) if "stage" in row else "",
            "parts": _parts(row),
            "name": row.get("school_name", ""),
            "type": _(row.get("school_type", "")) if row.get("school_type") else "",
        }
        return str(SENTENCES[row["change"]]) % facts


def _bare(text: str) -> str:
    """3 for 3.00."""
    return write_decimal(Decimal(text))


def _added(changes: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    new = (row for row in changes if row["change"] == ADD_SCHOOL)
    return {row["school_code"]: row["school_name"] for row in new}


def _parts(row: Mapping[str, Any]) -> str:
    """Which of the people who move count in what."""
    asked = {figure.code: figure for figure in KINDS["move_staff"].fields}
    told = [
        f"{_(asked[code].label)} {row[code]}"
        for code in row
        if code in asked and asked[code].is_number and code != "teachers" and row[code]
    ]
    return _("，%s") % listed(told) if told else ""

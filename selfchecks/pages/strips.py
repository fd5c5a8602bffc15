"""One strip per indicator and stage: where every unit lies against the threshold."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from charts.strip_plot import Dot, StripPlot, strip_plot
from charts.svg import Markup
from figures.table import JUNIOR, PRIMARY
from indicators import wording
from indicators.calculation.scheme import CODES

Outcome = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Strip:
    """A drawing with the words above it."""

    title: str
    drawing: Markup


def strips_of(outcome: Outcome, names: Mapping[str, str]) -> Iterator[Strip]:
    """Fourteen at most; a stage without counted units has none."""
    for code in CODES:
        for stage in (PRIMARY, JUNIOR):
            units = [u for u in outcome["units"] if u["stage"] == stage and u["counted"]]
            if units:
                yield _strip(code, stage, units, names.get(code, code))


def _strip(code: str, stage: str, units: list[Outcome], name: str) -> Strip:
    known = [unit for unit in units if unit["indicators"][code]["value"] is not None]
    first = units[0]["indicators"][code]
    stage_name = wording.stage_name(stage)
    failing = sum(unit["indicators"][code]["verdict"] != "met" for unit in known)
    title = f"{code} {name} {stage_name}"
    drawing = strip_plot(
        StripPlot(
            tuple(_dot(unit, code) for unit in known),
            float(first["threshold"]),
            float(first["floor"]),
        ),
        name=f"strip-{code}-{stage}",
        title=title,
        description=_("共 %(all)s 个单元,未达到达标值 %(threshold)s 的有 %(failing)s 个。")
        % {"all": len(known), "threshold": first["threshold"], "failing": failing},
        threshold_label=_("达标值 %s") % first["threshold"],
        floor_label=_("基本值 %s") % first["floor"],
    )
    return Strip(title, drawing)


def _dot(unit: Outcome, code: str) -> Dot:
    found = unit["indicators"][code]
    words = wording.UNIT_VERDICTS[found["verdict"]]
    label = f"{unit['school_name']} {found['value']} {words}"
    return Dot(float(found["value"]), found["verdict"], label)

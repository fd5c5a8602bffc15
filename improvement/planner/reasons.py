"""Why a plan is what it is, and why there is none."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from improvement.planner.buying import Steps, reached
from improvement.planner.obstacles import Obstacle
from improvement.planner.problem import Cone, Problem
from improvement.planner.told import spared_by
from indicators.calculation.columns import Floats, Integers

MOST_DRIVERS = 5


def why_none(problem: Problem, found: Obstacle | None) -> dict[str, Any]:
    """The indicator and the units whose caps bind; for a coefficient the lowest it can reach."""
    if found is None:
        return {"code": "not_found"}
    units = [_named(problem, at) for at in found.units]
    told = {"indicator": found.code, "stage": found.stage, "units": units}
    if found.lowest is None:
        return {"code": "caps", **told}
    return {"code": "coefficient", **told, "lowest": f"{found.lowest:.6f}"}


def why_this(kind: str, problem: Problem, steps: Steps) -> dict[str, Any]:
    """``binding``: the coefficients that ask for more than the thresholds do.

    Of each the value where only the thresholds are met (``without``) and after the plan
    (``after``), the ``limit``, how many units are raised for it beyond their threshold
    (``raised``), and the ``drivers``: units with the largest share of it, by which side of the
    mean they lie on.
    """
    after = reached(problem, steps)
    needed = problem.least(spared_by(problem, after))
    binding = [
        _binding(problem, cone, needed, after) for cone in problem.cones if not cone.holds(needed)
    ]
    return {"code": kind, "binding": binding}


def _binding(problem: Problem, cone: Cone, needed: Integers, after: Integers) -> dict[str, Any]:
    without = cone.coefficient(needed)
    return {
        "indicator": cone.code,
        "stage": cone.stage,
        "limit": f"{float(cone.factor - 1) ** 0.5:.6f}",
        "without": f"{without:.6f}" if np.isfinite(without) else None,
        "after": f"{cone.coefficient(after):.6f}",
        "raised": int((after[cone.stocks] > needed[cone.stocks]).sum()),
        "drivers": list(_drivers(problem, cone, needed)),
    }


def _drivers(problem: Problem, cone: Cone, amounts: Integers) -> Iterator[dict[str, Any]]:
    """Who makes up the spread: n (x − mean)² of its sum."""
    values: Floats = amounts[cone.stocks] * cone.shares
    away = values - float(cone.pupils @ values) / float(cone.pupils.sum())
    parts = cone.pupils * away * away
    if not parts.sum():
        return
    for at in np.argsort(-parts, kind="stable")[:MOST_DRIVERS].tolist():
        share, side = parts[at] / parts.sum(), "above" if away[at] > 0 else "below"
        yield {**_named(problem, int(cone.units[at])), "share": f"{share:.4f}", "side": side}


def _named(problem: Problem, unit: int) -> dict[str, str]:
    found = problem.units[unit]
    return {"school_code": found.school["school_code"], "stage": found.stage}

"""Why a plan is what it is, and why there is none."""

from typing import Any

from improvement.planner.buying import Steps, reached
from improvement.planner.obstacles import Obstacle
from improvement.planner.problem import Problem
from improvement.planner.told import spared_by


def why_none(problem: Problem, found: Obstacle | None) -> dict[str, Any]:
    """The indicator and the units whose caps bind; for a coefficient the lowest it can reach."""
    if found is None:
        return {"code": "not_found"}
    units = [problem.units[at] for at in found.units]
    names = [{"school_code": u.school["school_code"], "stage": u.stage} for u in units]
    told = {"indicator": found.code, "stage": found.stage, "units": names}
    if found.lowest is None:
        return {"code": "caps", **told}
    return {"code": "coefficient", **told, "lowest": f"{found.lowest:.6f}"}


def why_this(kind: str, problem: Problem, steps: Steps) -> dict[str, Any]:
    """The coefficients that ask for more than the thresholds do."""
    needed = problem.least(spared_by(problem, reached(problem, steps)))
    binding = [
        {"indicator": cone.code, "stage": cone.stage}
        for cone in problem.cones
        if not cone.holds(needed)
    ]
    return {"code": kind, "binding": binding}

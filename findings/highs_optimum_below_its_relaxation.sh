#!/usr/bin/env bash
# HiGHS calls a cost optimal that its own solution does not have and no solution can have.
#
# A small model is solved as a linear program: 985.07 is the least cost, for only the last three
# columns with a cost can fill the row that needs 0.022. Then one column, which stands in no row at
# all, is made integer and the same object runs again, as one does to go from a relaxation to whole
# numbers. The status is "Optimal", the solution is the same and still costs 985.07, but objective
# and dual bound say 174.96: far below the relaxation. The same model given to a fresh object
# answers 985.07. Whoever reports the bound as proven would promise a price nobody can keep.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check highspy==1.16.0 numpy==2.4.6
"$folder/venv/bin/python" - <<'PY'
from importlib.metadata import version

import highspy
import numpy as np

INF = highspy.kHighsInf
COST = np.array([8.0, 30.0, 30.0, 3.0] + [0.0] * 27)
LEAST = [0.85, 2.2, 1.9, 0.84, 0.2, 1.2, 3.1, 0.43, 1.7, 0.82, 0.62, 0.43, 0.38, 0.75, 0.67, 1.1,
         0.83, 0.62, 0.36, 5.9, 0.78, 2.2, 0.8, 2.2, 2.8, 0.62, 0.39]
WEIGHTS = [0.098, 0.024, 0.023, 0.047, 0.018, 0.012, 0.012, 0.0068, 0.011, 0.0079, 0.039, 0.029,
           0.019, 0.032, 0.037, 0.0066, 0.027, 0.021, 0.079, 0.058, 0.067, 0.011, 0.037, 0.034,
           0.02, 0.056, 0.051]
EXTRA = {5: (1, -0.081), 7: (2, -0.018)}


def model():
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    none = np.array([], np.int32)
    solver.addCols(31, COST, np.zeros(31), np.full(31, INF), 0, none, none, np.array([], float))
    for column, least in enumerate(LEAST, 4):
        terms = [(column, 1.0), *([EXTRA[column]] if column in EXTRA else [])]
        add(solver, least, INF, sorted(terms))
    add(solver, 0.022, 0.024, [(1, 0.00067), (2, 0.00047), (3, 6.7e-5)])
    add(solver, -INF, 1.1, [(1, -0.0016), (2, -0.0011), (3, -0.00016), *enumerate(WEIGHTS, 4)])
    return solver


def add(solver, low, high, terms):
    columns = np.array([column for column, _value in terms], np.int32)
    solver.addRow(low, high, len(terms), columns, np.array([value for _column, value in terms]))


def whole(solver):
    solver.changeColsIntegrality(1, np.array([0], np.int32), np.array([highspy.HighsVarType.kInteger]))
    solver.setOptionValue("mip_rel_gap", 5e-5)
    solver.run()
    found, info = np.array(solver.getSolution().col_value), solver.getInfo()
    return solver.modelStatusToString(solver.getModelStatus()), COST @ found, info.objective_function_value, info.mip_dual_bound


warm = model()
warm.run()
relaxed = warm.getInfo().objective_function_value
after, fresh = whole(warm), whole(model())
print("highspy", version("highspy"))
print(f"relaxation {relaxed:.2f}")
for name, (status, cost, objective, bound) in (("the same object", after), ("a fresh object", fresh)):
    print(f"{name}: {status}; cost of the solution {cost:.2f}, objective {objective:.2f}, dual bound {bound:.2f}")

assert after[0] == fresh[0] == "Optimal"
assert abs(after[1] - relaxed) < 0.01 and abs(fresh[2] - relaxed) < 0.01
assert after[2] < 0.2 * relaxed and after[3] < 0.2 * relaxed, "objective below the relaxation"
PY

#!/usr/bin/env bash
# highspy says that it is typed, and its types deny methods that it has.
#
# The package ships py.typed and stubs, so a type checker trusts these alone. A program that asks an
# infeasible model for its dual ray, the reason why nothing fits (here: two columns of at most 10
# cannot add up to 25), runs and gets it. mypy refuses the same program: "Highs" has no attribute
# "getDualRay". The compiled class has two dozen methods the stubs do not know, among them all
# that give rays, tell the basic variables or solve with the basis. Whoever checks types must ignore
# the error at every such call, and is not told when a name is really misspelt there.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
  highspy==1.16.0 numpy==2.4.6 mypy==2.4.1
cat > "$folder/reason.py" <<'PY'
import highspy
import numpy as np

solver = highspy.Highs()
solver.setOptionValue("output_flag", False)
for _column in range(2):
    solver.addVar(0.0, 10.0)
both = np.array([0, 1], np.int32)
solver.addRow(25.0, highspy.kHighsInf, 2, both, np.array([1.0, 1.0]))
solver.run()
assert solver.getModelStatus() == highspy.HighsModelStatus.kInfeasible
_status, has_ray, ray = solver.getDualRay()
assert has_ray and ray[0] != 0
print("the program runs and gets its ray:", ray)
PY
"$folder/venv/bin/python" "$folder/reason.py"
cd "$folder"
if said=$("$folder/venv/bin/mypy" --no-error-summary reason.py 2>&1); then
  echo "changed: mypy accepts the program"
  exit 1
fi
echo "$said"
grep -q '"Highs" has no attribute "getDualRay"' <<< "$said" || { echo "changed: another error"; exit 1; }
"$folder/venv/bin/python" - <<'PY'
import re
from pathlib import Path

import highspy

home = Path(highspy.__file__).parent
told = "".join(path.read_text() for path in [*home.rglob("*.pyi"), home / "highs.py"])
known = set(re.findall(r"def (\w+)\(", told))
denied = [name for name in vars(highspy._core._Highs) if name[0] != "_" and name not in known]
print(len(denied), "methods the stubs do not know:", ", ".join(sorted(denied)))
assert (home / "py.typed").exists() and len(denied) > 20, "changed: the stubs know them"
PY

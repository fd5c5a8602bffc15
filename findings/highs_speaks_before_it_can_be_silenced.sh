#!/usr/bin/env bash
# The first solver of a process writes its banner to the standard output before any option is heard.
#
# output_flag, log_to_console and silent() are all set on an object that exists already; highspy 1.16
# prints "Running HiGHS …" while the first object is made. The lines come from C, so that
# contextlib.redirect_stdout does not catch them either: a command that answers in JSON answers two
# lines of text first, and only where the standard output is a pipe or file does anybody notice.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check highspy==1.16.0 numpy==2.4.6
cat > "$folder/ask.py" <<'PY'
import contextlib
import io
import json
import sys

import highspy

with contextlib.redirect_stdout(io.StringIO()):
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("log_to_console", False)
    if sys.argv[1:] == ["twice"]:
        highspy.Highs()
print(json.dumps({"version": highspy.Highs().version()}))
PY
"$folder/venv/bin/python" "$folder/ask.py" > "$folder/once.txt"
"$folder/venv/bin/python" "$folder/ask.py" twice > "$folder/twice.txt"
cat "$folder/once.txt"
[ "$(grep -c '^Running HiGHS 1.16.0' "$folder/once.txt")" = 1 ]
[ "$(grep -c '^Running HiGHS' "$folder/twice.txt")" = 1 ]
if "$folder/venv/bin/python" -m json.tool "$folder/once.txt" > /dev/null 2>&1; then
    echo "the output is JSON now"
    exit 1
fi

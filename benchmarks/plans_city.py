"""The cheapest plan of every demonstration unit and of each of its scenarios, a line each.

What ``manage.py plan_city --scenarios`` prints: cost, both bounds, gap and processor seconds, or
why there is no plan; then how many of each. On a throw-away SQLite file.
"""

import tempfile
from collections import Counter
from io import StringIO
from statistics import median

from benchmarks.pages import prepare


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        prepare(folder, years=1)
        from django.core.management import call_command

        out = StringIO()
        call_command("plan_city", by="manager", scenarios=True, stdout=out)
    print(out.getvalue(), end="")
    header, *lines = (line.split("\t") for line in out.getvalue().splitlines())
    rows = [dict(zip(header, line, strict=True)) for line in lines]
    counts = Counter(row["status"] for row in rows)
    print("，".join(f"{status} {count}" for status, count in counts.most_common()))
    planned = [row for row in rows if row["gap"]]
    seconds = [float(row["seconds"]) for row in planned if row["seconds"]]
    print(f"差距 gap: {max(float(row['gap']) for row in planned):.4%} worst; "
          f"{median(seconds):.2f} s median, {max(seconds):.2f} worst")  # fmt: skip


if __name__ == "__main__":
    main()

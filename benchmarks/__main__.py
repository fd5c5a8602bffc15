"""Runs every benchmark of this package, each in a process of its own; ``make bench`` calls it.

python -m benchmarks            all of them
python -m benchmarks pages      only benchmarks/pages.py
"""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def runnable() -> list[str]:
    """Modules that can be run; the others are their material."""
    return [
        path.stem
        for path in sorted(HERE.glob("[a-z]*.py"))
        if 'if __name__ == "__main__":' in path.read_text(encoding="utf-8")
    ]


def main() -> int:
    wanted = sys.argv[1:] or runnable()
    unknown = sorted(set(wanted) - set(runnable()))
    if unknown:
        sys.exit(f"没有这个性能测量:{'、'.join(unknown)};可用的有 {'、'.join(runnable())}。")
    failed = False
    for name in wanted:
        print(f"== {name}", flush=True)
        failed |= subprocess.run([sys.executable, "-m", f"benchmarks.{name}"]).returncode != 0
        print()
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())

"""Runs drills and keeps what was found in ``docs/drills.md``: command, commit and figures.

python -m drills              those not finished since the code last changed (``make drill``)
python -m drills NAME…        these, again
python -m drills --share 0.05 [NAME…]   a fraction; kept nowhere
"""

import argparse
import sys
import time
from datetime import date
from importlib import import_module
from pkgutil import iter_modules

import drills
from drills.register import Result, git, is_fresh, keep, kept

NO_DRILLS = {"counting", "places", "register", "suite", "cluster_parts", "load_parts"}
NAMES = [m.name for m in iter_modules(drills.__path__) if m.name[0] != "_"]
DRILLS = [name for name in NAMES if name not in NO_DRILLS]
# Not in a share: of these the suite itself does one round; others need a disk mounted, or say what
# the machine can do, which is not known of the machine of a share.
WHOLE = {"attack", "cluster", "decisions", "looks", "races", "restore", "roles", "schema"}
WHOLE |= {"workbooks", "full_disk", "load", "soak", "timing"}


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, prog="python -m drills")
    asked.add_argument("names", nargs="*", choices=[*DRILLS, []], metavar="NAME")
    asked.add_argument(
        "--share", type=float, default=1, help="how much of it; less is kept nowhere"
    )
    given = asked.parse_args()
    if given.share == 1 and git(
        "status", "--porcelain", "--untracked-files=no", "--", ".", ":!docs"
    ):
        sys.exit("uncommitted changes: a figure must name the commit it belongs to; commit first")
    names = given.names or chosen(given.share)
    return max([done(name, given.share) for name in names], default=0)


def chosen(share: float) -> list[str]:
    if share < 1:
        return [name for name in DRILLS if name not in WHOLE and can_be_done(name)]
    return [name for name in DRILLS if not is_fresh(name)]


def can_be_done(name: str) -> bool:
    """Whether the machine has what it needs; the suite skips its tests where it has not."""
    missing = getattr(import_module(f"drills.{name}"), "missing", lambda: "")()
    if missing:
        print(f"{name} is left out: {missing} is not here", flush=True)
    return not missing


def done(name: str, share: float) -> int:
    """1 when it did not hold: then the result before is kept."""
    module, started = import_module(f"drills.{name}"), time.monotonic()
    print(f"{name} …", flush=True)
    try:
        figures = module.run(share)
    except AssertionError as failure:
        print(f"{name} DID NOT HOLD: {failure}", flush=True)
        return 1
    seconds = time.monotonic() - started
    told = "; ".join(f"{what}: {figure}" for what, figure in figures.items())
    print(f"{name} holds, {seconds:.0f} s. {told}", flush=True)
    if share == 1:
        command = f"python -m drills {name}"
        rows = tuple(module.ROWS)
        keep(Result(name, rows, command, git("rev-parse", "--short", "HEAD"), date.today(), told))
        print(f"{len(kept())} of {len(DRILLS)} drills stand in docs/drills.md", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The portal as one machine serves it, without DEBUG: nginx, ``serve`` with its worker and periodic
work, PostgreSQL; of this state of the code or of another."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from drills.cluster_parts import Cluster, fill, servers
from drills.load_parts.reader import Reader
from tests.source import ROOT

PARTS = ("primary", "web-1", "nginx")
SHOWN = """
from selfchecks.models import SelfCheck
year = SelfCheck.objects.latest("year").year
rows = SelfCheck.objects.filter(year=year).order_by("district__code")
print(year, *rows.values_list("district__code", flat=True))
"""


@dataclass(frozen=True, slots=True)
class Place:
    """``year`` is the newest of the demonstration, ``units`` have a self-check in it."""

    made: Cluster
    year: int
    units: tuple[str, ...]
    readers: list[Reader] = field(default_factory=list)

    @property
    def leaders(self) -> dict[str, int]:
        running = self.made.parts.items()
        return {name: part.process.pid for name, part in running if part.process}

    def leave(self) -> None:
        for reader in self.readers:
            reader.leave()

    def reader(self, number: int, unit: str = "") -> Reader:
        address = f"127.1.{number // 250}.{number % 250 + 1}"
        reader = Reader(self.made.ports["nginx"], address, unit)
        self.readers.append(reader)
        return reader


@contextmanager
def one_machine(*demo: str, code: Path = ROOT) -> Iterator[Place]:
    folder = Path(tempfile.mkdtemp(prefix="portal-load-"))
    folder.chmod(0o755)
    made = Cluster(folder, names=PARTS, code=code)
    try:
        servers.database(made)
        fill(made, demo)
        year, *units = made.python(SHOWN).split()
        made.parts["web-1"] = servers.whole(made)
        made.parts["nginx"] = servers.nginx(made)
        made.start("web-1", "nginx")
        place = Place(made, int(year), tuple(units))
        try:
            yield place
        finally:
            place.leave()
    finally:
        made.end()
        shutil.rmtree(folder, ignore_errors=True)

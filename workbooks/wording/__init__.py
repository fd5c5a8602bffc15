"""Every sentence about a file and its cells, in one place and in plain words."""

from types import ModuleType

from ..findings import Kind
from . import refusals, structure, values


def _kinds(module: ModuleType) -> dict[str, Kind]:
    return {kind.code: kind for kind in vars(module).values() if isinstance(kind, Kind)}


KINDS: dict[str, Kind] = {
    code: kind for module in (refusals, structure, values) for code, kind in _kinds(module).items()
}

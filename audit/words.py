"""Words for what an entry keeps as codes: each room registers those of its own entries."""

from collections.abc import Callable, Collection, Mapping
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ACTIONS: dict[str, str | Promise] = {
    "access.refuse": _("被拒绝的操作"),
}

# What entries keep beside the fields of their object.
NAMES: dict[str, str | Promise] = {
    "method": _("方式"),
    "path": _("地址"),
}
# Values of these are lists, never before and after.
LISTS: set[str] = set()

Names = Mapping[str, str | Promise]
_unit_names: Callable[[], Names] = dict
_school_names: Callable[[Collection[str]], Names] | None = None
_figure_names: dict[str, str | Promise] = {}


def register(
    *,
    actions: Names = MappingProxyType({}),
    names: Names = MappingProxyType({}),
    lists: Collection[str] = (),
) -> None:
    """Let a room say how its own actions, and what its entries keep, are called."""
    ACTIONS.update(actions)
    NAMES.update(names)
    LISTS.update(lists)


def name_units_with(provider: Callable[[], Names]) -> None:
    """Let a higher room say how units are called (code → name); this room knows only codes."""
    global _unit_names
    _unit_names = provider


def unit_names() -> Names:
    return _unit_names()


def name_schools_with(provider: Callable[[Collection[str]], Names]) -> None:
    """The same for schools, asked only for the codes that occur."""
    global _school_names
    _school_names = provider


def school_names(codes: Collection[str]) -> Names:
    return _school_names(codes) if codes and _school_names else {}


def name_figures(names: Names) -> None:
    """The same for the figures schools and districts report."""
    _figure_names.update(names)


def figure_names() -> Names:
    return _figure_names


def action_name(action: str) -> str:
    """The action in words; its code when nobody has named it."""
    return str(ACTIONS.get(action, action))

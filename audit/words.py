"""Words for what an entry keeps as codes: each room registers those of its own entries."""

from collections.abc import Callable, Collection, Mapping
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SEPARATOR = "\u00a0· "  # stays with what stands before it: no line begins with it
ACTIONS: dict[str, str | Promise] = {
    "data.take": _("下载或导出"),
    "data.view": _("查看数据"),
    "access.refuse": _("被拒绝的操作"),
    "audit.seal": _("封存以前的数据"),
    "audit.accept": _("核对后重新封存"),
}

# What entries keep beside the fields of their object.
NAMES: dict[str, str | Promise] = {
    "method": _("方式"),
    "path": _("地址"),
}
# Values of these are lists, never before and after.
LISTS: set[str] = set()

Names = Mapping[str, str | Promise]
_names_of: Callable[[Collection[str]], dict[str, str]] | None = None
_page_at: Callable[[str, Mapping[str, str]], str] | None = None
_told: Callable[[str, str], str] | None = None
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


def name_codes_with(provider: Callable[[Collection[str]], dict[str, str]]) -> None:
    """Let a higher room say how units and schools are called today; this room knows only codes."""
    global _names_of
    _names_of = provider


def names_of(codes: Collection[str]) -> dict[str, str]:
    return _names_of(codes) if codes and _names_of else {}


def name_pages_with(provider: Callable[[str, Mapping[str, str]], str]) -> None:
    """Let the roof say what stands at an address; this room knows no pages."""
    global _page_at
    _page_at = provider


def page_at(path: str, names: Mapping[str, str]) -> str:
    return _page_at(path, names) if path and _page_at else path


def tell_units_with(provider: Callable[[str, str], str]) -> None:
    """Let a higher room say how an English reader finds a unit that was written down in Chinese."""
    global _told
    _told = provider


def told(text: str, code: str = "") -> str:
    """The name of the unit with that code, or a text that begins with one, for the reader."""
    return _told(text, code) if text and _told else text


def name_figures(names: Names) -> None:
    """Let a higher room say how the figures are called that schools and districts report."""
    _figure_names.update(names)


def figure_names() -> Names:
    return _figure_names


def action_name(action: str) -> str:
    """The action in words; its code when nobody has named it."""
    return str(ACTIONS.get(action, action))

"""How several names stand in a row in the reader's language."""

from collections.abc import Iterable

from django.utils.translation import pgettext


def listed(names: Iterable[object]) -> str:
    """铜梁区、合川区; an English reader finds a comma between them."""
    return pgettext("between two names", "、").join(map(str, names))

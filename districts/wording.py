"""How names in a row, numbers, days and moments are written in the reader's language."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext


def listed(names: Iterable[object]) -> str:
    """铜梁区、合川区; an English reader finds a comma between them."""
    return pgettext("between two names", "、").join(map(str, names))


def in_catalogue(name: str) -> property:
    """A text of the reference data in the reader's language; what nobody has translated stays."""
    return property(lambda row: gettext(value) if (value := getattr(row, name)) else "")


def noted(name: object, note: object) -> str:
    """陈静（填报员）, or with brackets as English readers set them."""
    return gettext("%(name)s（%(note)s）") % {"name": name, "note": note}


def inside(words: object) -> str:
    """A name or verdict as part of a sentence: English begins it with a small letter there, but for
    abbreviations."""
    text = str(words)
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def grouped(number: Decimal) -> str:
    """1,200.6: thousands apart in both languages, and no zeros that say nothing."""
    return f"{number.normalize():,f}"


def in_yuan(amount: Decimal) -> str:
    """1,200,000.00, as documents about money write it."""
    return f"{amount:,.2f}"


def day_text(day: date) -> str:
    """2026年11月23日, or the same day as English readers write it."""
    return _plain(date_format(day, "DATE_FORMAT"))


def moment_text(moment: datetime) -> str:
    """The day with hour and minute, on the portal's clock."""
    return _plain(date_format(timezone.localtime(moment), "DATETIME_FORMAT"))


def _plain(words: str) -> str:
    """Pages keep a day on one line; letters, files and other systems get common spaces."""
    return words.replace("\N{NO-BREAK SPACE}", " ")

"""Texts of the standard are kept in Chinese, with an English rendering for English pages."""

from django.utils.translation import get_language


def for_reader(chinese: str, english: str) -> str:
    """The English text on English pages when there is one; the Chinese text is the valid one."""
    return english if english and get_language() == "en" else chinese

"""Chooses the format of an answer: ``?format=`` when given, else what Accept asks for."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.negotiation import DefaultContentNegotiation

from .problems import BadParameters


class StatedFormat(DefaultContentNegotiation):
    def filter_renderers(self, renderers: Sequence[Any], format: str) -> list[Any]:
        known = [renderer for renderer in renderers if renderer.format == format]
        if not known:
            formats = ", ".join(sorted({renderer.format for renderer in renderers}))
            raise BadParameters(
                {
                    "format": _("没有「%(found)s」格式;这个地址有 %(known)s。")
                    % {"found": format[:40], "known": formats}
                }
            )
        return known

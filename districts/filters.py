"""How a list is asked for one unit."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django_filters import CharFilter

from districts.models import District


def refuse_unknown_unit(code: str) -> None:
    if code not in District.objects.values_list("code", flat=True):
        raise ValidationError(_("没有代码为「%s」的区县。") % code[:20], "unknown")


class UnitFilter(CharFilter):
    """The code of a unit that there is or was."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"validators": [refuse_unknown_unit], **kwargs})


def regions() -> list[str]:
    return sorted(set(District.objects.values_list("region", flat=True)))

"""What every page needs: the other language's address and whether data is a demonstration."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from districts.models import School
from selfchecks.models import Notice

ENGLISH = "en"


def portal(request: HttpRequest) -> dict[str, Any]:
    is_english = get_language() == ENGLISH
    path = request.get_full_path()
    here = path.removeprefix(f"/{ENGLISH}") if is_english else path
    # One slash only: "//host/" would lead readers to another site.
    chinese = "/" + here.lstrip("/")
    addresses = {settings.LANGUAGE_CODE: chinese, ENGLISH: f"/{ENGLISH}{chinese}"}
    return {
        "is_english": is_english,
        "other_language": settings.LANGUAGE_CODE if is_english else ENGLISH,
        "other_language_url": addresses[settings.LANGUAGE_CODE if is_english else ENGLISH],
        "language_addresses": [
            (code, request.build_absolute_uri(address)) for code, address in addresses.items()
        ],
        # Asked by the template, once a page and only where the banner can stand.
        "has_demo_data": School.objects.filter(is_demo=True).exists,
        "unread_notices": lambda: Notice.objects.visible_to(request.user).unread().count(),
    }

"""What every page needs: the other language's address and whether data is a demonstration."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language

from districts.models import School


def portal(request: HttpRequest) -> dict[str, Any]:
    path = request.get_full_path()
    is_english = get_language() == "en"
    other = path.removeprefix("/en") or "/" if is_english else f"/en{path}"
    return {
        "is_english": is_english,
        "other_language_url": other,
        "has_demo_data": School.objects.filter(is_demo=True).exists,
    }

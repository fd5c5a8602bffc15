"""The page that explains the API: what its document says, and how to get started by hand."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from districts.admin.tokens import SCOPE_WORDS
from figures.table import OFFERED_ITEMS, SCHOOL_FIELDS
from rest.documents import guide_of

SELF_CHECK = "/api/v1/self-checks/500106-2026/"
# What a reader has to fill in is a shell variable.
COMMANDS = """TOKEN=…
ADDRESS={origin}{self_check}

# ETag
ETAG=$(curl -sI -H "Authorization: Bearer $TOKEN" "$ADDRESS" | tr -d '\\r' |
  awk 'tolower($1) == "etag:" {{print $2}}')

# 304
curl -i -H "Authorization: Bearer $TOKEN" -H "If-None-Match: $ETAG" "$ADDRESS"

# dry_run
curl -H "Authorization: Bearer $TOKEN" -F "file=@$FILE" "${{ADDRESS}}uploads/?dry_run=true"

# Idempotency-Key
KEY=$(uuidgen)
curl -H "Authorization: Bearer $TOKEN" -H "Idempotency-Key: $KEY" -F "file=@$FILE" \\
  "${{ADDRESS}}uploads/"
"""


@login_not_required
def guide_page(request: HttpRequest) -> HttpResponse:
    """Like every page it has its language in the address."""
    guide = guide_of(request)
    return render(request, "rest/guide.html", {**guide, **_beginning(guide["origin"])})


def _beginning(origin: str) -> dict[str, Any]:
    return {
        "scopes": SCOPE_WORDS.items(),
        "calls_per_minute": settings.CALLS_PER_MINUTE,
        "commands": COMMANDS.format(origin=origin, self_check=SELF_CHECK),
        "fields": (*SCHOOL_FIELDS, *OFFERED_ITEMS.values()),
    }

"""The portal's two pages that belong to no room: the guide to the API, and the sign of life."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from districts.models.token import SCOPES
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
    """What the API's document says and how to begin by hand; its language is in the address."""
    guide = guide_of(request)
    beginning: dict[str, Any] = {
        "scopes": SCOPES.items(),
        "calls_per_minute": settings.CALLS_PER_MINUTE,
        "commands": COMMANDS.format(origin=guide["origin"], self_check=SELF_CHECK),
        "fields": (*SCHOOL_FIELDS, *OFFERED_ITEMS.values()),
    }
    return render(request, "rest/guide.html", {**guide, **beginning})


@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    """Whether the portal can serve: 200 when the database answers, 503 when not."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("database does not answer\n", status=503, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")

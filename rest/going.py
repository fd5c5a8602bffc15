"""What the API is to lose: each such operation says so in every answer, since when and until when
(RFC 9745, RFC 8594), and where to go instead; its document marks it too."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils.deprecation import MiddlewareMixin
from django.utils.http import http_date

NOTICE = timedelta(days=366)  # between the two days, at least


@dataclass(frozen=True, slots=True)
class Going:
    since: date
    until: date
    instead: str  # an address

    def __post_init__(self) -> None:
        if self.until - self.since < NOTICE:
            raise ValueError(f"{self.since} – {self.until}: notice is given twelve months before")

    @property
    def headers(self) -> dict[str, str]:
        return {
            "Deprecation": f"@{_seconds(self.since)}",
            "Sunset": http_date(_seconds(self.until)),
            "Link": f'<{self.instead}>; rel="successor-version"',
        }


# By method and path, as the document writes them: "GET /api/v1/schools/{code}/".
GOING: dict[str, Going] = {}


def going(method: str, path: str) -> Going | None:
    """``path`` is a request's or the document's."""
    asked = f"{'GET' if method == 'HEAD' else method.upper()} {path}"
    found = (each for name, each in GOING.items() if _pattern(name).fullmatch(asked))
    return next(found, None)


class GoingMiddleware(MiddlewareMixin):
    def process_response(self, request: HttpRequest, response: Any) -> Any:
        if found := going(str(request.method), request.path_info):
            for name, value in found.headers.items():
                before = response.get(name) if name == "Link" else None
                response[name] = f"{before}, {value}" if before else value
        return response


def _pattern(operation: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(operation)))


def _seconds(day: date) -> int:
    return int(datetime.combine(day, time(), UTC).timestamp())

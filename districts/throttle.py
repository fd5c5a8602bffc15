"""How often one address may use a page that is for everybody."""

from typing import Any

from django.http import HttpRequest

from audit.refusals import TooOften
from rest.permissions import ClientThrottle


class AddressThrottle(ClientThrottle):
    """Counts the address alone, whoever is signed in there."""

    def __init__(self, scope: str, rate: str) -> None:
        self.scope, self.rate = scope, rate
        super().__init__()

    def get_cache_key(self, request: HttpRequest, view: object) -> str:
        return f"{self.scope}-{self.get_ident(request)}"

    def refuse_beyond(self, request: HttpRequest, sentence: Any) -> None:
        """Counts the use. Raises TooOften with the sentence when there were too many."""
        if not self.allow_request(request, None):
            raise TooOften(sentence)

"""How a view describes itself in the OpenAPI document: tag, sentence, formats, problems."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from rest_framework.permissions import SAFE_METHODS

from .problems import CONTENT_TYPE, KINDS
from .serializers import ProblemSerializer

_JSON = "application/json"
_ALWAYS = (400, 404, 406, 429, 500, 503)
_WRITING = (401, 403, 409, 413, 415, 422)
_CONDITIONAL = (412, 428)


class ApiSchema(AutoSchema):
    """Reads ``tag`` and ``texts`` (action → sentence) of the view."""

    def get_tags(self) -> list[str]:
        return [str(self.view.tag)]

    def get_summary(self) -> str:
        action = getattr(self.view, "action", None) or self.method.lower()
        return str(self.view.texts[action])

    def get_description(self) -> str:
        return ""

    def get_override_parameters(self) -> list[Any]:
        parameters_class = self.view.parameters_class
        return [parameters_class] if parameters_class else []

    def get_auth(self) -> list[dict[str, Any]]:
        """Open reading needs nothing; the rest needs a token or a session."""
        if self._is_open():
            return [{}]
        return [auth for auth in super().get_auth() if auth]

    def _is_open(self) -> bool:
        return self.method in SAFE_METHODS and self.view._is_public()

    def _get_response_bodies(self, direction: str = "response") -> dict[str, Any]:
        bodies = super()._get_response_bodies(direction)
        problem = self.resolve_serializer(ProblemSerializer, "response").ref
        for status in self._problem_statuses():
            bodies[str(status)] = {
                "description": str(KINDS[status][0]),
                "content": {CONTENT_TYPE: {"schema": problem}},
            }
        return dict(sorted(bodies.items()))

    def _problem_statuses(self) -> tuple[int, ...]:
        statuses = _ALWAYS if self._is_open() else (*_ALWAYS, 401, 403)
        if self.method not in SAFE_METHODS:
            statuses = (*statuses, *_WRITING)
        return (*statuses, *_CONDITIONAL) if self.method == "PATCH" else statuses

    def _get_response_for_code(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        response: dict[str, Any] = super()._get_response_for_code(*args, **kwargs)
        for media_type, content in response.get("content", {}).items():
            if media_type != _JSON:
                content["schema"] = {"type": "string"}
        return response

"""Every address the portal answers, as the resolver knows it, with the policy it declares."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, get_resolver


@dataclass(frozen=True, slots=True)
class Route:
    """``path`` has ``<name>`` for each parameter; ``namespace`` is "admin" or empty."""

    path: str
    name: str
    namespace: str
    view: Any
    parameters: tuple[str, ...]

    def __str__(self) -> str:
        return self.path

    def filled(self, values: dict[str, str]) -> str:
        return re.sub(r"<(\w+)>", lambda match: values[match[1]], self.path)

    @property
    def api_policy(self) -> Any:
        """What an API view declares, or None; every one of its permissions must declare."""
        permissions = getattr(getattr(self.view, "cls", None), "permission_classes", ())
        policies = [getattr(permission, "policy", None) for permission in permissions]
        return policies[0] if policies and all(policies) else None

    @property
    def is_api(self) -> bool:
        return hasattr(self.view, "cls") and hasattr(self.view.cls, "permission_classes")

    @property
    def is_public(self) -> bool:
        if self.is_api:
            return bool(self.api_policy) and self.api_policy["read"] == "public"
        return not getattr(self.view, "login_required", True)


def routes() -> Iterator[Route]:
    for pattern, path, namespace in _walk(get_resolver().url_patterns, "/", ""):
        clean = _readable(path)
        parameters = tuple(re.findall(r"<(\w+)>", clean))
        yield Route(clean, pattern.name or "", namespace, pattern.callback, parameters)


def _walk(patterns: Any, path: str, namespace: str) -> Iterator[tuple[URLPattern, str, str]]:
    for pattern in patterns:
        here = path + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield pattern, here, namespace
        else:
            yield from _walk(pattern.url_patterns, here, pattern.namespace or namespace)


def _readable(path: str) -> str:
    """``districts/<str:code>/`` and ``^districts/(?P<code>[0-9]+)/$`` → ``districts/<code>/``."""
    path = re.sub(r"<\w+:(\w+)>", r"<\1>", path)
    path = re.sub(r"\(\?P(<\w+>)(?:[^()]|\([^()]*\))*\)", r"\1", path)
    return re.sub(r"[\^$]|\\Z|\\(?=[./-])", "", path)

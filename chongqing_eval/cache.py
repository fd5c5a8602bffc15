"""The cache that several machines share: while Redis is away, everything is worked out anew."""

import logging
import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import ConnectionError, TimeoutError

logger = logging.getLogger(__name__)
QUIET = 5.0  # seconds in which a server that did not answer is not asked again
TIMEOUTS = {"socket_connect_timeout": 1, "socket_timeout": 1}  # seconds


def or_else(fallback: Callable[..., Any]) -> Callable[[Any], Any]:
    """The method as it is while Redis answers, else what ``fallback`` says of its arguments."""

    def wrap(method: Any) -> Any:
        @wraps(method)
        def asked(self: "ForgivingClient", *args: Any, **options: Any) -> Any:
            if time.monotonic() >= self.away_until:
                try:
                    return method(self, *args, **options)
                except (ConnectionError, TimeoutError) as error:
                    self.away_until = time.monotonic() + QUIET
                    logger.error("Redis does not answer: %s", error)
            return fallback(*args)

        return asked

    return wrap


def default_of(key: str, default: Any = None) -> Any:
    return default


def nothing(*args: Any) -> None:
    return None


class ForgivingClient(RedisCacheClient):
    """``incr`` and ``clear`` are not forgiven: who counts has to know."""

    away_until = 0.0
    get = or_else(default_of)(RedisCacheClient.get)
    get_many = or_else(lambda keys: {})(RedisCacheClient.get_many)
    has_key = or_else(lambda key: False)(RedisCacheClient.has_key)
    add = or_else(lambda *args: True)(RedisCacheClient.add)
    touch = or_else(lambda *args: False)(RedisCacheClient.touch)
    delete = or_else(lambda key: False)(RedisCacheClient.delete)
    set = or_else(nothing)(RedisCacheClient.set)
    set_many = or_else(nothing)(RedisCacheClient.set_many)
    delete_many = or_else(nothing)(RedisCacheClient.delete_many)


class SharedCache(RedisCache):
    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, {**params, "OPTIONS": {**TIMEOUTS, **params.get("OPTIONS", {})}})
        self._class = ForgivingClient

    def ping(self) -> None:
        """Raises what Redis, or the way there, has against it."""
        self._cache.get_client(write=True).ping()

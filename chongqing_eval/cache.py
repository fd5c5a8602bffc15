"""The cache that several machines share: while Redis is away, each process keeps its own, so that
limits go on, process by process."""

import logging
import time
from functools import wraps
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import ConnectionError, TimeoutError

logger = logging.getLogger(__name__)
QUIET = 5.0  # seconds in which a server that did not answer is not asked again
TIMEOUTS = {"socket_connect_timeout": 1, "socket_timeout": 1}  # seconds


def or_own(method: Any) -> Any:
    """The method as it is while Redis answers, else the same of this process's own memory."""

    @wraps(method)
    def asked(self: "ForgivingClient", *args: Any, **options: Any) -> Any:
        if time.monotonic() >= self.away_until:
            try:
                return method(self, *args, **options)
            except (ConnectionError, TimeoutError) as error:
                self.away_until = time.monotonic() + QUIET
                logger.error("Redis does not answer: %s", error)
        return getattr(OWN, method.__name__)(*args)

    return asked


OWN = LocMemCache("while-redis-is-away", {})


class ForgivingClient(RedisCacheClient):
    """``incr`` and ``clear`` are not forgiven: who counts has to know."""

    away_until = 0.0
    get = or_own(RedisCacheClient.get)
    get_many = or_own(RedisCacheClient.get_many)
    has_key = or_own(RedisCacheClient.has_key)
    add = or_own(RedisCacheClient.add)
    touch = or_own(RedisCacheClient.touch)
    delete = or_own(RedisCacheClient.delete)
    set = or_own(RedisCacheClient.set)
    set_many = or_own(RedisCacheClient.set_many)
    delete_many = or_own(RedisCacheClient.delete_many)


class SharedCache(RedisCache):
    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, {**params, "OPTIONS": {**TIMEOUTS, **params.get("OPTIONS", {})}})
        self._class = ForgivingClient

    def ping(self) -> None:
        """Raises what Redis, or the way there, has against it."""
        self._cache.get_client(write=True).ping()

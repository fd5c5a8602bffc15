"""What gunicorn reads for journeys: every answer says how many queries and milliseconds it took."""

import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from django.db import connections

TOOK = "x-took"
Application = Callable[..., Any]


def post_worker_init(worker: Any) -> None:
    worker.wsgi.inside = counted(worker.wsgi.inside)


def counted(inside: Application) -> Application:
    """The application inside the door: there the queries of an answer are asked by one thread."""

    def answer(environ: dict[str, Any], start: Callable[..., Any]) -> Any:
        began, asked = time.perf_counter(), 0

        def count(execute: Callable[..., Any], *query: Any) -> Any:
            nonlocal asked
            asked += 1
            return execute(*query)

        def tell(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            took = f"{asked} {(time.perf_counter() - began) * 1000:.0f}"
            return start(status, [*headers, (TOOK, took)], *rest)

        with ExitStack() as stack:
            for connection in connections.all():
                stack.enter_context(connection.execute_wrapper(count))
            return inside(environ, tell)

    return answer

"""The portal's settings with one thing more: each answer says how many queries it cost.

The journeys' portal runs with them; no other does.
"""

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from django.db import connections
from django.http import HttpRequest, HttpResponse

from chongqing_eval.settings import *  # noqa: F403
from chongqing_eval.settings import MIDDLEWARE as STANDING
from tests.journeys import QUERIES

MIDDLEWARE = ["tests.journeys.counting.count_queries", *STANDING]


def count_queries(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    def counted(request: HttpRequest) -> HttpResponse:
        asked = 0

        def note(execute: Any, *statement: Any) -> Any:
            nonlocal asked
            asked += 1
            return execute(*statement)

        with ExitStack() as stack:
            for connection in connections.all():
                stack.enter_context(connection.execute_wrapper(note))
            answer = get_response(request)
        answer[QUERIES] = str(asked)
        return answer

    return counted

"""The application without a server and its door, for programs that speak HTTP."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections


@pytest.fixture
def application() -> Iterator[Any]:
    """The WSGI application, kept (as Django's own test client does) from closing connections."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield get_wsgi_application()  # the door hands requests to threads with connections of their own
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)

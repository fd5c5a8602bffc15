"""The request an entry belongs to, carried without threading it through every service."""

from contextvars import ContextVar

request_id: ContextVar[str] = ContextVar("audit_request_id", default="")

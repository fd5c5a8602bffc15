"""When the record was last verified, by what, and what came of it."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple, Self

from django.db.models import Subquery
from django.utils import timezone

from .apps import VERIFY
from .failing import why
from .models import ChainHead, JobRun

VERIFIED_WITHIN = timedelta(days=2)  # periodic does it every day


class Verified(NamedTuple):
    """``at``: when all was found as recorded; the rest is of the last periodic run."""

    at: datetime | None
    started_at: datetime | None
    finished_at: datetime | None
    is_ok: bool | None
    outcome: str | None
    figures: Any

    @classmethod
    def last(cls) -> Self | None:
        """None while nothing was recorded."""
        run = JobRun.objects.filter(job=VERIFY)
        told = {f"job_{name}": Subquery(run.values(name)) for name in cls._fields[1:]}
        heads = ChainHead.objects.filter(pk=1).annotate(**told)
        row = heads.values_list("verified_at", *told).first()
        return cls(*row) if row else None

    @property
    def why(self) -> str:
        return why(self)

    @property
    def is_failed(self) -> bool:
        """Whether the last run failed and nobody has verified it since."""
        ended = self.finished_at
        return self.is_ok is False and not (ended and self.at and self.at > ended)

    @property
    def is_recent(self) -> bool:
        return self.at is not None and self.at > timezone.now() - VERIFIED_WITHIN

    @property
    def is_periodic(self) -> bool:
        """Else somebody ran the command."""
        begun, ended = self.started_at, self.finished_at
        return bool(self.at and begun and ended and begun <= self.at <= ended)

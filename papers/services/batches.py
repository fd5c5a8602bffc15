"""Many documents at once: asked for in a request, made by whoever works on the queue."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from audit.claims import CLAIMED, Busy
from audit.refusals import Conflict, NotAllowed, Refused, Unusable
from audit.services import record
from districts.models import District, User
from districts.roles import Role
from documents.packing import zipped
from papers import subjects
from papers.kinds import KINDS
from papers.models import Batch, BatchState
from papers.names import Name
from papers.services.making import in_use, make
from schedule.services.reading import today
from selfchecks import clock
from selfchecks.files import fingerprint
from selfchecks.models import SelfCheck

MAY_ASK = (Role.INSPECTOR, Role.MANAGER)
TOLD_EVERY = timedelta(seconds=0.5)
KEPT = timedelta(days=7)
MOST = 20  # of one person: whoever has more made gives up the files of the oldest
MANY = tuple(
    name for name, kind in KINDS.items() if kind.find in (subjects.unit, subjects.self_check)
)
NONE_FOUND = _("没有这份公文要写的对象。")


@task()
def fill(key: int) -> None:
    """Makes a batch; one that is done is left alone, one that is claimed comes later."""
    if (
        work_on(key=key, by=None) is None
        and Batch.objects.filter(pk=key, state=BatchState.WAITING).exists()
    ):
        raise Busy


def ask(*, kind: str, by: User, year: int | None = None) -> Batch:
    """A batch of all units, or of all self-checks of a year. Raises NotAllowed, Unusable."""
    if by.role not in MAY_ASK:
        raise NotAllowed(_("批量公文由市级督学或市级管理员生成。"))
    if kind not in MANY:
        raise Unusable.at("kind", _("这种公文不能批量生成。"))
    references = references_of(kind, year)
    if not references:
        raise Unusable.at("year", _("这一年没有自查，没有可生成的公文。"))
    with transaction.atomic():
        batch = Batch.objects.create(
            kind=kind,
            year=year,
            day=today(),
            references=references,
            asked_by=by,
            asked_at=clock.now(),
        )
        changes = {"kind": kind, "year": year, "counts": len(references)}
        record(action="batch.ask", by=by, on=batch, changes=changes)
        fill.enqueue(batch.pk)
    return batch


def references_of(kind: str, year: int | None) -> list[str]:
    """What the addresses of the documents name."""
    if KINDS[kind].find is subjects.unit:
        rows = District.objects.named_on(today())
        return sorted(row.code for row in rows if row.exists_on(today()))
    found = SelfCheck.objects.filter(year=year or 0).select_related("district")
    return sorted(row.reference for row in found)


def restart(*, batch: Batch, by: User) -> None:
    """Work goes on where nobody works any more. Raises NotAllowed, Conflict."""
    if by.role not in MAY_ASK:
        raise NotAllowed(_("批量公文由市级督学或市级管理员生成。"))
    if batch.state != BatchState.WAITING:
        raise Conflict(_("这批公文已经生成。"))
    if batch.busy_until and not batch.is_stale:
        raise Conflict(_("这批公文正在生成。"))
    fill.enqueue(batch.pk)


def work_on(*, key: int, by: User | None) -> Batch | None:
    """The batch when it is done; None when it was somebody else's to work on."""
    now = timezone.now()
    free = Q(busy_until=None) | Q(busy_until__lt=now)
    rows = Batch.objects.filter(free, pk=key, state=BatchState.WAITING)
    if not rows.update(busy_until=now + CLAIMED, made=0):
        return None
    batch = Batch.objects.select_related("asked_by").get(pk=key)
    documents, failures = _made(batch)
    return _end(batch, documents, failures, by)


def _made(batch: Batch) -> tuple[dict[str, bytes], dict[str, str]]:
    """Every document by its name, and why there is none of some; tells how far it has come."""
    template, said = in_use(batch.kind), timezone.now()
    day = batch.day if KINDS[batch.kind].looks_back else today()
    documents: dict[str, bytes] = {}
    failures: dict[str, str] = {}
    for at, reference in enumerate(batch.references, 1):
        try:
            subject = KINDS[batch.kind].find(batch.asked_by, reference)
            name = f"{Name(batch.kind).label}-{reference}.docx"
            documents[name] = make(batch.kind, subject, day, template)
        except Refused as refusal:
            failures[reference] = str(refusal)
        except Http404:
            failures[reference] = str(NONE_FOUND)
        if timezone.now() - said > TOLD_EVERY:
            said = timezone.now()
            Batch.objects.filter(pk=batch.pk).update(made=at, busy_until=said + CLAIMED)
    return documents, failures


@transaction.atomic
def _end(
    batch: Batch, documents: dict[str, bytes], failures: dict[str, str], by: User | None
) -> Batch:
    locked = Batch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if locked.state == BatchState.WAITING:
        locked.content = zipped(documents)
        locked.sha256, locked.failures = fingerprint(locked.content), failures
        locked.made, locked.busy_until = len(locked.references), None
        locked.state, locked.finished_at = BatchState.DONE, clock.now()
        locked.save()
        changes = {"counts": len(documents), "sha256": locked.sha256}
        record(action="batch.finish", by=by, on=locked, changes=changes)
        own = Batch.objects.filter(state=BatchState.DONE, asked_by=locked.asked_by)
        newest = own.order_by("-finished_at", "-pk").values_list("pk", flat=True)[:MOST]
        _forget(own.exclude(pk__in=list(newest)))
    return locked


def sweep() -> int:
    """Lets go of the files of batches done long ago; that they were made stays."""
    return _forget(
        Batch.objects.filter(state=BatchState.DONE, finished_at__lt=timezone.now() - KEPT)
    )


def _forget(done: QuerySet[Batch]) -> int:
    old = list(done.defer("content"))
    for batch in old:
        with transaction.atomic():
            batch.content, batch.state = None, BatchState.FORGOTTEN
            batch.save(update_fields=["content", "state"])
            record(action="batch.forget", by=None, on=batch)
    return len(old)

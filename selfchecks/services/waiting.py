"""Many documents at once: they wait until each is given its indicator and school, or let go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from audit.refusals import Conflict
from districts.models import User
from selfchecks.contents import files_of, kinds_of
from selfchecks.matching import Known, propose
from selfchecks.models import EvidenceItem, SelfCheck
from selfchecks.services.blockers import lock_editable
from selfchecks.services.documents import Documents, documents_of, subjects_of
from selfchecks.services.evidence import (
    DOING,
    New,
    keep,
    looked_at,
    record_all,
    refuse_unknown,
    register,
    school_of,
)

DISCARD = "-"


class AlreadyAssigned(Conflict):
    """Another tab or person was there first."""

    code = "already_assigned"


@dataclass(frozen=True, slots=True)
class Received:
    """What came of many files: those that wait now, and names of those that were there twice."""

    items: list[EvidenceItem]
    repeated: list[str]


class Choice(NamedTuple):
    """Where a waiting file belongs: a subject, DISCARD, or nothing yet; and which school's it is,
    by code or name."""

    subject: str
    school: str = ""


@transaction.atomic
def receive_files(
    *, self_check: SelfCheck, chosen: Sequence[tuple[str, bytes]], by: User
) -> Received:
    """Keep many files, or archives of them, to be assigned later: all of them or none.

    A file that waits already, or comes twice for the same subject, is kept once. Raises as
    ``add_evidence`` does, naming every file that is not taken.
    """
    locked = lock_editable(self_check, by, doing=DOING)
    sent = files_of(chosen)
    clean = [looked_at(*each) for each in zip(sent, kinds_of(sent), strict=True)]
    known = known_of(locked)
    waiting = locked.evidence_items.filter(removed_at__isnull=True, indicator="")
    seen = {(row.sha256, proposal_for(row, known)[0]) for row in waiting}
    news, repeated = [], []
    for new in (New(*each) for each in clean):
        key = new.sha256, propose(new.sent.where, known)[0]
        if key in seen:
            repeated.append(new.sent.where)
        else:
            news.append(new)
        seen.add(key)
    with keep(self_check=locked, news=news, by=by) as items:
        record_all(self_check=locked, action="evidence.receive", items=items, by=by)
    return Received(items, repeated)


@transaction.atomic
def assign_files(
    *, self_check: SelfCheck, choices: Mapping[int, Choice], by: User
) -> list[EvidenceItem]:
    """Give waiting files their subject and school, or let them go with their bytes.

    What is on its subject already is let go, too. Returns what is attached now. Raises
    AlreadyAssigned when somebody was faster, Unusable for an unknown subject or school.
    """
    locked = lock_editable(self_check, by, doing=DOING)
    waiting = locked.evidence_items.filter(removed_at__isnull=True, indicator="")
    rows = waiting.select_for_update().in_bulk(list(choices))
    if rows.keys() != choices.keys():
        raise AlreadyAssigned(_("列表里的文件有的已经归类或放弃；请看最新的列表。"))
    schools = register(locked)
    taken = set(locked.evidence.values_list("indicator", "sha256"))
    attached, gone = [], []
    for pk, choice in choices.items():
        row, subject = rows[pk], choice.subject
        if subject not in ("", DISCARD):
            refuse_unknown(locked, subject, f"subject_{pk}")
        row.school_code = school_of(schools, choice.school, f"school_{pk}")
        if subject == DISCARD or (subject, row.sha256) in taken:
            gone.append(row)
        elif subject:
            row.indicator = subject
            taken.add((subject, row.sha256))
            row.save(update_fields=["indicator", "school_code"])
            attached.append(row)
    _let_go(gone)
    if attached or gone:
        discarded = [row.sha256 for row in gone]
        record_all(
            self_check=locked,
            action="evidence.assign",
            items=attached,
            by=by,
            discarded=discarded,
        )
    return attached


def known_of(self_check: SelfCheck, documents: Documents | None = None) -> Known:
    """What a file of this self-check may speak of."""
    lines = (documents or documents_of(self_check)).lines
    named = {line.code: line.named for line in lines if line.named}
    with override(settings.LANGUAGE_CODE):  # files are named in Chinese, whoever reads the page
        subjects = subjects_of(self_check)
    return Known(subjects, named, register(self_check))


def proposal_for(item: EvidenceItem, known: Known) -> tuple[str, str]:
    """The subject and the school its name and folders speak of."""
    return propose(item.came_from or item.display_name, known)


def _let_go(rows: Sequence[EvidenceItem]) -> None:
    """They were never part of anything: rows and bytes go."""
    names = [str(row.file) for row in rows]
    EvidenceItem.objects.filter(pk__in=[row.pk for row in rows]).delete()
    for name in names:
        transaction.on_commit(partial(default_storage.delete, name))

"""Takes out of pictures kept earlier what they say beside what they show, and says so."""

from functools import partial
from typing import Any, NamedTuple

from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.text import capfirst

from audit.refusals import Refused
from audit.services import record
from selfchecks import files
from selfchecks.contents import PICTURES, as_kept
from selfchecks.models.append_only import HistoryModel


class Cleaned(NamedTuple):
    """How many were cleaned, and which were left as they are."""

    cleaned: int
    left: list[str]


def clean_pictures() -> Cleaned:
    """Every stored picture of a row that may be rewritten; a second time there is nothing to do.

    Left are those whose file is damaged, and one that is the same picture as another beside it.
    """
    count, left = 0, []
    for folder, model in files.KEPT.items():
        for key in _pictures(model):
            try:
                count += _clean(model, key, folder)
            except (Refused, IntegrityError):
                left.append(f"{capfirst(model._meta.verbose_name)} #{key}")
    return Cleaned(count, left)


def _pictures(model: Any) -> list[int]:
    """Keys of the rows whose file is one; what only ever grows is not rewritten."""
    if issubclass(model, HistoryModel):
        return []
    ending = Q(*(("file__endswith", f".{kind}") for kind in PICTURES), _connector=Q.OR)
    return list(model.objects.filter(ending).order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _clean(model: Any, key: int, folder: str) -> bool:
    """Whether it had something to take out. Raises DamagedFile, IntegrityError."""
    row = model.objects.select_for_update(of=("self",)).get(pk=key)
    earlier, kind = row.file.name, row.file.name.rpartition(".")[2]
    content = files.content_of(row)
    kept = as_kept(content, kind)
    if kept == content:
        return False
    with files.stored(kept, folder, f".{kind}") as name:
        before, row.sha256 = row.sha256, files.fingerprint(kept)
        row.file, row.size = name, len(kept)
        row.save()
        code = model.objects.filter(pk=key).values_list(f"{model.scope}__code", flat=True).get()
        changes = {"sha256": [before, row.sha256], "size": row.size}
        record(action="picture.clean", by=None, on=row, district_code=code, changes=changes)
    transaction.on_commit(partial(default_storage.delete, earlier))
    return True

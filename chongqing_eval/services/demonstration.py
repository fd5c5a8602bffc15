"""Takes demonstration data out again: what was made up, and what hangs on it and on nothing real.

What was made up says so itself (``is_demo``). Whatever points to it goes with it, and so does what
demonstration accounts entered. Nothing goes while something real is among them.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import ForeignKey, Model, Q
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from audit.models import Entry
from audit.refusals import Conflict
from audit.seals import note
from audit.services import label_of, record
from districts.models import School, User
from districts.wording import listed
from improvement.models import Problem, ProblemEntry
from selfchecks.models import Notice

CHUNK = 500
MOST_NAMED = 20
# Nobody's demonstration, whoever entered it: the public reads it, and others build on it.
OF_THE_PUBLIC = {
    *("indicators.standard", "schedule.planversion", "schedule.certificationlist"),
    *("schedule.certificationevent", "selfchecks.evidencerule", "districts.succession"),
}

Keys = dict[type[Model], set[Any]]


@dataclass(slots=True)
class Taken:
    """How many rows of each table went, and how many entries of the record tell of them still."""

    rows: dict[str, int] = field(default_factory=dict)
    entries: int = 0


@transaction.atomic
def remove(*, by: User | None) -> Taken:
    """All demonstration data or none of it. Raises Conflict naming what is real among it."""
    found = everything()
    if real := listed(islice(_real_among(found), MOST_NAMED)):
        raise Conflict(_("演示数据上有真实的数据，什么也没有删除：%s。请先处理它们。") % real)
    for model, keys in found.items():
        note(model, keys)
        for some in _parts(keys):
            rows = model._base_manager.filter(pk__in=some)
            rows._raw_delete(rows.db)
    taken = Taken({_called(model): len(keys) for model, keys in found.items()})
    if found:
        record(action="demo.remove", by=by, changes={"rows": dict(taken.rows)})
    taken.entries = Entry.objects.count()
    return taken


def everything() -> Keys:
    """What was made up and what hangs on it, table by table."""
    found: Keys = defaultdict(set)
    new: Keys = {
        model: set(model._base_manager.filter(is_demo=True).values_list("pk", flat=True))
        for model in apps.get_models()
        if _says_so(model)
    }
    while new := {model: keys - found[model] for model, keys in new.items() if keys - found[model]}:
        for model, keys in new.items():
            found[model] |= keys
        new = _hanging_on(new, found)
    return {model: keys for model, keys in found.items() if keys}


def _says_so(model: type[Model]) -> bool:
    return any(field.name == "is_demo" for field in model._meta.concrete_fields)


def _keys_of(model: type[Model]) -> list[Any]:
    return [each for each in model._meta.concrete_fields if isinstance(each, ForeignKey)]


def _keys_to(model: type[Model]) -> Iterator[Any]:
    """The foreign keys of all tables that point to the model."""
    for other in apps.get_models():
        yield from (key for key in _keys_of(other) if key.related_model is model)


def _hanging_on(new: Keys, found: Keys) -> Keys:
    hanging: Keys = defaultdict(set)
    for model, keys in new.items():
        for key in _keys_to(model):
            rows = key.model._base_manager
            for some in _parts(keys):
                pointing = rows.filter(**{f"{key.name}__in": some})
                hanging[key.model].update(pointing.values_list("pk", flat=True))
    hanging[Problem] |= set(_problems_of_nobody(found))
    return hanging


def _problems_of_nobody(found: Keys) -> Iterator[Any]:
    """A problem that no figures brought points to nothing made up: its school, and who took its
    steps, say what it is."""
    steps = ProblemEntry._base_manager
    by_them = steps.filter(actor__in=found.get(User, ())).values("problem")
    theirs = Q(pk__in=by_them) | Q(
        school_code__in=School.objects.filter(is_demo=True).values("code")
    )
    real = steps.filter(actor__is_demo=False).values("problem")
    yield from (
        Problem._base_manager.filter(theirs).exclude(pk__in=real).values_list("pk", flat=True)
    )


def _called(model: type[Model]) -> str:
    return str(capfirst(model._meta.verbose_name))


def _real_among(found: Keys) -> Iterator[str]:
    """Each row that is real by itself, or that belongs to something which is not taken out."""
    for model, keys in found.items():
        for some in _parts(keys):
            rows = model._base_manager.filter(pk__in=some)
            for row in rows.filter(pk__in=set(_real(rows, model, found))):
                yield f"{_called(model)}「{label_of(row)}」"


def _real(rows: Any, model: type[Model], found: Keys) -> Iterator[Any]:
    """A letter to a real reader about a trial is part of the trial."""
    if model._meta.label_lower in OF_THE_PUBLIC:
        yield from rows.values_list("pk", flat=True)
    if _says_so(model):
        yield from rows.filter(is_demo=False).values_list("pk", flat=True)
    for key in _keys_of(model):
        if _may_be_made_up(key.related_model) and (model, key.related_model) != (Notice, User):
            told = rows.exclude(**{key.name: None}).values_list("pk", key.attname)
            yield from (pk for pk, other in told if other not in found.get(key.related_model, ()))


@cache
def _may_be_made_up(model: type[Model]) -> bool:
    """Whether rows of the table say so, or belong to rows that do."""
    if model._meta.label_lower in OF_THE_PUBLIC:
        return False
    others = (key.related_model for key in _keys_of(model) if key.related_model is not model)
    return _says_so(model) or any(map(_may_be_made_up, others))


def _parts(keys: Iterable[Any]) -> Iterator[list[Any]]:
    """As many at a time as every database takes."""
    ordered = sorted(keys)
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]

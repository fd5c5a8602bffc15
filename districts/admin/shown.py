"""How admin pages show what is only read: states as chips, names in the reader's language."""

from functools import cache
from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from districts.models import District
from districts.scope import PUBLIC
from districts.wording import grouped

# Fields that hold a state, and how they look; states without a look of their own take another's.
CHIPS = {"verdict": "v v-{}"} | dict.fromkeys(
    ("state", "from_state", "to_state", "status", "result"), "st is-{}"
)
WORDED = (models.BooleanField, models.DecimalField)
LIKE = {
    **dict.fromkeys(("kept", "published", "passed", "answered"), "approved"),
    **dict.fromkeys(("refused", "failed", "revoked"), "fail"),
    **dict.fromkeys(("held", "new", "drawn"), "submitted"),
    **dict.fromkeys(("started", "taken_up", "visiting"), "in_review"),
    **dict.fromkeys(("retired", "set_aside", "withdrawn", "cancelled"), "closed"),
    "finished": "approved",
    "passed_on": "open",
}


def fields_of(opts: Any) -> dict[Any, Any]:
    return {field.name: field for field in opts.fields}


def is_chipped(field: Any) -> bool:
    """A state, a yes or no, an amount."""
    return field is not None and (field.name in CHIPS or isinstance(field, WORDED))


def is_told(field: Any) -> bool:
    """A text that stands in the reader's language, too."""
    model = field and field.model
    return isinstance(getattr(model, f"display_{field.name}", None), property) if model else False


def unit_of(row: Any) -> District | None:
    """The unit a row is about, by the way that leads to it."""
    for name in (row.scope if row.scope != PUBLIC else "district").split("__"):
        row = getattr(row, name, None)
    return row if isinstance(row, District) else None


def called(row: Any) -> str:
    """What the row is called, with its unit in the reader's language."""
    if named := getattr(row, "display_name", ""):
        return str(named)
    unit = unit_of(row)
    return str(row).replace(str(unit), unit.display_name, 1) if unit else str(row)


def is_of_unit(model: Any) -> bool:
    """Its rows are units, or stand one step from theirs: a list then names them in one query."""
    near = model.scope in ("district", PUBLIC) and is_named(fields_of(model._meta).get("district"))
    return model is District or near


@cache
def column_of_names(model: Any) -> Any:
    shown = admin.display(description=model._meta.verbose_name)(lambda row: called(row))
    shown.__name__ = "__str__"
    return shown


def is_named(field: Any) -> bool:
    """It points to what has a name in the reader's language."""
    model = field and field.related_model
    return isinstance(getattr(model, "display_name", None), property)


@cache
def chip(model: Any, name: str) -> Any:
    """The field as colour, glyph and word, yes and no in words, names in the reader's language;
    sorts like the field."""
    field: Any = model._meta.get_field(name)

    @admin.display(description=field.verbose_name, ordering=name)
    def shown(row: Any) -> Any:
        value = getattr(row, name)
        if field.is_relation:
            return value.display_name if value else ""
        if is_told(field):
            return getattr(row, f"display_{name}")
        if isinstance(field, models.DecimalField):
            return "" if value is None else grouped(value)
        if name not in CHIPS:
            return (_("✓ 是") if value else _("– 否")) if value is not None else ""
        look = CHIPS[name].format(LIKE.get(value, value))
        word = getattr(row, f"get_{name}_display")()
        return format_html(
            '<span class="{}"><i aria-hidden="true"></i>{}</span>', look, capfirst(word or "")
        )

    shown.__name__ = name
    return shown


@cache
def link(model: Any, name: str) -> Any:
    """What the field points to, by its name in the reader's language."""
    field: Any = model._meta.get_field(name)
    opts = field.related_model._meta

    @admin.display(description=field.verbose_name)
    def shown(row: Any) -> Any:
        value = getattr(row, name)
        if value is None:
            return "-"
        address = reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[value.pk])
        return format_html('<a href="{}">{}</a>', address, value.display_name)

    shown.__name__ = name
    return shown


class NamedFilter(admin.RelatedFieldListFilter):
    """Chooses among units in the reader's language."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> Any:
        ordering = self.field_admin_ordering(field, request, model_admin)
        rows: Any = field.related_model._default_manager.order_by(*ordering)
        return [(row.pk, row.display_name) for row in rows]


admin.FieldListFilter.register(is_named, NamedFilter, take_priority=True)


class NamedValues(admin.AllValuesFieldListFilter):
    """In the reader's language; an empty value is a choice too, and needs a word."""

    def choices(self, changelist: Any) -> Any:
        for choice in super().choices(changelist):
            value = choice["display"]
            yield {**choice, "display": _(str(value)) if value else _("未填")}


admin.FieldListFilter.register(
    lambda field: field.model is District and field.name == "region",
    NamedValues,
    take_priority=True,
)

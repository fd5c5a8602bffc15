"""What every admin page keeps: own scope only, services change, the audit trail is the history."""

from collections.abc import Callable, Iterable
from copy import copy
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from audit import words
from audit.models import Entry
from audit.refusals import Refused, Stale
from audit.wording import changes_of
from districts.access import person_of
from districts.examples import show_examples

from .shown import (
    called,
    chip,
    column_of_names,
    fields_of,
    is_chipped,
    is_named,
    is_of_unit,
    is_told,
    link,
)

SEEN = "seen"
LARGEST = (
    9_999  # of years, counts and places in an order; what a column holds tells a reader nothing
)


class ServiceForm(forms.ModelForm):  # type: ignore[type-arg]
    """A form whose rules are the service's: it repeats a refusal beside the fields it speaks of."""

    refusal: Refused | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        show_examples(self)

    def _get_validation_exclusions(self) -> set[str]:
        # The model's rules are told by the service, in its own words and beside the right field.
        return {field.name for field in self.instance._meta.fields}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.refusal is not None:
            self._repeat(self.refusal)
        return cleaned

    def values(self, names: Iterable[str]) -> dict[str, Any]:
        """Those of the named inputs that are for the service, as it calls them."""
        return {name: self.cleaned_data[name] for name in names if name != SEEN}

    def _repeat(self, refusal: Refused) -> None:
        told = {name: text for name, text in refusal.fields.items() if name in self.fields}
        for name, sentence in told.items():
            self.add_error(name, str(sentence))
        if not told:
            self.add_error(None, str(refusal))


class SeenForm(ServiceForm):
    """Remembers what the reader saw: on a conflict both values stand side by side."""

    tag_of: ClassVar[Callable[..., str]]
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial[SEEN] = self.tag_of(self.instance)

    def _repeat(self, refusal: Refused) -> None:
        super()._repeat(refusal)
        if isinstance(refusal, Stale):
            self._show_both()

    def _show_both(self) -> None:
        names = {field.name for field in self.instance._meta.fields}
        for name in self.changed_data:
            if name in names and name in self.fields:
                shown = self.instance._meta.get_field(name)
                value = _in_words(self.instance, shown)
                self.add_error(name, str(_("现在的内容是「%s」，您填的还没有保存。")) % value)
        data: Any = copy(self.data)
        data[self.add_prefix(SEEN)] = self.tag_of(self.instance)
        self.data = data


def _in_words(instance: models.Model, field: "models.Field[Any, Any]") -> str:
    if field.choices:
        return str(getattr(instance, f"get_{field.name}_display")())
    value = getattr(instance, field.name)
    return str(_("空")) if value in (None, "") else str(value)


class ServiceAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Base of the portal's model admins. Subclasses call a service in ``save_model``."""

    form = ServiceForm
    settled: tuple[str, ...] = ()  # given when the row is made, and not changed any more
    list_per_page = 50
    show_full_result_count = False
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: Any = super().get_queryset(request)
        return rows.visible_to(request.user)

    def lookup_allowed(self, lookup: str, value: Any, request: Any = None) -> bool:
        """Rows are found by what their list shows: Django lets an address ask for every column of
        it, and so for the hash of a password sign by sign."""
        filters = [each[0] if isinstance(each, tuple) else each for each in self.list_filter]
        asked = [getattr(each, "parameter_name", each) for each in filters]
        shown = {str(each).partition("__")[0] for each in (*asked, *self.list_display, "pk", "id")}
        name = lookup.partition("__")[0]
        is_hidden = name in fields_of(self.opts) and name not in shown
        return not is_hidden and super().lookup_allowed(lookup, value, request)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return (*self.readonly_fields, *(self.settled if obj else ()))

    def chipped(self, name: Any) -> Any:
        """What shows the field where it is only read."""
        model: Any = self.model
        field = fields_of(self.opts).get(name)
        if is_named(field):
            return link(model, name)
        return chip(model, name) if is_chipped(field) or is_told(field) else name

    def get_list_display(self, request: HttpRequest) -> Any:
        return [self._listed(name) for name in super().get_list_display(request)]

    def _listed(self, name: Any) -> Any:
        """In lists a name leads nowhere else than its row does."""
        model: Any = self.model
        if name == "__str__" and is_of_unit(model):
            return column_of_names(model)
        return chip(model, name) if is_named(fields_of(self.opts).get(name)) else self.chipped(name)

    def get_list_display_links(self, request: HttpRequest, list_display: Any) -> Any:
        links = super().get_list_display_links(request, list_display)
        return [name if callable(name) else self._listed(name) for name in links or ()]

    def get_list_select_related(self, request: HttpRequest) -> Any:
        # Django looks for what points to other rows among names, and finds functions here.
        fields = fields_of(self.opts)
        names = ("district", *self.list_display) if is_of_unit(self.model) else self.list_display
        has_names = any(is_named(fields.get(name)) for name in names)
        return super().get_list_select_related(request) or has_names

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kw: Any) -> Any:
        shown = context["adminform"]
        if row := context["original"]:
            context |= {"called": (name := called(row)), "subtitle": name}
        shown.fieldsets = [
            (
                title,
                {**options, "fields": [self._chipped_line(shown, f) for f in options["fields"]]},
            )
            for title, options in shown.fieldsets
        ]
        shown.readonly_fields = [self.chipped(name) for name in shown.readonly_fields]
        return super().render_change_form(request, context, *args, **kw)

    def _chipped_line(self, shown: Any, line: Any) -> Any:
        if isinstance(line, list | tuple):
            return [self._chipped_line(shown, name) for name in line]
        return self.chipped(line) if line in shown.readonly_fields else line

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        rows = kwargs.get("queryset", db_field.remote_field.model._default_manager.all())
        kwargs["queryset"] = rows.visible_to(request.user)
        field: Any = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field and is_named(db_field):
            field.label_from_instance = lambda row: row.display_name
        return field

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if isinstance(db_field, models.IntegerField):
            kwargs.setdefault("max_value", LARGEST)
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        # The pencil, plus and eye beside a choice open windows by script; pages work without.
        if field is not None and hasattr(field.widget, "can_add_related"):
            field.widget = field.widget.widget
        return field

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, *args, **kwargs)
        form.refusal = getattr(request, "refusal", None)
        return form

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except Refused as refusal:
            # Everything was rolled back; the form comes again with what was typed and why not.
            request.refusal = refusal  # type: ignore[attr-defined]
            return super().changeform_view(request, *args, **kwargs)

    def response_action(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not all(map(str.isdecimal, request.POST.getlist(ACTION_CHECKBOX_NAME))):
            raise Http404
        return super().response_action(request, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        by = person_of(request)
        if change:
            seen = form.cleaned_data[SEEN]
            self.update(obj, by=by, expected=seen, **form.values(form.changed_data))
        else:
            obj.pk = self.create(obj, by=by, **form.values(form.cleaned_data)).pk

    def create(self, obj: Any, **asked: Any) -> Any:
        """Let the service keep a new row of these values, ``by`` somebody; returns it."""
        raise PermissionDenied(_("这里的内容只能查看。"))

    def update(self, obj: Any, **asked: Any) -> Any:
        """Let the service change the row as it was when ``expected`` was its tag."""
        raise PermissionDenied(_("这里的内容只能查看。"))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        entries = Entry.objects.filter(object_type=self.opts.label_lower, object_id=object_id)
        trail = [
            (entry, words.action_name(entry.action), changes_of(entry)) for entry in entries[:200]
        ]
        row = self.get_object(request, object_id)
        name = called(row) if row else ""
        shown = {"trail": trail, "called": name, "title": _("%s：历史") % name}
        return super().history_view(request, object_id, shown | (extra_context or {}))

    def shown_once(self, request: HttpRequest, page: str, **facts: Any) -> HttpResponse:
        """The one answer that has a password or token in clear."""
        context = {**self.admin_site.each_context(request), "opts": self.opts, **facts}
        return TemplateResponse(request, f"admin/districts/{page}.html", context)

    # The audit trail is the one history; Django's own log would be a second one.
    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any: ...

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any: ...

    def _get_obj_does_not_exist_redirect(self, *args: Any) -> HttpResponse:
        raise Http404


class ViewOnly:
    """Mixin: read, filter and export; nothing else, whatever the role."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

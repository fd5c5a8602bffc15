"""典型经验 in the admin: the city writes, reviews, publishes and takes down."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from districts.admin.base import SEEN, SeenForm, ServiceAdmin, ServiceForm
from improvement.models import Practice, PracticeState
from improvement.services import practices
from improvement.services.effects import effect_of
from improvement.voices.practice_steps import STEPS
from improvement.voices.practice_words import missing_words, rows_of
from indicators.choosing import CodesField

from .steps import Flowing


class PracticeForm(SeenForm):
    tag_of = staticmethod(practices.tag_of)


@admin.register(Practice)
class PracticeAdmin(Flowing, ServiceAdmin):
    flow, service, shows = STEPS, practices, ("problem", "measure")
    list_display = ("title", "district", "state", "indicators", "changed_at")
    list_filter = ("state", "district")
    list_select_related = ("district",)
    search_fields = ("title", "problem", "measure", "district__sought")
    settled = ("district",)
    recorded = ("state", "reason", "written_by", "submitted_by", "published_by", "published_at")
    readonly_fields = (*recorded, "changed_at", "effect")

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        kwargs["form"] = PracticeForm if obj else ServiceForm
        return super().get_form(request, obj, change, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "indicators":
            return CodesField()
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        facts = ("district", *practices.FACTS)
        if obj is None:
            return [(None, {"fields": facts})]
        seen = (SEEN,) if self.has_change_permission(request, obj) else ()
        return [
            (None, {"fields": (*seen, *facts)}),
            (_("成效"), {"fields": ("effect",)}),
            (_("记录"), {"fields": (*self.recorded, "changed_at")}),
        ]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only drafts are changed; everything else by its steps."""
        is_draft = obj is None or obj.state == PracticeState.DRAFT
        return is_draft and super().has_change_permission(request, obj)

    @admin.display(description=_("成效"))
    def effect(self, row: Practice) -> str:
        found = effect_of(row, row.written_by)
        if missing := missing_words(found, (row.year_before, row.year_after)):
            return missing
        said = _("%(name)s %(what)s：%(before)s → %(after)s")
        return "\n".join(str(said) % line for line in rows_of(found))

    def create(self, obj: Practice, **asked: Any) -> Practice:
        return practices.write(**asked)

    def update(self, obj: Practice, **asked: Any) -> None:
        practices.change(practice=obj, **asked)

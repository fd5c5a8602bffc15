"""What was reported, computed and decided, to read only: uploads, results, trail, notices."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from districts.admin.base import ServiceAdmin, ViewOnly
from figures.shown import VALUE, shown
from selfchecks.models import Evaluation, EvidenceItem, Notice, ReviewEntry, UnitResult, Upload
from selfchecks.services.findings import in_words
from selfchecks.services.notice_words import TEXTS, text_of
from selfchecks.workflow import STEP

UNIT = "self_check__district"
PLACE = ("self_check__year", UNIT)
SNAPSHOT = ("inputs", "rules", "outcome")
FOUND_BY = (f"{UNIT}__sought",)


class FoundByReceipt(ServiceAdmin):
    """Also found by the number of a receipt, as it is printed or typed."""

    search_help_text: ClassVar[Any] = _("按区县名称、代码或回执编号查找")

    of_receipt: Callable[..., QuerySet[Any]]  # its rows by unit, year and number

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        named = ReviewEntry.of_receipt(search_term)
        if named is None:
            return super().get_search_results(request, queryset, search_term)
        return self.of_receipt(queryset, *named.values()), False


class HistoryAdmin(ViewOnly, ServiceAdmin):
    """Of a self-check; found by unit, narrowed by year."""

    list_filter: ClassVar[Any] = PLACE
    search_fields: ClassVar[Any] = FOUND_BY
    search_help_text: ClassVar[Any] = _("按区县名称或代码查找")
    list_select_related: ClassVar[Any] = (UNIT,)
    wide: ClassVar[tuple[str, ...]] = ()  # up to megabytes a row: only the row's own page reads it

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).defer(*self.wide)


def _table(heads: Iterable[Any], rows: Iterable[Iterable[Any]]) -> SafeString:
    head = format_html_join("", "<th scope='col'>{}</th>", ((head,) for head in heads))
    body = format_html_join(
        "", "<tr>{}</tr>", ((format_html_join("", "<td>{}</td>", ((c,) for c in r)),) for r in rows)
    )
    return format_html("<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>", head, body)


@admin.register(Upload)
class UploadAdmin(HistoryAdmin):
    list_display = (
        *("self_check", "number", "status", "is_current", "display_name", "uploaded_by"),
        *("uploaded_at", "error_count", "warning_count"),
    )
    list_filter = ("status", "is_current", *PLACE)
    list_select_related = (UNIT, "uploaded_by")
    wide = ("findings", "reasons", "changes")
    fields = (
        *("self_check", "number", "status", "is_current", "display_name", "size", "sha256"),
        *("uploaded_by", "uploaded_at", "kept_at", "school_count", "warnings"),
    )
    readonly_fields = ("warnings",)

    @admin.display(description=_("警告和区县的说明"))
    def warnings(self, upload: Upload) -> SafeString | str:
        heads = (_("位置"), pgettext("finding", "问题"), _("填写的内容"), _("预期"), _("说明"))
        rows = []
        for found in upload.findings:
            if found["level"] == "warning":
                words, reason = in_words(found), upload.reasons.get(found["id"], "")
                place = f"{words['sheet']} {words['cell']}".strip()
                rows.append((place, words["what"], words["found"], words["expected"], reason))
        return _table(heads, rows) if rows else ""


@admin.register(Evaluation)
class EvaluationAdmin(HistoryAdmin):
    list_display = (
        *("self_check", "number", "verdict", "evaluated_at", "evaluated_by", "short_digest"),
    )
    list_filter = ("verdict", "standard", *PLACE)
    list_select_related = (UNIT, "evaluated_by")
    search_fields = (*FOUND_BY, "digest")
    fields = (
        *("self_check", "number", "upload", "standard", "engine", "verdict", "digest"),
        *("evaluated_at", "evaluated_by"),
    )
    wide = SNAPSHOT


@admin.register(UnitResult)
class UnitResultAdmin(HistoryAdmin):
    list_display = ("school_name", "school_code", "stage", "unit", "verdict", "met_count")
    list_filter = ("verdict", "stage", "evaluation__self_check__year")
    list_select_related = (f"evaluation__{UNIT}",)
    wide = ("indicators", *(f"evaluation__{column}" for column in SNAPSHOT))
    search_fields = ("school_name", "school_code", f"evaluation__{UNIT}__name")
    search_help_text = _("按学校名称、标识码或区县查找")
    fields = (
        *("evaluation", "school_name", "school_code", "stage", "is_counted", "verdict"),
        *("met_count", "figures"),
    )
    readonly_fields = ("figures",)

    @admin.display(description=pgettext_lazy("one", "自查"))
    def unit(self, row: UnitResult) -> str:
        return str(row.evaluation.self_check)

    @admin.display(description=_("各指标"))
    def figures(self, row: UnitResult) -> SafeString:
        rows = [
            (code, shown(f["value"], VALUE) if f["value"] else "", f["threshold"])
            for code, f in row.indicators.items()
        ]
        return _table((_("指标"), _("数值"), _("达标值")), rows)


@admin.register(EvidenceItem)
class EvidenceItemAdmin(HistoryAdmin):
    list_display = (
        *("display_name", "indicator", "self_check", "kind", "size", "added_by", "added_at"),
    )
    list_filter = ("indicator", "kind", *PLACE)
    list_select_related = (UNIT, "added_by")
    fields = (
        *("self_check", "indicator", "display_name", "kind", "size", "sha256", "note"),
        *("added_by", "added_at", "removed_by", "removed_at"),
    )


@admin.register(ReviewEntry)
class ReviewEntryAdmin(FoundByReceipt, HistoryAdmin):
    list_display = ("taken_at", "self_check", "step_words", "actor_name", "to_state", "comment")
    list_display_links = ("taken_at", "self_check")
    list_filter = ("step", "to_state", *PLACE)
    fields = (
        *("self_check", "number", "step_words", "from_state", "to_state", "actor", "actor_name"),
        *("taken_at", "comment", "upload", "evaluation", "evaluation_digest", "due_on"),
    )
    readonly_fields = ("step_words",)

    def of_receipt(self, rows: QuerySet[Any], unit: str, year: int, number: int) -> QuerySet[Any]:
        """The submission and what was decided on it since."""
        place = {f"{UNIT}__code": unit, "self_check__year": year}
        return rows.filter(**place, number__gte=number)

    @admin.display(description=_("步骤"), ordering="step")
    def step_words(self, entry: ReviewEntry) -> str:
        return str(STEP[entry.step].label)


class KindFilter(admin.AllValuesFieldListFilter):
    """Kinds by the sentence they say, with its gaps left open."""

    def choices(self, changelist: Any) -> Any:
        gaps: Any = defaultdict(lambda: "…")
        for choice in super().choices(changelist):
            kind = str(choice["display"])
            yield {**choice, "display": TEXTS.get(kind, kind) % gaps}


class ReadFilter(admin.EmptyFieldListFilter):
    def choices(self, changelist: Any) -> Any:
        words = (_("全部"), _("未读"), _("已读"))
        for choice, word in zip(super().choices(changelist), words, strict=True):
            yield {**choice, "display": word}


@admin.register(Notice)
class NoticeAdmin(HistoryAdmin):
    list_display = ("created_at", "words", "self_check", "read_at")
    list_display_links = ("created_at",)
    list_filter = (("kind", KindFilter), ("read_at", ReadFilter))
    fields = ("created_at", "words", "self_check", "read_at", "email_state")
    readonly_fields = ("words",)

    @admin.display(description=_("内容"))
    def words(self, notice: Notice) -> str:
        return text_of(notice)

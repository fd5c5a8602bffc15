"""The figures of schools as a table for the admin: the same columns as the workbook.

Bureaus send workbooks through ``services.uploads``; this is for taking a table out, and for
correcting figures of one open self-check in bulk with a preview.
"""

from decimal import Decimal
from typing import Any

import tablib
from django.db.models import QuerySet
from django.utils.translation import gettext, gettext_lazy
from import_export import fields, resources, widgets
from import_export.instance_loaders import CachedInstanceLoader

from audit.refusals import Conflict
from audit.services import record
from districts.models import School, User
from districts.wording import listed
from indicators.calculation.problems import TEXTS, Unreadable
from indicators.calculation.school_intake import NOT_APPLICABLE, read_field
from indicators.raw_fields import SCHOOL_FIELDS, STAGES_OF_TYPE, RawField
from selfchecks import clock
from selfchecks.models import SchoolRecord, SelfCheck
from selfchecks.services.steps import lock
from selfchecks.workbook.values import show


class FigureWidget(widgets.Widget):
    """Reads a figure the strict way of the calculation; says why when it cannot be taken."""

    def __init__(self, raw: RawField) -> None:
        super().__init__()
        self.raw = raw

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        text = "" if value is None else str(value).strip()
        stages = STAGES_OF_TYPE.get(str((row or {}).get("school_type")))
        try:
            read = read_field(self.raw, text, stages)
        except Unreadable as refusal:
            what, _expected = TEXTS[refusal.code]
            params = {"label": gettext(self.raw.label), "type": "", "stage": "", **refusal.params}
            raise ValueError(gettext(what).format(**params)) from refusal
        if isinstance(read, int) and self.raw.places:
            return Decimal(read).scaleb(-self.raw.places)
        return "" if read is None and self.raw.kind in {"text", "choice"} else read


class FigureField(fields.Field):
    """A column named by its public code; 不适用 is kept beside the empty figure."""

    def __init__(self, raw: RawField) -> None:
        super().__init__(attribute=raw.code, column_name=raw.code, widget=FigureWidget(raw))

    def save(self, instance: Any, row: Any, is_m2m: bool = False, **kwargs: Any) -> None:
        value = self.clean(row, **kwargs)
        absent = [code for code in instance.not_applicable if code != self.attribute]
        if value == NOT_APPLICABLE:
            value, absent = None, [*absent, self.attribute]
        instance.not_applicable = absent
        setattr(instance, self.attribute, value)

    def export(self, instance: Any, **kwargs: Any) -> Any:
        if self.attribute in instance.not_applicable:
            return NOT_APPLICABLE
        value = getattr(instance, self.attribute)
        return "" if value is None else show(value)


class SchoolRecordResource(resources.ModelResource):
    """``self_check`` and ``by`` are needed to import; ``viewer`` limits what is exported."""

    class Meta:
        model = SchoolRecord
        fields = tuple(raw.code for raw in SCHOOL_FIELDS)
        export_order = fields
        import_id_fields = ("school_code",)
        instance_loader_class = CachedInstanceLoader
        use_transactions = True
        clean_model_instances = True
        skip_unchanged = True
        report_skipped = True

    def __init__(
        self,
        self_check: SelfCheck | None = None,
        by: User | None = None,
        viewer: User | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.fields = {raw.code: FigureField(raw) for raw in SCHOOL_FIELDS}
        self.self_check, self.by, self.viewer = self_check, by, viewer or by

    def get_queryset(self) -> QuerySet[SchoolRecord]:
        rows = SchoolRecord.objects.visible_to(self.viewer).order_by("self_check", "school_code")
        return rows.filter(self_check=self.self_check) if self.self_check else rows

    def import_data(self, dataset: tablib.Dataset, *args: Any, **kwargs: Any) -> Any:
        # By default the good rows of a bad table would stay.
        kwargs["rollback_on_validation_errors"] = True
        return super().import_data(dataset, *args, **kwargs)

    def before_import(self, dataset: tablib.Dataset, **kwargs: Any) -> None:
        if self.self_check is None or self.by is None:
            raise Conflict(gettext_lazy("请先选定一份自查,再导入学校数据。"))
        if not dataset.dict:
            raise Conflict(gettext_lazy("表里没有数据行。"))
        self.self_check = lock(self.self_check, self.by)
        if not self.self_check.is_editable:
            raise Conflict(
                gettext_lazy("这份自查现在是「%s」,不能改动数据。")
                % self.self_check.get_state_display()
            )
        self.upload = self.self_check.uploads.filter(is_current=True).first()
        if self.upload is None:
            raise Conflict(gettext_lazy("还没有采用任何工作簿;请先由区县上传。"))
        self._refuse_unknown_columns(dataset)
        self._refuse_duplicates(dataset)
        schools = School.objects.filter(district=self.self_check.district_id)
        self.register = {school.code: school for school in schools}

    def _refuse_unknown_columns(self, dataset: tablib.Dataset) -> None:
        unknown = set(dataset.headers or ()) ^ set(self.fields)
        if unknown:
            raise Conflict(gettext_lazy("列与工作簿不同:%s。") % listed(sorted(map(str, unknown))))

    @staticmethod
    def _refuse_duplicates(dataset: tablib.Dataset) -> None:
        codes = [str(code) for code in dataset["school_code"]]
        twice = sorted({code for code in codes if codes.count(code) > 1})
        if twice:
            raise Conflict(gettext_lazy("学校标识码重复:%s。") % listed(twice))

    def before_save_instance(self, instance: SchoolRecord, row: Any, **kwargs: Any) -> None:
        instance.cells = {}  # these figures came from no workbook

    def import_instance(self, instance: SchoolRecord, row: Any, **kwargs: Any) -> None:
        instance.self_check, instance.upload = self.self_check, self.upload
        instance.school = self.register.get(str(row["school_code"]))
        super().import_instance(instance, row, **kwargs)

    def after_import(self, dataset: tablib.Dataset, result: Any, **kwargs: Any) -> None:
        if result.has_errors() or result.has_validation_errors() or kwargs.get("dry_run"):
            return
        if not (result.totals["new"] or result.totals["update"]):
            return
        self._count_change()
        record(
            action="records.import",
            by=self.by,
            on=self.self_check,
            district_code=self.self_check.district.code,
            changes={"counts": {kind: n for kind, n in result.totals.items() if n}},
        )

    def _count_change(self) -> None:
        """Whoever read the self-check before is told that it is no longer the same."""
        assert self.self_check is not None
        self.self_check.version += 1
        self.self_check.changed_at = clock.now()
        self.self_check.save(update_fields=["version", "changed_at"])

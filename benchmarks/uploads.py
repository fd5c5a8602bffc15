"""How fast is a district's workbook, beside django-import-export? 400 schools, all raw fields.

Run with ``python -m benchmarks.uploads``. Preview and import on a throw-away SQLite file (or the
``DATABASE_URL`` given), creating and updating, against a default ModelResource's dry run + import.
"""

import os
import resource
import secrets
import tempfile
import time
from collections.abc import Callable
from contextlib import redirect_stdout
from decimal import Decimal
from io import StringIO
from typing import Any

SCHOOLS = 400


def prepare(folder: str) -> None:
    os.environ.update(
        DJANGO_SETTINGS_MODULE="chongqing_eval.settings",
        DEBUG="0",
        SECRET_KEY=secrets.token_urlsafe(64),
        ALLOWED_HOSTS="testserver",
        MEDIA_ROOT=folder,
    )
    os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder}/bench.sqlite3")
    import django

    django.setup()
    from django.core.management import call_command

    with redirect_stdout(StringIO()):
        call_command("migrate", verbosity=0)
        call_command("load_reference")
        call_command("load_demo", districts=["500106"], schools=SCHOOLS, years=1)


def timed(call: Callable[[], Any]) -> tuple[float, Any]:
    started = time.process_time()
    answer = call()
    return time.process_time() - started, answer


def workbooks(self_check: Any) -> tuple[bytes, bytes]:
    """The unit's workbook, and the same with one figure of every school changed."""
    from selfchecks.demo.filled import Unit, filled
    from selfchecks.services.demo import payload_of

    names = dict(self_check.standard.indicators.values_list("code", "name"))
    unit = Unit(self_check.year, self_check.district.code, self_check.district.name, names)
    payload = payload_of(self_check, seed=1)
    changed = [
        (place, "equipment_value", Decimal(row["equipment_value"]) + 1)
        for place, row in enumerate(payload["schools"])
    ]
    return filled(unit, payload), filled(unit, payload, changed)


def ours(self_check: Any, content: bytes, by: Any) -> tuple[float, float]:
    """Seconds of the answer to a look, and of look + keep together."""
    from selfchecks.services import uploads

    given = {"self_check": self_check, "content": content, "name": "a.xlsx"}
    look, _preview = timed(lambda: uploads.preview(**given))
    keep, _kept = timed(lambda: uploads.keep(**given, by=by))
    return look, look + keep


def theirs(self_check: Any, content: bytes, upload: Any) -> float:
    """Default dry run + import of the same rows by a plain ModelResource, parsing included."""
    from import_export import resources
    from import_export.formats.base_formats import XLSX

    from districts.models import School
    from indicators.raw_fields import SCHOOL_FIELDS
    from selfchecks.models import SchoolRecord
    from selfchecks.workbook.layout import CODE_ROW, FIRST_DATA_ROW

    codes = [raw.code for raw in SCHOOL_FIELDS]
    schools = dict(School.objects.values_list("code", "pk"))

    class Plain(resources.ModelResource):
        class Meta:
            model = SchoolRecord
            fields = tuple(codes)
            import_id_fields = ("school_code",)

        def before_save_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
            instance.self_check, instance.upload = self_check, upload
            instance.school_id = schools[instance.school_code]

    def run() -> None:
        table = XLSX().create_dataset(content)
        del table[: FIRST_DATA_ROW - 1 - CODE_ROW]  # labels and rules
        for place, row in enumerate(table):  # 不适用 is nothing a plain resource knows
            table[place] = [None if value == "不适用" else value for value in row]
        for is_dry in (True, False):
            result = Plain().import_data(table, dry_run=is_dry, raise_errors=True)
            if result.has_validation_errors():
                raise RuntimeError("the plain import refuses the same rows")

    return timed(run)[0]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        prepare(folder)
        measure()


def measure() -> None:
    from districts.models import User
    from selfchecks.models import SchoolRecord, SelfCheck

    self_check = SelfCheck.objects.select_related("district", "standard").get()
    by = User.objects.get(username="officer_500106")
    SelfCheck.objects.update(state="draft")
    self_check.refresh_from_db()
    print(f"{'':<10}{'look s':>8}{'look+keep s':>13}{'import-export s':>17}{'×':>7}")
    for name, content in zip(("新建", "更新"), workbooks(self_check), strict=True):
        upload = self_check.uploads.last()
        if name == "新建":
            SchoolRecord.objects.all().delete()
        plain = theirs(self_check, content, upload)
        if name == "新建":
            SchoolRecord.objects.all().delete()
        look, both = ours(self_check, content, by)
        print(f"{name:<10}{look:>8.2f}{both:>13.2f}{plain:>17.2f}{plain / both:>7.1f}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"内存峰值 peak memory {peak:.0f} MB")


if __name__ == "__main__":
    main()

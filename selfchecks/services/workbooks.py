"""The workbooks a district sends and receives: what is expected of one, the template, the marks."""

from django.core.files.uploadedfile import UploadedFile
from django.db.models import F

from districts.tables import FileRefused
from figures.relations import contradicts
from figures.table import PRIVATE
from selfchecks import files
from selfchecks.models import SelfCheck, Upload
from selfchecks.services.checking import last_year_of, register_of
from selfchecks.services.findings import revive
from selfchecks.workbook.reading import DATA_SHEETS
from selfchecks.workbook.template import Prefill, write_template
from workbooks.findings import Refused
from workbooks.guard import only_file, refuse_beyond
from workbooks.writer import mark


def workbook_of(files: list["UploadedFile[bytes]"]) -> tuple[bytes, str]:
    """Bytes and name of the one workbook that was sent. Raises FileRefused."""
    try:
        file = only_file(files)
        refuse_beyond(file.size or 0)
    except Refused as refused:
        raise FileRefused(refused) from refused
    return file.read(), file.name or ""


def template_for(self_check: SelfCheck) -> bytes:
    """The year's workbook: schools of the register filled in, last year's figures in grey.

    Raises Conflict while the register is empty.
    """
    return write_template(prefill_of(self_check))


def prefill_of(self_check: SelfCheck) -> Prefill:
    """What the template already knows. Raises Conflict while the register is empty."""
    before = last_year_of(self_check)
    known = ("school_type", "location", "ownership")
    rows = register_of(self_check).values(*known, school_code=F("code"), school_name=F("name"))
    for row in rows:
        known_as = before.schools.get(row["school_code"], {}).get("organiser") or None
        fits = not contradicts(known_as, row["ownership"])
        row["organiser"] = PRIVATE if row["ownership"] == PRIVATE else known_as if fits else None
    return Prefill(
        year=self_check.year,
        unit_code=self_check.district.code,
        unit_name=self_check.district.name,
        schools=list(rows),
        last_year=before.schools,
        last_year_district=before.district,
        indicator_names=dict(self_check.standard.indicators.values_list("code", "name")),
        optional_veto=self_check.standard.optional_veto,
    )


def template_name(self_check: SelfCheck) -> str:
    """The file name offered for download."""
    return f"{self_check.district.name}-{self_check.year}年度自查.xlsx"


def marked_workbook(upload: Upload) -> bytes:
    """The uploader's own file, every problem marked at its cell and listed on the first sheet."""
    findings = [revive(finding) for finding in upload.findings]
    return mark(files.content_of(upload), findings, DATA_SHEETS)


def marked_name(upload: Upload) -> str:
    """The file name offered for download; what was CSV comes back as a workbook."""
    return f"{upload.display_name.rpartition('.')[0] or upload.display_name}-标注.xlsx"

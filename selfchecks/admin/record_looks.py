"""What importing a table of school figures would do: what the table says, then the full check."""

from collections.abc import Iterator, Sequence

from districts.models import User
from districts.tables import Problem, TableResult, TableRow
from selfchecks.models import SelfCheck
from selfchecks.resources import SchoolRecordResource
from selfchecks.services.checking import Preview
from selfchecks.services.corrections import preview_correction
from selfchecks.services.findings import in_words

_CODES = {column.column_name: column.attribute for column in SchoolRecordResource().columns}


def look_at(self_check: SelfCheck, content: bytes, name: str, by: User) -> TableResult:
    """Changes and problems by row; the workbook that would come of it is checked as any other.

    Raises NotAllowed or Conflict when the self-check takes no corrections now.
    """
    resource = SchoolRecordResource(by, self_check)
    found = resource.look(resource.read(content, name))
    if found.problems or not found.changes:
        return found
    checked = preview_correction(self_check=self_check, values=values_of(found), by=by)
    found.problems = list(_problems(checked, found.changes))
    return found


def values_of(found: TableResult) -> dict[tuple[str, str], str]:
    """(school code, field) → the new value."""
    return {
        (change.instance.school_code, _CODES[header]): after
        for change in found.changes
        for header, _before, after in change.values
    }


def _problems(checked: Preview, changes: Sequence[TableRow]) -> Iterator[Problem]:
    """Errors of the workbook beside the row of the table that brings them, as far as one does."""
    rows = {
        (change.instance.sheet, cell): (change.number, header, after)
        for change in changes
        for header, _before, after in change.values
        if (cell := change.instance.cells.get(_CODES[header]))
    }
    for finding in checked.findings:
        if finding["level"] != "error":
            continue
        told = in_words(finding)
        place = f"{told['sheet']}!{told['cell']}" if told["cell"] else told["field"]
        row, column, found = rows.get((told["sheet"], told["cell"]), (0, place, told["found"]))
        sentence = "".join((told["what"], told["expected"], told["fix"]))
        yield Problem(row, column, found, sentence)

"""Tables people exchange, as django-import-export resources: looking finds what keeping would
do and every problem by row and column; services keep it."""

import hashlib
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any, NamedTuple

import tablib
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext as _
from import_export import resources
from import_export.results import Result, RowResult

from audit.refusals import Unusable
from districts.columns import Column
from workbooks.entry import NO_ANSWER, Answer, SheetLayout
from workbooks.findings import Finding, Severity
from workbooks.findings import Refused as RefusedFile
from workbooks.guard import refuse_beyond
from workbooks.tables import Table, read_table


class FileRefused(Unusable):
    """The file as a whole cannot be taken; ``code`` says which of the file states it is."""

    def __init__(self, refused: RefusedFile) -> None:
        super().__init__(refused.finding.render(gettext), code=refused.state)
        self.finding = refused.finding
        self.fields = {"file": self.sentence}
        if self.code == "too_big":
            self.status = 413


def refuse_too_big(size: int) -> None:
    """An upload is refused by its size before it is read."""
    try:
        refuse_beyond(size)
    except RefusedFile as refused:
        raise FileRefused(refused) from refused


class Problem(NamedTuple):
    """What is wrong, and where: the row as Excel counts, the column by its header."""

    row: int
    column: str
    found: str
    sentence: str


class TableRow(RowResult):
    """A row's result with its number as Excel counts, and per column before and after."""

    number = 0
    values: tuple[tuple[str, str, str], ...] = ()


class TableResult(Result):
    """What keeping a table would do: import-export's result, every problem by row and column."""

    notes: tuple[str, ...] = ()  # what to look at before confirming
    tag = ""  # changes when looking again finds something else than the reader saw

    def __init__(self) -> None:
        super().__init__()
        self.problems: list[Problem] = []

    @property
    def changes(self) -> list[TableRow]:
        return [row for row in self.rows if row.is_new() or row.is_update()]


class TableResource(resources.ModelResource):
    """Reads rows into unsaved instances and says what would change."""

    class Meta:
        skip_diff = True  # it would cost a deep copy of each row; before and after are texts here
        store_instance = True
        report_skipped = True

    key = "code"  # the column that says which row of the register is meant
    unchecked: tuple[str, ...] = ()  # relations: validating them would ask per row

    def __init__(self, viewer: Any = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.viewer = viewer
        self.existing: dict[str, Any] = {}
        self.before: dict[str, str] = {}

    # -- reading -------------------------------------------------------------------------------

    def read(self, content: bytes, name: str) -> Table:
        """The rows of an uploaded file. Raises FileRefused when it cannot be read at all."""
        try:
            return read_table(content, name, self.layout)
        except RefusedFile as refused:
            raise FileRefused(refused) from refused

    @property
    def layout(self) -> SheetLayout:
        key = self.fields[self.key].entry.code
        name = str(capfirst(self._meta.model._meta.verbose_name))
        return SheetLayout(name, key, tuple(column.entry for column in self.columns))

    def look(self, table: Table) -> TableResult:
        """What keeping these rows would do. It asks the database in few queries, opens no
        transaction (import-export's own would hold SQLite's write lock) and writes nothing."""
        errors = [finding for finding in table.findings if finding.severity == Severity.ERROR]
        result = self._rows(table) if table.rows else TableResult()
        result.problems[:0] = [_problem(finding) for finding in errors]
        result.problems.sort(key=lambda problem: problem.row)
        doubts = (found.render(gettext) for found in table.findings if found not in errors)
        new = [row for row in result.changes if row.is_new()]
        remarks = (
            _("第 %(row)s 行：%(text)s") % {"row": row.number, "text": text}
            for row in new
            for text in self.remarks(row.instance)
        )
        result.notes = (*doubts, *remarks)
        seen = repr([(row.number, row.import_type, row.values) for row in result.changes])
        result.tag = hashlib.sha256(seen.encode()).hexdigest()
        return result

    def _rows(self, table: Table) -> TableResult:
        headers = {column.entry.code: column.column_name for column in self.columns}
        codes = [entry.code for entry in table.columns]
        self.numbers = [row.number for row in table.rows]
        data = tablib.Dataset(headers=[headers[code] for code in codes])
        for row in table.rows:
            data.append([row.answer(code) for code in codes])
        self.learn(data)
        result: TableResult = self.import_data_inner(data, True, False, False, False)
        for failed in (*result.base_errors, *(row.errors[0] for row in result.error_rows)):
            raise failed.error
        result.problems = [*self._invalid(result, data), *self._doubles(result, data)]
        result.problems += [
            Problem(row.number, self.fields[name].column_name, "", sentence)
            for row in result.rows
            if row.instance is not None
            for name, sentence in self.between(row.instance)
        ]
        return result

    def texts_in(self, data: tablib.Dataset, name: str) -> set[str]:
        """What stands in a column, blanks left out."""
        header = self.fields[name].column_name
        answers: list[Answer] = data[header] if header in data.headers else []
        return {str(answer.value) for answer in answers if answer.value is not None}

    def learn(self, data: tablib.Dataset) -> None:
        """Fetch, in few queries, what the rows refer to."""

    # -- what import-export asks -----------------------------------------------------------------

    def get_result_class(self) -> type[TableResult]:
        return TableResult

    def get_row_result_class(self) -> type[TableRow]:
        return TableRow

    def validate_instance(
        self, instance: Any, import_validation_errors: Any = None, validate_unique: bool = True
    ) -> None:
        errors = dict(import_validation_errors or {})
        unchecked = [*errors, *self.unchecked]
        for rules in (partial(instance.clean_fields, exclude=unchecked), instance.clean):
            try:
                rules()
            except ValidationError as error:
                errors = error.update_error_dict(errors)
        for name, sentence in self.contradictions(instance):
            errors.setdefault(name, ValidationError(sentence))
        if errors:
            raise ValidationError(errors)

    def contradictions(self, instance: Any) -> Iterable[tuple[str, str]]:
        """What is wrong between the values of a row, as (attribute, sentence)."""
        return ()

    def get_instance(self, instance_loader: Any, row: Any) -> Any:
        return self.existing.get(row[self.fields[self.key].column_name].value)

    def after_init_instance(self, instance: Any, new: bool, row: Any, **kwargs: Any) -> None:
        self.before = {} if new else self.texts_of(instance)

    def after_import_row(self, row: Any, row_result: TableRow, **kwargs: Any) -> None:
        after = self.texts_of(row_result.instance)
        values = ((header, self.before.get(header, ""), after[header]) for header in row)
        row_result.number = self.numbers[kwargs["row_number"] - 1]
        row_result.values = tuple(value for value in values if value[1] != value[2])
        if not row_result.values:
            row_result.import_type = RowResult.IMPORT_TYPE_SKIP

    def texts_of(self, instance: Any) -> dict[str, str]:
        return {column.column_name: str(column.export(instance)) for column in self.columns}

    @property
    def columns(self) -> list[Column]:
        return [self.fields[name] for name in self._meta.fields]

    # -- telling -------------------------------------------------------------------------------

    def remarks(self, instance: Any) -> Iterable[str]:
        """What is odd about a new row without being wrong."""
        return ()

    def between(self, instance: Any) -> Iterable[tuple[str, str]]:
        """What is wrong between rows, asked when all have been read, as (attribute, sentence)."""
        return ()

    def _invalid(self, result: TableResult, data: tablib.Dataset) -> Iterator[Problem]:
        headers = {column.attribute: column.column_name for column in self.columns}
        for invalid in result.invalid_rows:
            answers = dict(zip(data.headers, data[invalid.number - 1], strict=True))
            row = self.numbers[invalid.number - 1]
            for name, sentences in invalid.error_dict.items():
                header = headers.get(name, "")
                answer = answers.get(header, NO_ANSWER)
                if str(sentences[0]):  # else the reader has a finding for it
                    yield Problem(row, header, answer.raw, str(sentences[0]))

    def _doubles(self, result: TableResult, data: tablib.Dataset) -> Iterator[Problem]:
        column = self.fields[self.key]
        first: dict[str, int] = {}
        texts = data[column.column_name]
        for row, text, number in zip(result.rows, texts, self.numbers, strict=True):
            name = str(column.export(row.instance)) if row.instance else text.raw
            earlier = first.setdefault(name, number)
            if name and earlier != number:
                sentence = _("与第 %s 行重复；每个只能有一行。") % earlier
                yield Problem(number, column.column_name, text.raw, sentence)


def _problem(finding: Finding) -> Problem:
    return Problem(finding.row or 1, finding.field, finding.found, finding.render(gettext))

"""Tables people exchange, as django-import-export resources: looking finds what keeping would
do and every problem by row and column; services keep it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import tablib
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext as _
from import_export import resources

from audit.refusals import Unusable
from districts.columns import Column
from workbooks.entry import SheetLayout
from workbooks.findings import Finding, Severity
from workbooks.findings import Refused as RefusedFile
from workbooks.rows import NO_ANSWER, Answer
from workbooks.tables import Table, read_table


class FileRefused(Unusable):
    """The file as a whole cannot be taken; ``code`` says which of the file states it is."""

    def __init__(self, refused: RefusedFile) -> None:
        super().__init__(refused.finding.render(gettext), code=refused.state)
        self.finding = refused.finding
        self.fields = {"file": self.sentence}
        if self.code == "too_big":
            self.status = 413


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and where: the row as Excel counts, the column by its header."""

    row: int
    column: str
    found: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Change:
    """A row that would change something: per column before and after (before None: new)."""

    row: int
    instance: Any
    is_new: bool
    values: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Look:
    """What keeping the file would do; nothing is stored by looking."""

    changes: tuple[Change, ...] = ()
    unchanged: int = 0
    problems: tuple[Problem, ...] = ()
    notes: tuple[Finding, ...] = ()  # warnings and notices of the reader

    @property
    def new(self) -> tuple[Change, ...]:
        return tuple(change for change in self.changes if change.is_new)

    @property
    def changed(self) -> tuple[Change, ...]:
        return tuple(change for change in self.changes if not change.is_new)

    @property
    def tag(self) -> str:
        """Changes when looking again finds something else than the reader saw."""
        return repr([(change.row, change.is_new, change.values) for change in self.changes])


class TableResource(resources.ModelResource):
    """Reads rows into unsaved instances and says what would change."""

    class Meta:
        skip_diff = True
        store_instance = True

    key = "code"  # the column that says which row of the register is meant
    unchecked: tuple[str, ...] = ()  # relations: validating them would ask per row

    def __init__(self, viewer: Any = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.viewer = viewer
        self.existing: dict[str, Any] = {}
        self.before: list[dict[str, str] | None] = []

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
        name = str(self._meta.model._meta.verbose_name)
        return SheetLayout(name, key, tuple(column.entry for column in self.columns))

    def look(self, table: Table) -> Look:
        """What keeping these rows would do; asks the database once, writes nothing."""
        found = [finding for finding in table.findings if finding.severity == Severity.ERROR]
        self.problems = [_problem(finding) for finding in found]
        self.notes = tuple(f for f in table.findings if f.severity != Severity.ERROR)
        if not table.rows:
            return Look(problems=tuple(self.problems), notes=self.notes)
        headers = {column.entry.code: column.column_name for column in self.columns}
        codes = [entry.code for entry in table.columns]
        self.numbers = [row.number for row in table.rows]
        data = tablib.Dataset(headers=[headers[code] for code in codes])
        for row in table.rows:
            data.append([row.answer(code) for code in codes])
        self.learn(data)
        result = self.import_data_inner(data, True, False, False, False)
        return self._summary(result, data)

    def texts_in(self, data: tablib.Dataset, name: str) -> set[str]:
        """What stands in a column, blanks left out."""
        header = self.fields[name].column_name
        answers: list[Answer] = data[header] if header in data.headers else []
        return {str(answer.value) for answer in answers if answer.value is not None}

    def learn(self, data: tablib.Dataset) -> None:
        """Fetch, in few queries, what the rows refer to."""

    # -- what import-export asks -----------------------------------------------------------------

    def validate_instance(
        self, instance: Any, import_validation_errors: Any = None, validate_unique: bool = True
    ) -> None:
        errors = dict(import_validation_errors or {})
        try:
            instance.clean_fields(exclude=[*errors, *self.unchecked])
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
        self.before.append(None if new else self.texts_of(instance))

    def texts_of(self, instance: Any) -> dict[str, str]:
        return {column.column_name: str(column.export(instance)) for column in self.columns}

    @property
    def columns(self) -> list[Column]:
        return [self.fields[name] for name in self._meta.fields]

    def save_instance(self, *args: Any, **kwargs: Any) -> None:
        """Looking stores nothing; services keep what was found."""

    # -- telling -------------------------------------------------------------------------------

    def between(self, instance: Any) -> Iterable[tuple[str, str]]:
        """What is wrong between rows, asked when all have been read, as (attribute, sentence)."""
        return ()

    def _summary(self, result: Any, data: tablib.Dataset) -> Look:
        for failed in (*result.base_errors, *(row.errors[0] for row in result.error_rows)):
            raise failed.error
        problems = [*self.problems, *self._invalid(result, data), *self._doubles(result, data)]
        changes, unchanged = [], 0
        for row, number, before in zip(result.rows, self.numbers, self.before, strict=True):
            if row.instance is None:
                continue
            values = self._values(row.instance, data.headers, before)
            if values:
                changes.append(Change(number, row.instance, before is None, values))
            unchanged += not values
            problems += [
                Problem(number, self.fields[name].column_name, "", sentence)
                for name, sentence in self.between(row.instance)
            ]
        problems.sort(key=lambda problem: problem.row)
        return Look(tuple(changes), unchanged, tuple(problems), self.notes)

    def _invalid(self, result: Any, data: tablib.Dataset) -> Iterable[Problem]:
        headers = {column.attribute: column.column_name for column in self.columns}
        for invalid in result.invalid_rows:
            answers = dict(zip(data.headers, data[invalid.number - 1], strict=True))
            row = self.numbers[invalid.number - 1]
            for name, sentences in invalid.error_dict.items():
                header = headers.get(name, "")
                answer = answers.get(header, NO_ANSWER)
                if str(sentences[0]):  # else the reader has a finding for it
                    yield Problem(row, header, answer.raw, str(sentences[0]))

    def _doubles(self, result: Any, data: tablib.Dataset) -> Iterable[Problem]:
        column = self.fields[self.key]
        first: dict[str, int] = {}
        texts = data[column.column_name]
        for row, text, number in zip(result.rows, texts, self.numbers, strict=True):
            name = str(column.export(row.instance)) if row.instance else text.raw
            earlier = first.setdefault(name, number)
            if name and earlier != number:
                sentence = _("与第 %s 行重复;每个只能有一行。") % earlier
                yield Problem(number, column.column_name, text.raw, sentence)

    def _values(
        self, instance: Any, headers: Sequence[str], before: dict[str, str] | None
    ) -> tuple[tuple[str, str, str], ...]:
        after = self.texts_of(instance)
        told = [(header, (before or {}).get(header, ""), after[header]) for header in headers]
        return tuple(value for value in told if value[1] != value[2])


def _problem(finding: Finding) -> Problem:
    return Problem(finding.row or 1, finding.field, finding.found, finding.render(gettext))

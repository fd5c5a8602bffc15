"""Tables people exchange, as django-import-export resources: looking finds what keeping would
do and every problem by row and column; services keep it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import tablib
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from import_export import resources

from audit.refusals import Unusable
from districts.columns import Column, key_of
from districts.spreadsheet import Line
from districts.wording import listed

_LOOKED_AT = 10  # rows among which the header is sought


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

    def look(self, lines: Sequence[Line]) -> Look:
        """What keeping these rows would do; asks the database once, writes nothing."""
        try:
            header, columns = self.match(lines)
        except Unusable as refusal:
            return Look(problems=(Problem(lines[0].number if lines else 1, "", "", str(refusal)),))
        rows = [line for line in lines if line.number > header]
        if not rows:
            return Look(problems=(Problem(header, "", "", _("表头下面没有数据。")),))
        self.numbers = [line.number for line in rows]
        data = tablib.Dataset(headers=[column.column_name for column in columns.values()])
        for line in rows:
            cells = (*line.cells, *[""] * 100)
            data.append([cells[place] for place in columns])
        self.learn(data)
        result = self.import_data_inner(data, True, False, False, False)
        return self._summary(result, data)

    def match(self, lines: Sequence[Line]) -> tuple[int, dict[int, Column]]:
        """The header's row number and which column stands at which place.

        Raises Unusable naming columns that are missing, doubled or not known.
        """
        if not lines:
            raise Unusable(_("文件里没有内容。"))
        header = max(lines[:_LOOKED_AT], key=lambda line: len(self._known(line)))
        known = self._known(header)
        strangers = [text for place, text in enumerate(header.cells) if text and place not in known]
        names = [column.column_name for column in known.values()]
        doubled = {name for name in names if names.count(name) > 1}
        missing = [
            column.column_name
            for column in self.columns
            if column.required and column.column_name not in names
        ]
        self._refuse(_("缺少列「%s」;第一行应是表头。"), missing)
        self._refuse(_("列「%s」出现了不止一次。"), sorted(doubled))
        allowed = listed(column.column_name for column in self.columns)
        self._refuse(_("不认识的列「%%s」;可用的列是:%s。") % allowed, strangers)
        return header.number, known

    @staticmethod
    def _refuse(sentence: str, names: Sequence[str]) -> None:
        if names:
            raise Unusable(sentence % listed(names))

    def _known(self, line: Line) -> dict[int, Column]:
        found = {}
        for place, text in enumerate(line.cells):
            for column in self.columns:
                if key_of(text) in column.aliases:
                    found[place] = column
        return found

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
        return self.existing.get(row[self.fields[self.key].column_name])

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
        problems = [*self._invalid(result, data), *self._doubles(result, data)]
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
        return Look(tuple(changes), unchanged, tuple(problems))

    def _invalid(self, result: Any, data: tablib.Dataset) -> Iterable[Problem]:
        headers = {column.attribute: column.column_name for column in self.columns}
        for invalid in result.invalid_rows:
            values = dict(zip(data.headers, data[invalid.number - 1], strict=True))
            for name, sentences in invalid.error_dict.items():
                header = headers.get(name, "")
                found, row = values.get(header, ""), self.numbers[invalid.number - 1]
                yield Problem(row, header, str(found), str(sentences[0]))

    def _doubles(self, result: Any, data: tablib.Dataset) -> Iterable[Problem]:
        column = self.fields[self.key]
        first: dict[str, int] = {}
        texts = data[column.column_name]
        for row, text, number in zip(result.rows, texts, self.numbers, strict=True):
            name = str(column.export(row.instance)) if row.instance else str(text)
            earlier = first.setdefault(name, number)
            if name and earlier != number:
                sentence = _("与第 %s 行重复;每个只能有一行。") % earlier
                yield Problem(number, column.column_name, str(text), sentence)

    def _values(
        self, instance: Any, headers: Sequence[str], before: dict[str, str] | None
    ) -> tuple[tuple[str, str, str], ...]:
        after = self.texts_of(instance)
        told = [(header, (before or {}).get(header, ""), after[header]) for header in headers]
        return tuple(value for value in told if value[1] != value[2])

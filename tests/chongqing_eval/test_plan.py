"""``manage.py plan``: the cheapest plan in words, in JSON and as exit code, without a database."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.plans import PRICES
from benchmarks.samples import make_payload
from tests.improvement.planner.builders import DATA, given
from tests.improvement.planner.test_moves import three_schools
from tests.source import ROOT


def run(*arguments: str, stdin: str = "") -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "manage.py", "plan", *arguments],
        cwd=ROOT,
        env={**os.environ, "DEBUG": "1", "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none"},
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def test_a_plan_in_json_is_nothing_but_json() -> None:
    code, out, err = run(str(DATA / "ties-30-1.json"), "--json")
    told = json.loads(out)
    assert (code, err) == (0, "")
    assert told["status"] == "proven"
    assert told["cost"] == "6475000"
    assert told["outcome"]["units"][0]["verdict"] == "met"


def test_a_plan_in_words_names_both_bounds_and_what_binds() -> None:
    code, out, _err = run(str(DATA / "ties-30-1.json"))
    assert code == 0
    assert "需要 6,475,000 元。" in out
    assert "已证明" in out
    assert "A3 的小学差异系数起决定作用。" in out


def test_infeasible_is_one_and_names_the_caps() -> None:
    content: dict[str, Any] = given("caps-30-1")
    school = content["schools"][0]
    school["qualified_teachers_primary"] = 0
    content["caps"][school["school_code"]]["A1"] = 1
    code, out, _err = run("-", stdin=json.dumps(content))
    assert code == 1
    assert "A1 的上限不够" in out
    assert school["school_code"] in out


def test_unusable_terms_are_two_with_their_place(tmp_path: Path) -> None:
    content = {**given("ties-30-1"), "prices": {"A1": 0}}
    code, _out, err = run("-", stdin=json.dumps(content))
    assert code == 2
    assert "/prices/A1 A1：价格为 0，应大于 0" in err
    terms = tmp_path / "terms.json"
    terms.write_text('{"prices": {"A1": 100000}, "caps": {"1": {"A1": 1}}}', encoding="utf-8")
    code, _out, err = run(str(DATA / "ties-30-1.json"), "--terms", str(terms))
    assert code == 2
    assert "/caps/1" in err


def test_what_is_no_number_or_no_object_is_two_and_one_sentence(tmp_path: Path) -> None:
    file, rows = str(DATA / "ties-30-1.json"), tmp_path / "rows.json"
    rows.write_text("[1, 2]", encoding="utf-8")
    asked = [
        ([file, "--budget", "三千"], "「三千」不是数字；应为：半角数字，如 3000。"),
        ([file, "--limit-seconds", "nan"], "秒数是 nan；应为：大于 0，小于 86400。"),
        ([file, "--limit-seconds", "0"], "秒数是 0；应为：大于 0，小于 86400。"),
        ([str(rows)], "应为：JSON 对象。"),
        ([file, "--terms", str(rows)], "应为：JSON 对象。"),
    ]
    for arguments, words in asked:
        code, _out, err = run(*arguments)
        assert (code, words in err, "Traceback" in err) == (2, True, False)


def test_a_budget_says_how_many_pass_or_what_the_coefficients_cost() -> None:
    """In 万元; 647.5 is what the cheapest plan costs."""
    code, out, _err = run(str(DATA / "ties-30-1.json"), "--budget", "647.5")
    assert code == 0
    assert "30 / 30 个评估单元达标" in out
    code, out, _err = run(str(DATA / "ties-30-1.json"), "--budget", "0.01")
    assert code == 1
    assert "只让差异系数达标就要" in out


def test_two_years_share_what_one_cannot_pay() -> None:
    """647.5 万元 in all: 400 in the first year, the rest in the second."""
    code, out, _err = run(str(DATA / "ties-30-1.json"), "--years", "2", "--budget", "400")
    assert code == 0
    assert "需要 6,475,000 元。" in out
    assert "第 2 年花" in out
    code, out, _err = run(str(DATA / "ties-30-1.json"), "--years", "2", "--budget", "300")
    assert code == 1
    assert "全部达标要 6,475,000 元" in out


def test_a_budget_below_what_is_locked_says_so() -> None:
    """Of the 100 rooms that are being built each costs 40,000 yuan."""
    content: dict[str, Any] = given("ties-30-1")
    content["locked"] = {content["schools"][0]["school_code"]: {"A7": 100}}
    content["prices"]["A7"] = 40_000
    code, out, _err = run("-", "--budget", "1", stdin=json.dumps(content))
    assert code == 1
    assert "锁定的措施和差异系数就要 " in out


def test_moves_are_planned_and_told_one_by_one() -> None:
    """By hand in test_moves: two people at 60,000 yuan each."""
    asked = json.dumps(three_schools(15, 2, 8))
    code, out, _err = run("-", "--kind", "moves", stdin=asked)
    assert code == 0
    assert "需要 120,000 元。" in out
    assert " 名教师轮岗（计入 A1" in out


def test_a_plan_of_120_schools_takes_less_than_150_mb(tmp_path: Path) -> None:
    """What no plan needs is not loaded: the admin, documents, the API, Redis."""
    program = (
        "import runpy, sys; sys.argv = ['manage.py', 'plan', sys.argv[1], '--json']\n"
        "try: runpy.run_path('manage.py', run_name='__main__')\n"
        "except SystemExit: pass\n"
        "from benchmarks.memory import peak\n"
        "print(peak(), file=sys.stderr)"
    )
    file = tmp_path / "district.json"
    file.write_text(json.dumps({**make_payload(120), "prices": PRICES}), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", program, str(file)],
        cwd=ROOT,
        env={**os.environ, "DEBUG": "1", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert len(json.loads(done.stdout)["schools_after"]) == 120
    assert float(done.stderr) < 150

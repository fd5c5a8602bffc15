"""The table of coefficients: ours decides, what others would compute stands beside it."""

from collections.abc import Callable
from typing import Any

from django.test import Client
from django.utils.translation import override

from districts.models import User
from indicators.calculation.evaluate import evaluate
from selfchecks.models import SelfCheck
from selfchecks.pages.spreads import composites_of, spreads_of
from tests.indicators.calculation.builders import make_payload
from tests.indicators.calculation.test_mistakes_of_others import five_schools
from tests.reader import words


def test_another_verdict_without_weights_is_said() -> None:
    """The published example of five schools: 0.5153 by pupils, 0.4888 with every school alike."""
    with override("zh-hans"):
        rows = spreads_of(evaluate(make_payload(*five_schools())), {"A1": "教师数"})
    first = rows[0]
    assert (first.code, first.name, first.stage) == ("A1", "教师数", "小学")
    assert (first.cv, first.words) == ("0.515257", "不达标")
    assert (first.unweighted, first.unweighted_words) == ("0.488771", "达标")
    assert (first.mean, first.sd) == ("633.44", "326.39")  # 1913 ÷ 302 × 100, × 0.515257
    assert all(not row.unweighted_words for row in rows[1:])


def test_the_composite_is_the_plain_mean_of_seven() -> None:
    outcome = evaluate(make_payload(*five_schools()))
    (composite,) = composites_of(outcome)
    table = outcome["dispersion"]["primary"]
    seven = [float(found["cv"]) for code, found in table.items() if code != "composite"]
    assert abs(float(composite.cv) - sum(seven) / 7) < 1e-6


def test_the_result_page_shows_what_decides_nothing_as_such(
    reach: Callable[[str], SelfCheck], chen_officer: User, signed_in: Callable[[User], Client]
) -> None:
    reach("draft")
    page: Any = words(signed_in(chen_officer).get("/self-checks/500106-2026/result/"))
    assert "各校同等计(仅供参考)" in page
    assert "综合(七项的平均,仅供参考,不作判定)" in page

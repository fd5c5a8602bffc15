"""Money is told in the unit its size asks for: English does not count 0.055 million yuan."""

from decimal import Decimal

import pytest
from django.utils.translation import override

from improvement.plans.words import money


@pytest.mark.parametrize(
    ("language", "yuan", "told"),
    [
        ("zh-hans", "55000", "5.5 万元"),
        ("en", "55000", "55,000 yuan"),
        ("en", "-999900", "-999,900 yuan"),
        ("en", "0", "0 yuan"),
        ("en", "1000000", "1 million yuan"),
        ("en", "34872000", "34.872 million yuan"),
    ],
)
def test_money(language: str, yuan: str, told: str) -> None:
    with override(language):
        assert money(Decimal(yuan)).replace("\N{NO-BREAK SPACE}", " ") == told

"""Prices by hand: what has none is named and never counted as free."""

from decimal import Decimal

from improvement.shortfall.money import bill, total

D = Decimal
MEASURES = {"hire": D(3), "build_rooms": D("12.50"), "equipment": D("41.5000"), "multimedia": D(0)}


def test_a_bill_says_its_prices_and_what_each_kind_costs() -> None:
    prices = {"hire": D(90_000), "build_rooms": D(3000), "equipment": D(1), "build_ground": D(700)}
    found = bill(MEASURES, prices)
    assert found.costs == {"hire": 270_000, "build_rooms": 37_500, "equipment": 415_000}
    assert found.total == 722_500
    assert set(found.prices) == {"hire", "build_rooms", "equipment"}
    assert found.unpriced == ()


def test_a_kind_without_a_price_is_named() -> None:
    found = bill(MEASURES, {"hire": D(90_000)})
    assert found.total == 270_000
    assert found.unpriced == ("build_rooms", "equipment")


def test_nothing_priced_has_no_total_and_nothing_lacking_costs_nothing() -> None:
    assert bill(MEASURES, {}).total is None
    assert bill({}, {}).total == 0


def test_sums_keep_the_order_of_the_standard() -> None:
    found = total([{"A7": D(1), "A1": D(2)}, {"A1": D(3), "A2": D(0)}])
    assert list(found.items()) == [("A1", 5), ("A7", 1)]

"""The collector is away while a workbook is read, and back afterwards whatever happens."""

import gc

import pytest

from selfchecks.services.checking import uncollected


def test_it_is_off_inside_and_on_again_outside() -> None:
    with uncollected():
        assert not gc.isenabled()
        with uncollected():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_an_error_switches_it_on_again() -> None:
    with pytest.raises(ValueError, match="damaged"), uncollected():
        raise ValueError("damaged")
    assert gc.isenabled()


@pytest.mark.parametrize("first_out", [0, 1])
def test_two_at_once_leave_it_on_in_either_order(first_out: int) -> None:
    both = [uncollected(), uncollected()]
    for one in both:
        one.__enter__()
    for one in (both[first_out], both[1 - first_out]):
        one.__exit__(None, None, None)
    assert gc.isenabled()


def test_who_has_switched_it_off_finds_it_off() -> None:
    gc.disable()
    try:
        with uncollected():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()

"""Many writers at once: one chain, no gap, no number twice; real threads on the real database."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, transaction

from audit.models import ChainHead, Entry
from audit.services import record, verify

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

WRITERS, EACH = 8, 10


def test_m72_entries_written_at_once_form_one_chain() -> None:
    before, barrier = Entry.objects.count(), Barrier(WRITERS)  # of the reference data, or none

    def write(writer: int) -> None:
        barrier.wait(timeout=30)
        try:
            for number in range(EACH):
                with transaction.atomic():
                    record(action="test.race", by=None, changes={"writer": writer, "n": number})
        finally:
            connection.close()

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, range(WRITERS)))
    assert Entry.objects.count() == before + WRITERS * EACH
    assert list(Entry.objects.order_by("number").values_list("number", flat=True)) == list(
        range(1, before + WRITERS * EACH + 1)
    )
    assert verify() is None


def test_a_writer_that_gives_up_leaves_no_gap() -> None:
    """Every second writer rolls back after adding its entry."""
    before, barrier = Entry.objects.count(), Barrier(WRITERS)  # of the reference data, or none

    def write(writer: int) -> None:
        barrier.wait(timeout=30)
        try:
            with transaction.atomic():
                record(action="test.race", by=None, changes={"writer": writer})
                transaction.set_rollback(writer % 2 == 1)
        finally:
            connection.close()

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, range(WRITERS)))
    assert Entry.objects.count() == before + WRITERS // 2
    assert ChainHead.objects.get(pk=1).number == before + WRITERS // 2
    assert verify() is None

"""A parser that takes too much is stopped in its own process, and ours goes on."""

import os
import signal
import threading
from typing import Any, NoReturn

import pytest

from selfchecks.workbook.examine import examine
from tests.workbooks import packages
from workbooks import reader
from workbooks.findings import Refused
from workbooks.reader import confined, excel
from workbooks.wording import refusals

HEAVY = "文件没能在限定的时间和内存内读完。"


def never_ends() -> NoReturn:
    while True:
        pass


def dies() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def refuses() -> NoReturn:
    raise Refused(refusals.EMPTY, reason="甲")


def has_no_child() -> bool:
    try:
        os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        return True
    return False


def test_the_answer_comes_back_from_another_process() -> None:
    assert confined(os.getpid) != os.getpid()
    assert confined(bytes, 3_000_000) == bytes(3_000_000)
    assert has_no_child()


def test_m85_it_lets_readers_of_pages_go_first() -> None:
    assert confined(os.nice, 0) > os.nice(0)


def test_what_it_raises_is_raised_here() -> None:
    with pytest.raises(Refused, match="文件是空的：甲") as caught:
        confined(refuses)
    assert caught.value.state == "empty"
    with pytest.raises(ZeroDivisionError):
        confined(divmod, 1, 0)
    assert has_no_child()


@pytest.mark.parametrize(("call", "given"), [(bytearray, (2 << 30,)), (dies, ()), (os._exit, (3,))])
def test_m20_what_takes_too_much_memory_or_dies_is_refused(call: Any, given: tuple[int]) -> None:
    with pytest.raises(Refused, match=HEAVY):
        confined(call, *given)
    assert has_no_child()


def test_m20_what_never_ends_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "SECONDS", 1)
    with pytest.raises(Refused, match=HEAVY):
        confined(never_ends)
    assert has_no_child()


def test_m20_a_file_that_eats_memory_is_refused_and_the_next_one_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    content = packages.clean()
    with monkeypatch.context() as spoiled:
        spoiled.setattr(excel, "_read", lambda *_: bytearray(2 << 30))
        with pytest.raises(Refused) as caught:
            examine(content, "自查.xlsx")
    assert caught.value.state == "too_heavy"
    assert examine(content, "自查.xlsx").schools
    assert has_no_child()


def test_threads_get_their_own_answers() -> None:
    answers: dict[int, bytes] = {}
    workers = [
        threading.Thread(target=lambda n=n: answers.update({n: confined(bytes, n * 100_000)}))
        for n in range(1, 6)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert {n: len(answer) for n, answer in answers.items()} == {
        n: n * 100_000 for n in range(1, 6)
    }


def test_where_nothing_can_be_forked_the_call_runs_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "fork")
    assert confined(os.getpid) == os.getpid()

"""Spares memory and time while workbooks are read: remembers answers, keeps the collector away."""

import gc
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

Question = TypeVar("Question")
Answer = TypeVar("Answer")


class Recent(Generic[Question, Answer]):
    """The last few answers to pure questions, so that looking and keeping asks once.

    Of this process only: a worker that has not been asked yet simply works it out again.
    """

    def __init__(self, size: int) -> None:
        self._kept: deque[tuple[Question, Answer]] = deque(maxlen=size)

    def find(self, question: Question) -> Answer | None:
        for asked, answer in tuple(self._kept):
            if asked == question:
                return answer
        return None

    def keep(self, question: Question, answer: Answer) -> None:
        self._kept.append((question, answer))

    def forget(self) -> None:
        self._kept.clear()


@contextmanager
def uncollected() -> Iterator[None]:
    """For work that makes a hundred thousand objects which all stay: there is nothing to find.

    Other threads go uncollected too, for as long; the last one to leave finds it switched on.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()

"""Remembers the last few answers to pure questions, so that looking and keeping asks once."""

from collections import deque
from typing import Generic, TypeVar

Question = TypeVar("Question")
Answer = TypeVar("Answer")


class Recent(Generic[Question, Answer]):
    """Of this process only: a worker that has not been asked yet simply works it out again."""

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

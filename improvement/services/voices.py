"""How much of what the public and the units said waits for the city."""

from dataclasses import dataclass

from improvement.models import Feedback, FeedbackState, Practice, PracticeState


@dataclass(frozen=True, slots=True)
class Waiting:
    messages: int
    practices: int


def waiting_for_city() -> Waiting:
    """Messages nobody has taken up, or that are to be answered; practices to be published."""
    ours = (FeedbackState.NEW, FeedbackState.TAKEN_UP)
    return Waiting(
        Feedback.objects.filter(state__in=ours).count(),
        Practice.objects.filter(state=PracticeState.SUBMITTED).count(),
    )

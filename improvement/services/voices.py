"""How much of what the public and the units said waits for the city."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Value

from improvement.models import Feedback, FeedbackState, Practice, PracticeState


@dataclass(frozen=True, slots=True)
class Waiting:
    messages: int
    practices: int


def waiting_for_city() -> Waiting:
    """Messages nobody has taken up, or that are to be answered; practices to be published: one
    query for both."""
    ours = (FeedbackState.NEW, FeedbackState.TAKEN_UP)
    messages = Feedback.objects.filter(state__in=ours).order_by()
    practices = Practice.objects.filter(state=PracticeState.SUBMITTED).order_by()
    both = messages.values_list(Value("messages")).union(
        practices.values_list(Value("practices")), all=True
    )
    counts = Counter(name for (name,) in both)
    return Waiting(counts["messages"], counts["practices"])

"""How the states of a message of the public look: colour and glyph."""

from improvement.models import FeedbackState

LOOKS = {
    FeedbackState.NEW: "submitted",
    FeedbackState.TAKEN_UP: "in_review",
    FeedbackState.PASSED_ON: "open",
    FeedbackState.ANSWERED: "approved",
    FeedbackState.SET_ASIDE: "closed",
}

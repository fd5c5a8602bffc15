"""Documents over REST."""

from .papers import PaperView

__all__ = ["PaperView"]

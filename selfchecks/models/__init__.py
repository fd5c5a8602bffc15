"""Self-checks with their uploads, figures, evaluations, reviews and notices."""

from .evaluation import Evaluation, IndicatorResult, UnitResult
from .evidence import EvidenceItem, EvidenceRule
from .notice import Notice
from .participation import Part, Participation
from .records import DistrictRecord, QualitativeAnswer, SchoolRecord, VetoItem
from .review import IndicatorReview, Looked, ReviewComment, ReviewEntry
from .self_check import Deadline, SelfCheck, State, Upload, UploadStatus

__all__ = [
    "Deadline",
    "DistrictRecord",
    "Evaluation",
    "EvidenceItem",
    "EvidenceRule",
    "IndicatorResult",
    "IndicatorReview",
    "Looked",
    "Notice",
    "Part",
    "Participation",
    "QualitativeAnswer",
    "ReviewComment",
    "ReviewEntry",
    "SchoolRecord",
    "SelfCheck",
    "State",
    "UnitResult",
    "Upload",
    "UploadStatus",
    "VetoItem",
]

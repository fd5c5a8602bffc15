"""What keeps a workbook out: too many files, errors in it, reasons that answer nothing."""

from django.utils.translation import gettext_lazy as _

from audit.refusals import Refused, Unusable
from selfchecks.models import Upload


class QuotaReached(Refused):
    """Too many files for one self-check."""

    status = 429
    code = "quota"


class HasErrors(Unusable):
    """The workbook was read, but errors keep it out; ``upload`` holds them and the file."""

    code = "has_errors"

    def __init__(self, upload: Upload) -> None:
        super().__init__(
            _("工作簿有 %s 个错误,没有采用;请按标注的单元格更正后重新上传。") % upload.error_count
        )
        self.upload = upload


class BadReasons(Unusable):
    """``fields`` are ids of findings."""

    code = "bad_reasons"

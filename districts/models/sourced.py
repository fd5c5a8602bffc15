"""Where a public fact can be read: its document, a page that says it, and when that was checked."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.seals import Sealed
from districts.wording import in_catalogue

CHECKED_TOO_EARLY = _("最近核对日还没有到；请填写已经核对过的那一天，没有核对过就空着。")


class Sourced(Sealed):
    """A public fact with its source. What is empty is unknown, and pages say so.

    ``source_note`` is what whoever looked found missing there; ``checked_on`` the last day somebody
    compared the fact with its source.
    """

    document_number = models.CharField(_("文号"), max_length=60, blank=True)
    source = models.URLField(_("来源"), max_length=300, blank=True)
    source_note = models.CharField(_("来源说明"), max_length=200, blank=True)
    checked_on = models.DateField(_("最近核对日"), null=True, blank=True)
    display_source_note = in_catalogue("source_note")

    class Meta:
        abstract = True

    def clean(self) -> None:
        super().clean()
        if self.is_checked_too_early:
            raise ValidationError({"checked_on": CHECKED_TOO_EARLY})

    @property
    def is_checked_too_early(self) -> bool:
        """Whether it says to have been compared on a day that has not come."""
        return self.checked_on is not None and self.checked_on > timezone.localdate()

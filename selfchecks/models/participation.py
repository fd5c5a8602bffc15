"""Who played which part in a self-check: what four eyes rest on, whatever roles people hold."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .append_only import HistoryModel
from .self_check import part_of_self_check, person


class Part(models.TextChoices):
    """Four eyes: on one self-check a person plays one of these parts, never two."""

    PREPARE = "prepare", _("填报")
    SIGN = "sign", _("审签")
    REVIEW = "review", _("复核")


class Participation(HistoryModel):
    """A person has played a part (参与); written with the first act that made it theirs."""

    scope = "self_check__district"

    self_check = part_of_self_check("participations")
    person = person(_("账号"))
    part = models.CharField(_("分工"), max_length=8, choices=Part.choices)

    class Meta:
        verbose_name = _("参与")
        verbose_name_plural = _("参与")
        ordering = ("self_check", "pk")
        constraints = [
            models.UniqueConstraint(fields=("self_check", "person", "part"), name="part_once"),
        ]

    def __str__(self) -> str:
        return f"{self.self_check} {self.person} {self.part}"

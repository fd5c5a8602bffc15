"""What the operator says to everybody: whom to ask, how to complain, privacy, licence."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.seals import Sealed
from districts.scope import PUBLIC, ScopedQuerySet
from selfchecks.models.self_check import OPTIONAL, person

LONGEST = 20_000


class Subject(models.TextChoices):
    CONTACT = "contact", _("联系我们")
    COMPLAINT = "complaint", _("投诉和举报")
    ABOUT = "about", _("关于本门户")
    PRIVACY = "privacy", _("隐私说明")
    ACCESSIBILITY = "accessibility", _("无障碍说明")
    LICENCE = "licence", _("使用许可")


class StatementQuerySet(ScopedQuerySet):
    def newest(self, subject: str) -> "Statement | None":
        """The one that is shown."""
        found: Statement | None = self.filter(subject=subject).order_by("number").last()
        return found

    def missing(self) -> list[str]:
        """What nobody has written yet, in words."""
        there = set(self.order_by().values_list("subject", flat=True))
        return [str(subject.label) for subject in Subject if subject not in there]


class Statement(Sealed):
    """One version of a text of the operator's, for good; the newest is shown."""

    scope = PUBLIC

    subject = models.CharField(_("页面"), max_length=16, choices=Subject.choices)
    number = models.PositiveIntegerField(_("版次"))
    text = models.TextField(
        _("中文"), max_length=LONGEST, help_text=_("空一行分段；网址和邮箱会自动成为链接。")
    )
    english = models.TextField(
        _("英文"), max_length=LONGEST, blank=True, help_text=_("留空时英文页显示中文。")
    )
    written_by = person(_("填写人"), **OPTIONAL)  # nobody: by command
    written_at = models.DateTimeField(_("填写时间"))

    objects = StatementQuerySet.as_manager()

    class Meta:
        verbose_name = _("门户说明")
        verbose_name_plural = _("门户说明")
        ordering = ("subject", "-number")
        constraints = [
            models.UniqueConstraint(fields=("subject", "number"), name="statement_number_once"),
            models.CheckConstraint(
                condition=models.Q(subject__in=Subject.values), name="statement_subject_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_subject_display()} {self.number}"

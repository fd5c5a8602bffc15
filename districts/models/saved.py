"""Views of a list that a person keeps: a name, and the question that stands in its address."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.seals import Sealed
from districts.scope import PersonalQuerySet

from .user import User

LONGEST_NAME, LONGEST_QUERY = 40, 3500  # the latter is what an address may ask, in bytes
LONGEST_ARGUMENT = 40


class SavedView(Sealed):
    """One page with its question (视图), for its owner alone; ``opens`` where the page begins,
    ``argument`` is whose page it was kept on, where there is one for each unit and year."""

    scope, owner = "user__district", "user"

    user = models.ForeignKey(User, models.CASCADE, related_name="views", verbose_name=_("账号"))
    page = models.CharField(_("页面"), max_length=80)
    argument = models.CharField(
        _("哪一份"), max_length=LONGEST_ARGUMENT, blank=True, default="", db_default=""
    )
    name = models.CharField(_("名称"), max_length=LONGEST_NAME)
    query = models.CharField(_("查询"), max_length=LONGEST_QUERY, blank=True)
    opens = models.BooleanField(_("打开时先用"), default=False)

    objects = PersonalQuerySet.as_manager()

    class Meta:
        verbose_name = _("视图")
        verbose_name_plural = pgettext_lazy("plural", "视图")
        ordering = ("page", "name")
        constraints = [
            models.UniqueConstraint(fields=("user", "page", "name"), name="view_name_once"),
            models.UniqueConstraint(
                fields=("user", "page"), condition=Q(opens=True), name="view_opens_one"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> str:
        return self.at(self.argument)

    def at(self, argument: str) -> str:
        """The same question of another year."""
        return f"{address_of(self.page, argument)}?{self.query}"


def address_of(page: str, argument: str) -> str:
    """Raises NoReverseMatch where the page has none, or wants none."""
    return reverse(page, args=[argument] if argument else [])

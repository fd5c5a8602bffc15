"""What is said to somebody whose view of a self-check is no longer the newest."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.refusals import Stale
from selfchecks.models import SelfCheck


def stale(self_check: SelfCheck) -> Stale:
    """The refusal: who changed it last and when, as far as trail and uploads tell."""
    when = timezone.localtime(self_check.changed_at).strftime("%Y-%m-%d %H:%M")
    who = _last_hand(self_check)
    if not who:
        return Stale(_("这份自查在 %s 有了变化;请看过最新内容再办理。") % when)
    sentence = _("%(who)s 在 %(when)s 更改了这份自查;请看过最新内容再办理。")
    return Stale(sentence % {"who": who, "when": when})


def _last_hand(self_check: SelfCheck) -> str:
    moment = self_check.changed_at
    step = self_check.trail.filter(taken_at=moment).last()
    if step:
        return str(step.actor_name)
    upload = self_check.uploads.filter(kept_at=moment).select_related("uploaded_by").first()
    return str(upload.uploaded_by.display_name) if upload else ""

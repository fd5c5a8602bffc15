"""Two keepers open an account that signs or decides: one asks for its link, another agrees and
hands it over, so that neither alone comes to play somebody else."""

import secrets

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.refusals import Conflict, NotAllowed
from crypto.here import digest_of
from districts.models import AccountLink, User
from districts.services.links import LIFETIME, send_links
from districts.services.people import may_keep_accounts
from districts.services.units import note


@transaction.atomic
def agree(*, user: User, by: User | None) -> str:
    """The link that waits for this account is good from now on; returned as by ``create_user``.

    Raises NotAllowed for whoever asked for it, Conflict when none waits.
    """
    may_keep_accounts(by)
    now = timezone.now()
    waiting = AccountLink.objects.asked_for_at(now).filter(user=user).select_related("user")
    link = waiting.select_for_update(of=("self",)).first()
    if link is None:
        raise Conflict(
            _("账号 %s 没有等待同意的链接；可能已经同意，或者过了三天。") % user.username
        )
    if by is not None and by.username == link.asked_by:
        raise NotAllowed(_("这是您自己办的，须由另一位系统管理员核对后同意。"))
    secret = secrets.token_urlsafe(32)
    # The address that whoever agrees has before her, not the one of when it was asked for.
    link.mail_to = link.mail_to and link.user.email
    told = {"asked_by": link.asked_by}
    link.asked_by, link.digest, link.expires_at = "", digest_of(secret), now + LIFETIME
    link.save(update_fields=["asked_by", "mail_to", "digest", "expires_at"])
    note(action="user.agree", by=by, on=user, changes=told)
    if link.mail_to:
        send_links.enqueue()
    return "" if link.mail_to else secret

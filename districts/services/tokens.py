"""Issues, checks and revokes API tokens."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.refusals import Unusable
from audit.services import record
from districts.models import ApiToken, District, User
from districts.models.token import SCOPES
from districts.scope import CITY

PREFIX = "cqe_"
LONGEST_DAYS = 366


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def create_token(
    *,
    user: User,
    scopes: Sequence[str],
    by: User | None,
    district: District | None = None,
    days: int = 30,
) -> tuple[ApiToken, str]:
    """A new token and its text, which is not kept anywhere.

    Raises Unusable for unknown scopes, days outside 1–366 and a district beyond the account.
    """
    _check(user, scopes, district, days)
    text = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user=user,
        prefix=text[:10],
        digest=digest_of(text),
        scopes=sorted(set(scopes)),
        district=district,
        expires_at=timezone.now() + timedelta(days=days),
    )
    record(
        action="token.create",
        by=by,
        on=token,
        district_code=district.code if district else "",
        changes={"user": user.username, "scopes": token.scopes, "days": days},
    )
    return token, text


def _check(user: User, scopes: Sequence[str], district: District | None, days: int) -> None:
    unknown = sorted(set(scopes) - set(SCOPES))
    if unknown or not scopes:
        raise Unusable(
            _("权限范围「%(found)s」不能用;可用的有 %(known)s。")
            % {"found": ",".join(unknown), "known": ", ".join(SCOPES)}
        )
    if not 1 <= days <= LONGEST_DAYS:
        raise Unusable(
            _("有效天数应在 1 到 %(most)s 之间,现在是 %(days)s。")
            % {"most": LONGEST_DAYS, "days": days}
        )
    if district is not None and user.reach != CITY and user.district_id != district.pk:
        raise Unusable(_("账号 %s 不属于这个区县,令牌不能超出账号的范围。") % user.username)


@transaction.atomic
def revoke_token(*, token: ApiToken, by: User | None) -> None:
    """End a token at once; revoking twice changes nothing."""
    locked = ApiToken.objects.select_for_update().get(pk=token.pk)
    if locked.revoked_at:
        return
    locked.revoked_at = timezone.now()
    locked.save(update_fields=["revoked_at"])
    record(action="token.revoke", by=by, on=locked)

"""Makes, mails and takes the one-time links by which people set their own passwords."""

import secrets
from datetime import timedelta
from typing import Any

from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from audit.refusals import Conflict
from crypto.here import digest_of, digests_of
from districts.mail import mail_is_configured
from districts.models import AccountLink, User
from districts.roles import DECIDING_ROLES, Role
from districts.services.units import note
from districts.wording import moment_text

LIFETIME = timedelta(days=3)
PASSWORD = ("password", "password_changed_at", "past_passwords")


@transaction.atomic
def hand_out(*, user: User, by: User | None, action: str, origin: str, **more: Any) -> str:
    """A new link, told by an entry of the action; the one before ends. Systems get none.

    Returns its secret, to be handed over in person; nothing when it goes by letter, which has a
    secret of its own that no keeper sees, or waits for another keeper (``agreeing``).
    """
    asked_by = by.username if by and user.role in DECIDING_ROLES else ""
    secret = "" if user.role == Role.CLIENT else _make(user, origin, asked_by)
    note(action=action, by=by, on=user, **more)
    return secret


def _make(user: User, origin: str, asked_by: str) -> str:
    AccountLink.objects.end_those_of(user)
    goes_by_mail = bool(user.email and origin and mail_is_configured())
    secret, now = secrets.token_urlsafe(32), timezone.now()
    AccountLink.objects.create(
        user=user,
        digest=digest_of(secret),
        mail_to=user.email if goes_by_mail else "",
        origin=origin,
        asked_by=asked_by,
        created_at=now,
        expires_at=now + LIFETIME,
    )
    if goes_by_mail and not asked_by:
        send_links.enqueue()
    return "" if goes_by_mail or asked_by else secret


def path_of(secret: str) -> str:
    """In the source language, whoever asks: it is read in a letter or off paper."""
    with override("zh-hans"):
        return reverse("one-time-link", args=[secret])


def owner_of(secret: str) -> User | None:
    """Whose password the link sets; nobody's once it is used, replaced or too old."""
    links = AccountLink.objects.usable_at(timezone.now()).filter(digest__in=digests_of(secret))
    found = links.select_related("user__district").first()
    return found.user if found else None


@transaction.atomic
def use(*, secret: str, password: str, by: User) -> None:
    """Its owner gives herself a password that the form has found good. Raises Conflict when the
    link is good no more."""
    links = AccountLink.objects.usable_at(timezone.now()).filter(
        digest__in=digests_of(secret), user=by
    )
    link = links.select_for_update(of=("self",)).select_related("user").first()
    if link is None:
        raise Conflict(_("这个链接已经用过、作废或过期；请向系统管理员再要一个。"))
    AccountLink.objects.end_those_of(link.user)
    link.user.set_password(password)
    link.user.save(update_fields=PASSWORD)
    note(action="user.password", by=link.user, on=link.user)


@task()
def send_links() -> None:
    """A silent mail server keeps the queue waiting, never who opens an account."""
    deliver()


def deliver() -> int:
    """Letters that have not left; returns how many did."""
    waiting = AccountLink.objects.usable_at(timezone.now()).filter(mailed_at=None)
    keys = waiting.exclude(mail_to="").order_by("pk").values_list("pk", flat=True)
    return sum(_deliver_one(key) for key in list(keys))


def _deliver_one(key: int) -> bool:
    """Claimed by one conditional write; no transaction waits for the mail server."""
    if not AccountLink.objects.filter(pk=key, mailed_at=None).update(mailed_at=timezone.now()):
        return False
    letter = _letter(key)
    try:
        letter.send()
    except OSError:
        AccountLink.objects.filter(pk=key).update(mailed_at=None)
        raise
    return True


@transaction.atomic
def _letter(key: int) -> EmailMessage:
    """Gives the link the secret that only this letter says."""
    link = AccountLink.objects.select_related("user__district").get(pk=key)
    secret = secrets.token_urlsafe(32)
    link.digest = digest_of(secret)
    link.save(update_fields=["digest"])
    note(action="user.link", by=None, on=link.user, changes={"email": link.mail_to})
    with override("zh-hans"):
        facts = {
            "account": link.user.username,
            "until": moment_text(link.expires_at),
            "address": link.origin.rstrip("/") + path_of(secret),
        }
        body = gettext(
            "请在 %(until)s 前打开下面的地址，为您的账号 %(account)s 设定密码。"
            "地址只能用一次，不要转给别人：\n\n%(address)s\n\n如果这不是您要的，请告诉系统管理员。"
        )
        subject = gettext("优质均衡督导评估：设定密码")
    return EmailMessage(subject=subject, body=body % facts, to=[link.mail_to])

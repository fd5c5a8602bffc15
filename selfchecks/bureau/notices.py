"""A reader's notices: each with the page where it is seen to, read and turned off in place."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from districts.access import SignedInRequest, open_to
from districts.models import User
from districts.roles import Role
from districts.scope import CITY
from selfchecks.bureau.access import READERS
from selfchecks.models import Notice
from selfchecks.remarks import address
from selfchecks.services.notice_words import english_units, own_page, text_of
from selfchecks.services.own_notices import mark_read, mute, muted_kinds
from selfchecks.workflow import SENDING

MOST, FEW, SHOWN = 100, 5, 2  # of all; on the desk; of each kind, before the fold
SEEN_TO_AT = dict.fromkeys(("corrected", *(f"step.{name}" for name in SENDING)), "self-check-check")
Line = tuple[Notice, str, str]


@open_to(*READERS, Role.DEPARTMENT)
def notices(request: SignedInRequest) -> HttpResponse:
    """POST reads some or all, or turns a kind off or on; it leads back to where it was pressed."""
    if request.method == "POST":
        if kind := request.POST.get("mute") or request.POST.get("unmute"):
            is_muted = "mute" in request.POST
            mute(kind=kind, by=request.user, is_muted=is_muted)
            off = _("这一类不再提醒，已有的算作已读；要恢复，在「通知」最下面的「不再提醒的」里。")
            messages.success(request, off if is_muted else _("这一类恢复提醒。"))
        else:
            chosen = [int(pk[:18]) for pk in request.POST.getlist("notice") if pk.isdecimal()]
            mark_read(by=request.user, notices=chosen or None)
        at_desk = request.user.is_staff and "desk" in request.POST
        return redirect("admin:index" if at_desk else "notices")
    lines = lines_of(request.user, MOST)
    context = {
        "kinds": by_kind(lines),
        "has_unread": any(notice.read_at is None for notice, _text, _url in lines),
        "may_mute": request.user.reach == CITY,
        "muted": muted_kinds(request.user),
    }
    return render(request, "selfchecks/notices.html", context)


def unread_lines(reader: User) -> list[Line]:
    """The newest few that were not read."""
    return lines_of(reader, FEW, read_at=None)


def by_kind(lines: list[Line]) -> list[tuple[list[Line], list[Line], int]]:
    """Kinds with the newest first: those shown of each, those folded, how many of these are new."""
    kinds: dict[str, list[Line]] = {}
    for line in lines:
        kinds.setdefault(line[0].kind, []).append(line)
    cut = [(own[:SHOWN], own[SHOWN:]) for own in kinds.values()]
    return [(shown, rest, sum(not line[0].read_at for line in rest)) for shown, rest in cut]


def lines_of(reader: User, most: int, **which: object) -> list[Line]:
    rows = Notice.objects.visible_to(reader).filter(**which)
    found = list(rows.select_related("self_check__district")[:most])
    units = english_units(found)
    return [(notice, text_of(notice, units), _seen_to_at(notice, reader)) for notice in found]


def _seen_to_at(notice: Notice, reader: User) -> str:
    """A remark leads to the very value, an inspector to her review; empty when the notice belongs
    to no page."""
    if (page := own_page(notice)) or (self_check := notice.self_check) is None:
        return page
    on = notice.params.get("on")
    if reader.is_staff:
        return reverse("admin:selfchecks_selfcheck_review", args=[self_check.pk])
    if on:
        return address(self_check, on["school_code"], on["field"], indicator=on["indicator"])
    return reverse(SEEN_TO_AT.get(notice.kind, "self-check"), args=[self_check.reference])

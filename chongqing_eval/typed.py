"""Keeps what a person typed when the session or the form had ended before it was sent."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from districts.access import KEPT_TEXT

from . import problems

MOST_KEPT = 50_000  # characters of text that outlive a session


def keep_text(request: HttpRequest, wanted: tuple[str, ...]) -> None:
    """Text of the wanted inputs; of a file only that there was one, for it has to be sent again."""
    texts = {name: request.POST[name] for name in request.POST if name.startswith(wanted)}
    if sum(map(len, texts.values())) > MOST_KEPT:
        texts = {}
    if texts or request.FILES:
        kept = {"path": request.path, "texts": texts, "had_file": bool(request.FILES)}
        request.session[KEPT_TEXT] = kept


def form_ended(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token: an old page, no cookies, or another site's form.

    After a new sign-in in another tab the form comes back with what was typed. A form of another
    site has no session here, because the browser does not send it along.
    """
    view = request.resolver_match.func if request.resolver_match else None
    wanted = getattr(view, "keeps_text", None)
    if wanted and reason.startswith("CSRF token") and request.user.is_authenticated:
        keep_text(request, wanted)
        return HttpResponseRedirect(request.get_full_path())
    ended = problems.page(
        request,
        403,
        _("登录后浏览器里的旧页面就不能再提交了;浏览器不接受 cookie 时也会这样。没有任何改动。"),
        title=_("这张表单已经过期"),
        advice=_("请回到原来的页面,刷新后再填写和提交一次。"),
    )
    ended.is_stale_form = True  # type: ignore[attr-defined]
    return ended

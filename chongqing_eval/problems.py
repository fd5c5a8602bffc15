"""The portal's own pages for 400, 403, 404, 409, 411, 412, 413, 414, 422, 429, 500, 503 and 507.

What a person typed before a session or a form ended is kept for the page that comes back.
"""

import sys
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template import loader
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from districts import lockout
from districts.access import KEPT_TEXT
from rest.problems import problem
from rest.trouble import RETRY_AFTER, note, trouble_of

MOST_KEPT = 50_000  # characters of text that outlive a session

SENTENCES: dict[int, tuple[Any, Any]] = {
    400: (_("这个请求读不懂"), _("请返回上一页检查填写的内容，再试一次。")),
    403: (_("您的账号不能做这一步"), _("如果工作需要，请联系系统管理员调整账号的角色。")),
    404: (
        _("没有找到这个页面"),
        _("地址可能写错了，或者它不在您的查看范围内。可以从首页重新找。"),
    ),
    409: (_("现在不能做这一步"), _("内容的状态已经变化，请刷新后查看。")),
    411: (_("没有写明内容的长度"), _("请用浏览器提交；程序请写明 Content-Length 再发。")),
    412: (_("内容已被别人更新"), _("请刷新页面，在最新内容上重做这一步。")),
    413: (_("文件太大"), _("请上传不超过 5 MB 的文件。")),
    414: (_("查找的内容太长"), _("请改用短一些的词再查；几个字就够了。")),
    422: (_("内容需要更正"), _("请按上面的说明改正后再试。")),
    429: (_("操作太频繁"), _("请过一会儿再试。")),
    500: (_("门户出了错"), _("错误已经记录。您填写的内容如未显示已保存，请稍后重试。")),
    503: (_("门户暂时不能使用"), _("数据库没有应答，请稍后再试。")),
    507: (_("门户的磁盘满了"), _("刚才的操作没有保存。请告知门户的运维人员，腾出空间后再试。")),
}


def page(
    request: HttpRequest, status: int, detail: str | Promise = "", **words: str | Promise
) -> HttpResponse:
    """A page that says what happened and what to do next; needs no database.

    ``words`` are a ``title`` and an ``advice`` of its own. Below ``/api/`` the same is said as a
    problem document.
    """
    if request.path_info.startswith("/api/"):
        return problem(request, status, detail)
    title, advice = SENTENCES[status]
    context = {
        "title": title,
        "detail": detail,
        "advice": advice,
        "request_id": getattr(request, "request_id", ""),
        **words,
    }
    html = loader.render_to_string("problem.html", context)
    response = HttpResponse(html, status=status, headers={"Cache-Control": "no-store"})
    if status in RETRY_AFTER:
        response.headers["Retry-After"] = str(RETRY_AFTER[status])
    response.is_own_problem = True  # type: ignore[attr-defined]
    response.why = detail  # type: ignore[attr-defined]
    return response


def for_django(status: int) -> Callable[..., HttpResponse]:
    """A handler as ``urls.py`` names it; a refusal that knows its reason says it."""

    def answer(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
        return page(request, status, str(exception or "") if status == 403 else "")

    return answer


bad_request, forbidden, not_found = map(for_django, (400, 403, 404))


def server_error(request: HttpRequest) -> HttpResponse:
    """What broke before a view was reached, or after it; trouble of the machine is named."""
    return page(request, trouble_of(sys.exception()) or 500)


def troubled(request: HttpRequest, error: Exception) -> HttpResponse | None:
    """The page for trouble of the machine, which is logged in a line; None for anything else."""
    status = trouble_of(error)
    if status is None:
        return None
    note(error, request.path)
    return page(request, status)


def locked_out(request: HttpRequest, response: Any = None, credentials: Any = None) -> HttpResponse:
    """After too many wrong passwords; the same page whether or not the account exists."""
    closed = lockout.closed_for(request, credentials)
    answer = page(request, 429, closed.sentence)
    answer.headers["Retry-After"] = str(closed.seconds)
    return answer


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
    wanted = getattr(request.resolver_match and request.resolver_match.func, "keeps_text", None)
    if wanted and reason.startswith("CSRF token") and request.user.is_authenticated:
        keep_text(request, wanted)
        return HttpResponseRedirect(request.get_full_path())
    ended = page(
        request,
        403,
        _("登录后浏览器里的旧页面就不能再提交了；浏览器不接受 cookie 时也会这样。没有任何改动。"),
        title=_("这张表单已经过期"),
        advice=_("请回到原来的页面，刷新后再填写和提交一次。"),
    )
    ended.is_stale_form = True  # type: ignore[attr-defined]
    return ended

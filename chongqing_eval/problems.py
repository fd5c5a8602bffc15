"""The portal's own pages for 400, 403, 404, 409, 412, 413, 422, 429, 500 and 503."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from rest.problems import problem

SENTENCES: dict[int, tuple[Any, Any]] = {
    400: (_("这个请求读不懂"), _("请返回上一页检查填写的内容,再试一次。")),
    403: (_("您的账号不能做这一步"), _("如果工作需要,请联系市级管理员调整账号的角色。")),
    404: (
        _("没有找到这个页面"),
        _("地址可能写错了,或者它不在您的查看范围内。可以从首页重新找。"),
    ),
    409: (_("现在不能做这一步"), _("内容的状态已经变化,请刷新后查看。")),
    412: (_("内容已被别人更新"), _("请刷新页面,在最新内容上重做这一步。")),
    413: (_("文件太大"), _("请上传不超过 5 MB 的文件。")),
    422: (_("内容需要更正"), _("请按上面的说明改正后再试。")),
    429: (_("操作太频繁"), _("请过一会儿再试。")),
    500: (_("门户出了错"), _("错误已经记录。您填写的内容如未显示已保存,请稍后重试。")),
    503: (_("门户暂时不能使用"), _("数据库没有应答,请稍后再试。")),
}


def page(
    request: HttpRequest, status: int, detail: str | Promise = "", **words: str
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
    response.is_own_problem = True  # type: ignore[attr-defined]
    response.why = detail  # type: ignore[attr-defined]
    return response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(request, 400)


def forbidden(
    request: HttpRequest, exception: Exception | None = None, reason: str = ""
) -> HttpResponse:
    return page(request, 403, str(exception or ""))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    return page(request, 500)


def locked_out(request: HttpRequest, response: Any = None, credentials: Any = None) -> HttpResponse:
    """After too many wrong passwords; the same page whether or not the account exists."""
    return page(request, 429, str(_("密码连续输错次数过多,请 10 分钟后再登录。")))

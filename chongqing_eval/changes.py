"""What has changed and where to read it, in the order it was committed: for systems that keep a
copy of their own."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from rest.pagination import MOST
from rest.permissions import allow
from rest.serializers import NumberParameter
from rest.views import ApiView

from .feed import Feed


class ChangeSerializer(serializers.Serializer):
    """One change: read what it says at ``url``; here stands only that it happened."""

    number = serializers.IntegerField(
        help_text=_("序号，先提交的在前；空着的序号，是不归您看或接口里没有的改动。")
    )
    at = serializers.DateTimeField(help_text=_("改动的时间。"))
    action = serializers.CharField(help_text=_("动作的代码。"))
    action_name = serializers.CharField(help_text=_("动作的名称。"))
    district = serializers.CharField(help_text=_("区县代码；不属于哪个区县，为空。"))
    resource = serializers.CharField(help_text=_("在接口的哪个列表里，例如 self-checks。"))
    key = serializers.CharField(help_text=_("在这个列表里的编号。"))
    url = serializers.URLField(
        allow_null=True, help_text=_("现在的内容在哪里；只能在列表里看的，为 null。")
    )


class ChangesSerializer(serializers.Serializer):
    results = ChangeSerializer(many=True, help_text=_("改动，先提交的在前。"))
    after = serializers.IntegerField(help_text=_("看到了哪里：下一次写在 after 里。"))
    more = serializers.BooleanField(help_text=_("后面还有，可以马上再取。"))


# The largest number itself is the machine's and tells a reader nothing.
NO_SUCH_PLACE = {"max_value": _("没有这么大的序号；请填门户给出的 after。")}


class ChangesParameters(serializers.Serializer):
    after = NumberParameter(
        min_value=0,
        max_value=10**15,
        default=0,
        help_text=_("上一次应答里的 after；从头取写 0。"),
        error_messages=NO_SUCH_PLACE,
    )
    limit = NumberParameter(
        min_value=1, max_value=MOST, default=100, help_text=_("一次最多看多少条改动，1 到 500。")
    )


class ChangesView(ApiView):
    permission_classes = [allow(read="signed-in")]
    serializer_class = ChangesSerializer
    parameters_class = ChangesParameters
    tag = _("改动")
    texts = {
        "get": _(
            "after 之后改了什么、在哪里看，先提交的在前，不漏不重；只有您看得到的内容。"
            "过一会儿再来取，写上一次应答里的 after。"
        )
    }

    def get(self, request: Request) -> Response:
        asked = self.parameters()
        news = Feed(request, request.build_absolute_uri).after(asked["after"], asked["limit"])
        answer = {"results": news.changes, "after": news.after, "more": news.more}
        return Response(ChangesSerializer(answer).data)

"""Whether a unit may apply for national certification, over REST: for who answers for it."""

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from districts.models import District
from districts.roles import Role
from districts.scope import reaches
from rest.permissions import allow
from rest.views import ApiView
from schedule.models import Asked
from schedule.services.applying import STATES, conditions_of
from schedule.services.reading import today


class ConditionSerializer(serializers.Serializer):
    code = serializers.ChoiceField(choices=Asked.choices, help_text=_("条件的代码。"))
    title = serializers.CharField(source="code.label", help_text=_("条件的名称。"))
    state = serializers.ChoiceField(
        choices=STATES,
        help_text=_("ok 已满足，blocked 没有满足，unknown 还不能判断；后两种都不能申请。"),
    )
    words = serializers.CharField(help_text=_("查到的情况，一句话。"))
    link = serializers.CharField(help_text=_("看得到这一条的网页或来源；没有就是空的。"))


class ApplicationSerializer(serializers.Serializer):
    """Every condition with its state; the unit may apply when all are met."""

    district = serializers.CharField(help_text=_("区县代码。"))
    day = serializers.DateField(help_text=_("按哪一天的情况判断。"))
    may_apply = serializers.BooleanField(help_text=_("各项条件都已满足。"))
    conditions = ConditionSerializer(many=True, help_text=_("逐项条件。"))


class ApplicationView(ApiView):
    permission_classes = [allow(read=[role.value for role in Role])]
    serializer_class = ApplicationSerializer
    samples = {"code": "500106"}
    tag = _("认定")
    texts = {"get": _("这个单位现在能不能申请国家认定：逐项条件、状态和原因；限本区县和市级。")}

    def get(self, request: Request, code: str) -> Response:
        district = District.objects.filter(code=code).first()
        if district is None or not reaches(request.user, district.pk):
            raise Http404
        found = conditions_of([district])[code]
        answer = {
            "district": code,
            "day": today(),
            "may_apply": all(each.is_met for each in found),
            "conditions": found,
        }
        return Response(ApplicationSerializer(answer).data)

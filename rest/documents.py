"""What the API says about itself: its OpenAPI document, its index, and what is not there."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.utils.translation import gettext_lazy as _
from drf_spectacular.generators import SchemaGenerator
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from .permissions import PUBLIC_READ
from .problems import problem
from .views import ApiView


class IndexSerializer(serializers.Serializer):
    documentation = serializers.URLField()
    schema = serializers.URLField()


class IndexView(ApiView):
    permission_classes = [PUBLIC_READ]
    serializer_class = IndexSerializer
    tag = _("接口说明")
    texts = {"get": _("接口的说明和文档在哪里。")}

    def get(self, request: Request) -> Response:
        names = {"documentation": "api-docs", "schema": "api-schema"}
        return Response({name: reverse(view, request=request) for name, view in names.items()})


class DocumentView(ApiView):
    permission_classes = [PUBLIC_READ]
    tag = _("接口说明")
    texts = {"get": _("OpenAPI 3.1 文档。")}
    schema = None

    def get(self, request: Request) -> Response:
        return Response(document())


def document() -> dict[str, Any]:
    """The OpenAPI document in the active language."""
    return dict(SchemaGenerator().get_schema(request=None, public=True))


def unknown(request: HttpRequest) -> HttpResponse:
    """Nothing is here; a forgotten slash at the end is forgiven."""
    with_slash = f"{request.path_info}/"
    if not request.path_info.endswith("/") and _is_address(with_slash):
        query = request.META.get("QUERY_STRING", "")
        return redirect(f"{with_slash}?{query}" if query else with_slash, preserve_request=True)
    return problem(request, 404, code="not_found")


def _is_address(path: str) -> bool:
    try:
        return resolve(path).func is not unknown
    except Resolver404:
        return False

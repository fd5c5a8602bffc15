"""What the API says about itself to programs: its OpenAPI document, its index, and what is not
there."""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.generators import SchemaGenerator
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from .permissions import PUBLIC_READ
from .problems import problem
from .serializers import OneOfField
from .views import ApiView


class IndexSerializer(serializers.Serializer):
    documentation = serializers.URLField()
    schema = serializers.URLField()
    collections = serializers.DictField(child=serializers.URLField())


class IndexView(ApiView):
    permission_classes = [PUBLIC_READ]
    serializer_class = IndexSerializer
    tag = _("接口说明")
    texts = {"get": _("接口的说明、文档和各个列表在哪里。")}

    def get(self, request: Request) -> Response:
        names = {"documentation": "api-docs", "schema": "api-schema"}
        places = {name: reverse(view, request=request) for name, view in names.items()}
        return Response({**places, "collections": _collections(request)})


def _collections(request: Request) -> dict[str, str]:
    """Every address without parts to fill in that can be read, by its name."""
    root = reverse("api-index")
    return {
        path.removeprefix(root).strip("/"): request.build_absolute_uri(path)
        for path, item in document()["paths"].items()
        if "get" in item and "{" not in path and path != root
    }


class LanguageParameters(serializers.Serializer):
    lang = OneOfField(required=False, choices=settings.LANGUAGES)


class DocumentView(ApiView):
    """In the language of ``?lang=``, which pages link to; else of Accept-Language."""

    permission_classes = [PUBLIC_READ]
    parameters_class = LanguageParameters
    tag = _("接口说明")
    texts = {"get": _("OpenAPI 3.1 文档。")}
    schema = None

    def get(self, request: Request) -> Response:
        with override(self.parameters().get("lang", get_language())):
            return Response(document())


def document() -> dict[str, Any]:
    """The OpenAPI document in the active language."""
    return _document(get_language())


@lru_cache(maxsize=4)
def _document(language: str) -> dict[str, Any]:
    generator: Any = SchemaGenerator
    return dict(generator().get_schema(request=None, public=True))


@csrf_exempt  # it changes nothing, and says "not found" to every method
@login_not_required
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

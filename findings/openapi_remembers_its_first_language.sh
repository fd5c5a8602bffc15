#!/usr/bin/env bash
# The OpenAPI document of a portal in two languages depends on who asked for it first.
#
# REST framework gives a model field a label only when the verbose name differs from the field's
# own name, and compares them in the language of the moment: "name" in English does not, 名称 in
# Chinese does. A serializer decides once for its lifetime; one made in a decorator, as
# `@extend_schema(responses=GroupSerializer(many=True))`, lives as long as the process. So if the
# first reader is English, Chinese documents never get the title 名称 from that process; if the first
# one is Chinese, all are right. Serializers given as a class, in the same document, are made anew
# each time and always right.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    Django==5.2.19 djangorestframework==3.18.3 drf-spectacular==0.30.0
cat > "$folder/ask.py" <<'PY'
import sys
from importlib.metadata import version

import django
from django.conf import settings

settings.configure(
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "drf_spectacular"],
    LANGUAGE_CODE="en",
    REST_FRAMEWORK={"DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema"},
    ROOT_URLCONF=__name__,
)
django.setup()

from django.contrib.auth.models import Group
from django.urls import path
from django.utils.translation import override
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.views import APIView


class ByInstance(serializers.ModelSerializer):
    class Meta:
        model, fields = Group, ("name",)


class ByClass(serializers.ModelSerializer):
    class Meta:
        model, fields = Group, ("name",)


class First(APIView):
    @extend_schema(responses=ByInstance(many=True))
    def get(self, request):
        """Never called."""


class Second(APIView):
    @extend_schema(responses=ByClass)
    def get(self, request):
        """Never called."""


urlpatterns = [path("first/", First.as_view()), path("second/", Second.as_view())]
for language in sys.argv[1:]:
    with override(language):
        schemas = SchemaGenerator().get_schema(public=True)["components"]["schemas"]
    titles = [schemas[name]["properties"]["name"].get("title") for name in ("ByInstance", "ByClass")]
    print(language, *titles)
if len(sys.argv) == 1:
    print(*(f"{name} {version(name)}" for name in ("Django", "djangorestframework", "drf-spectacular")))
PY
ask() { "$folder/venv/bin/python" "$folder/ask.py" "$@"; }
ask
english_first=$(ask en zh-hans)
chinese_first=$(ask zh-hans en)
printf 'English first (instance, class):\n%s\nChinese first:\n%s\n' "$english_first" "$chinese_first"
test "$english_first" = $'en None None\nzh-hans None 名称'
test "$chinese_first" = $'zh-hans 名称 名称\nen None None'

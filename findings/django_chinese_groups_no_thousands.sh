#!/usr/bin/env bash
# Django 5.2.19 shows 12345678.5 on Chinese pages with no separator at all, whatever one asks for:
# USE_THOUSAND_SEPARATOR, floatformat:"2g" and humanize's intcomma all do nothing, and say nothing.
# The formats of zh_Hans and zh_Hant ask for groups of four with an empty sign between them; the
# eight other languages asked here, Japanese and Korean among them, are grouped by all three. A page
# that looks right in English prints sums of money that nobody reads at a glance in Chinese.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check Django==5.2.19
"$folder/venv/bin/python" - <<'PY'
from decimal import Decimal

import django
from django.conf import settings

settings.configure(
    USE_I18N=True,
    USE_THOUSAND_SEPARATOR=True,
    INSTALLED_APPS=["django.contrib.humanize"],
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
)
django.setup()

from django.template import engines
from django.utils import formats, translation

ways = ("{{ n }}", '{{ n|floatformat:"2g" }}', "{% load humanize %}{{ n|intcomma }}")
templates = [engines["django"].from_string(way) for way in ways]
grouped = {}
print("Django", django.__version__)
for language in ("en", "ja", "ko", "de", "fr", "es", "ru", "th", "zh-hans", "zh-hant"):
    with translation.override(language):
        shown = [template.render({"n": Decimal("12345678.5")}) for template in templates]
        sign = formats.get_format("THOUSAND_SEPARATOR")
        print(language, shown, "separator", repr(sign), "groups of", formats.get_format("NUMBER_GROUPING"))
        grouped[language] = ["12345678" not in text for text in shown]
        if language.startswith("zh"):
            assert (sign, formats.get_format("NUMBER_GROUPING")) == ("", 4)

chinese = {language: found for language, found in grouped.items() if language.startswith("zh")}
assert all(not any(found) for found in chinese.values()), chinese
assert all(all(found) for language, found in grouped.items() if language not in chinese), grouped
PY

#!/usr/bin/env bash
# One translation.override object that decorates two functions leaves its language behind.
#
# Django documents translation.override as context manager and decorator. A decorator made once
# and put on several functions (in_chinese = translation.override("zh-hans")) is one object with
# one place for "the language before": when one of the functions calls the other, the inner call
# writes over what the outer one has to restore, and the caller goes on in the wrong language,
# without an error. Two override objects, or the same one on functions that never call each
# other, behave. The same holds for timezone.override.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check django==5.2.19 tzdata==2025.2
"$folder/venv/bin/python" - <<'PY'
from zoneinfo import ZoneInfo

import django
from django.conf import settings
from django.utils import timezone, translation

settings.configure(USE_I18N=True, USE_TZ=True, TIME_ZONE="UTC", LANGUAGE_CODE="en")
django.setup()
print("Django", django.__version__)


def left_behind(first, second, now):
    """What holds before and after an outer function that called an inner one."""
    inner = second(lambda: now())
    outer = first(lambda: inner())
    before = now()
    outer()
    return before, now()


def chinese():
    return translation.override("zh-hans")


def in_shanghai():
    return timezone.override("Asia/Shanghai")


translation.activate("en")
apart = left_behind(chinese(), chinese(), translation.get_language)
one = chinese()
shared = left_behind(one, one, translation.get_language)
timezone.activate(ZoneInfo("UTC"))
zone = in_shanghai()
zones = left_behind(zone, zone, timezone.get_current_timezone_name)
print("language before and after, two objects:", *apart)
print("language before and after, one object: ", *shared)
print("time zone before and after, one object:", *zones)

assert apart == ("en", "en"), "two objects restore the language"
assert shared == ("en", "zh-hans"), "the shared object leaves zh-hans behind"
assert zones == ("UTC", "Asia/Shanghai"), "the shared object leaves the zone behind"
PY

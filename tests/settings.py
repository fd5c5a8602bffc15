"""Settings of the test run: the project's own, with cheap password hashing and no throttles."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

os.environ.setdefault("DEBUG", "1")
os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "x" * 50)

from chongqing_eval.settings import *  # noqa: E402, F403
from chongqing_eval.settings import CACHES, DATABASES, REST_FRAMEWORK  # noqa: E402

_scratch = Path(tempfile.mkdtemp(prefix="portal-tests-"))
atexit.register(shutil.rmtree, _scratch, ignore_errors=True)

DEBUG = False
# Most tests write rows past the services, which no reader would be told of: see ``kept_answers``.
DUMMY = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
CACHES = {"default": CACHES["default"], "answers": DUMMY, "asked": DUMMY, "read": DUMMY}
AUDIT_READING = False  # every test would find entries of what it reads
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
# Looks for a static file when it is asked for; else every new client would list them all.
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True
KEY_FOLDER = None
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"] = {"client": None, "own": None, "plan": None}
MEDIA_ROOT = _scratch / "media"
STATIC_ROOT = _scratch / "static"
for folder in (MEDIA_ROOT, STATIC_ROOT):
    folder.mkdir()
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # In a file, as in production: threads of a test meet the real locks.
    DATABASES["default"]["TEST"] = {"NAME": str(_scratch / "test.sqlite3")}

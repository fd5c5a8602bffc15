"""Settings of the test run: the project's own, with cheap password hashing and no throttles."""

import os
import tempfile

os.environ.setdefault("DEBUG", "1")
os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "x" * 50)

from chongqing_eval.settings import *  # noqa: E402, F403
from chongqing_eval.settings import REST_FRAMEWORK  # noqa: E402

DEBUG = False
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
WHITENOISE_USE_FINDERS = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"] = {"client": None}
MEDIA_ROOT = tempfile.mkdtemp(prefix="portal-media-")
STATIC_ROOT = tempfile.mkdtemp(prefix="portal-static-")

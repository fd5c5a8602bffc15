"""The portal's settings: what is fixed here, what comes from the environment (see .env.example)."""

from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from crypto.profiles import password_hashers

from .enum_names import ENUM_NAMES
from .environment import Environment
from .identity import identity
from .places import databases, files
from .secrecy import secrecy

BASE_DIR = Path(__file__).resolve().parent.parent
_environment = Environment(BASE_DIR)

DEBUG = _environment.debug()
SECRET_KEY = _environment.secret_key(DEBUG)
ALLOWED_HOSTS = _environment.hosts(DEBUG)
AUDIT_KEYS = _environment.audit_keys(SECRET_KEY, DEBUG)
CRYPTO_PROFILE, KEY_FOLDER, SIGNER, SIGNER_TOKEN = secrecy(_environment, DEBUG)
CSRF_TRUSTED_ORIGINS = _environment.trusted_origins()
TRUSTED_PROXIES = _environment.trusted_proxies(DEBUG)
DATABASES = databases(_environment)
DATABASE_ROUTERS = ["chongqing_eval.replica.Router"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
MEDIA_ROOT, HOOK_NETWORKS = _environment.media_root(), _environment.hook_networks()
ANCHOR_FILE, ANCHOR_MAIL = _environment.anchor_file(), _environment.anchor_mail()
BIND, CLAMD_URL = _environment.bind(), _environment.scanner()
FEEDBACK_ERASE_DAYS = _environment.feedback_erase_days()
PASSWORD_PROFILE, BREACHED_PASSWORDS, SECOND_FACTOR, SESSION_IDLE = identity(_environment)
WARNED_DAYS = 7  # before a password is too old
AUDIT_READING = True  # views, downloads and the first use of a token
IS_TRIAL, DEMO_PASSWORD = DEBUG, _environment.demo_password(DEBUG)  # made up: for trials alone
vars().update(_environment.email())
EMAIL_TIMEOUT = 10  # seconds

INSTALLED_APPS = [
    "chongqing_eval.apps.PortalAdminConfig",
    "chongqing_eval",  # before auth: its commands take the place of those that make accounts
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",  # its widgets, in our templates where we have one
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "import_export",
    "csp",
    "axes",
    "django_tasks",
    "django_tasks_db",
    "rest",
    "audit",
    "districts",
    "indicators",
    "selfchecks",
    "improvement",
    "schedule",
    "papers",
]

MIDDLEWARE = [
    "rest.middleware.ClientAddressMiddleware",
    "rest.middleware.RequestIdMiddleware",
    "rest.going.GoingMiddleware",
    "chongqing_eval.compression.CompressionMiddleware",
    "chongqing_eval.replica.ReplicaMiddleware",  # before whatever reads or keeps what was read
    "chongqing_eval.kept.KeptAnswersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "chongqing_eval.middleware.ContentPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "chongqing_eval.middleware.OwnProblemPagesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "rest.middleware.ApiLanguageMiddleware",
    "chongqing_eval.middleware.ReadableRequestMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "audit.middleware.AuditContextMiddleware",
    "audit.reading.ReadingMiddleware",
    "districts.sessions.SessionLimitsMiddleware",
    "chongqing_eval.middleware.SignedInByDefaultMiddleware",
    "chongqing_eval.middleware.PrivateCacheMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "districts.duties.DutiesMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "chongqing_eval.urls"
WSGI_APPLICATION = "chongqing_eval.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "chongqing_eval.views.portal",
                "districts.sessions.facts",
            ]
        },
    }
]

AUTH_USER_MODEL, FORM_RENDERER = "districts.User", "django.forms.renderers.TemplatesSetting"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = LOGOUT_REDIRECT_URL = "home"
FILTERS_EMPTY_CHOICE_LABEL = _("全部")
_STANDARD_CHECKS = "django.contrib.auth.password_validation."
PASSWORD_HASHERS = password_hashers(CRYPTO_PROFILE)
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": _STANDARD_CHECKS + "UserAttributeSimilarityValidator"},
    {
        "NAME": _STANDARD_CHECKS + "MinimumLengthValidator",
        "OPTIONS": {"min_length": 10 if PASSWORD_PROFILE == "dengbao" else 15},
    },
    {"NAME": _STANDARD_CHECKS + "CommonPasswordValidator"},
    {"NAME": _STANDARD_CHECKS + "NumericPasswordValidator"},
    {"NAME": "districts.passwords.HardToGuess"},
    {"NAME": "districts.passwords.NotBreached"},
    {"NAME": "districts.passwords.NotUsedBefore"},
]
if PASSWORD_PROFILE == "dengbao":
    AUTH_PASSWORD_VALIDATORS.append({"NAME": "districts.passwords.SeveralKinds"})

# Five wrong passwords for one account from one address close that pair for ten minutes; what slows
# an address that tries many accounts, and hides names that are none, stands in districts.lockout.
AXES_HANDLER = "districts.lockout.Guard"
AXES_USERNAME_CALLABLE = "districts.lockout.kept_name"
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "csrfmiddlewaretoken", "code"]
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=10)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "chongqing_eval.problems.locked_out"
AXES_ENABLE_ADMIN = AXES_VERBOSE = False

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("中文")), ("en", _("英文"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "chongqing_eval.formats"
TIME_ZONE = _environment.time_zone()

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "var" / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = DEBUG
PLAIN = "django.contrib.staticfiles.storage.StaticFilesStorage"
HASHED = "whitenoise.storage.CompressedManifestStaticFilesStorage"
STORAGES = {"default": files(_environment), "staticfiles": {"BACKEND": PLAIN if DEBUG else HASHED}}

CACHES = _environment.caches()
# Sessions stay in the database: a sign-out must hold whatever becomes of the cache.
# Plain http is for trials on one's own machine.
SESSION_ENGINE, SIGNING_BACKEND = "crypto.sessions", "crypto.signing.ProfileSigner"
SESSION_LONGEST, SESSION_COOKIE_AGE = timedelta(hours=12), 12 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = not DEBUG
# Browsers take a cookie of such a name over https alone, from no neighbour and for no part.
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = (
    ("sessionid", "csrftoken") if DEBUG else ("__Host-sessionid", "__Host-csrftoken")
)
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz)$"]
SECURE_HSTS_SECONDS = _environment.hsts_seconds(DEBUG)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not DEBUG
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if not DEBUG else None
CSRF_FAILURE_VIEW = "chongqing_eval.problems.form_ended"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

CALLS_PER_MINUTE = 1200
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "districts.authentication.BearerAuthentication",
        "districts.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest.permissions.Undeclared"],
    "DEFAULT_RENDERER_CLASSES": [
        "rest.renderers.JsonRenderer",
        "rest.renderers.CsvRenderer",
        "rest.renderers.XlsxRenderer",
    ],
    "DEFAULT_PARSER_CLASSES": ["rest.parsers.StrictJsonParser"],
    "DEFAULT_FILTER_BACKENDS": ["rest.filters.StrictFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "rest.pagination.CursorPages",
    "PAGE_SIZE": 100,
    "EXCEPTION_HANDLER": "rest.problems.exception_handler",
    "DEFAULT_SCHEMA_CLASS": "rest.schema.ApiSchema",
    "DEFAULT_THROTTLE_CLASSES": ["rest.permissions.ClientThrottle"],
    "DEFAULT_THROTTLE_RATES": {"client": f"{CALLS_PER_MINUTE}/m", "own": "60/m", "plan": "30/m"},
    # Dates and moments stay what they are until the renderer writes them.
    "DATE_FORMAT": None,
    "DATETIME_FORMAT": None,
    # REMOTE_ADDR is the client's already: see ClientAddressMiddleware.
    "NUM_PROXIES": 0,
}
SPECTACULAR_SETTINGS = {
    "TITLE": _("重庆市县域义务教育优质均衡发展督导评估门户接口"),
    "DESCRIPTION": _("公开的读取不需要令牌；共同的约定和可以照抄的命令见 /api/v1/docs/。"),
    "VERSION": "1",
    "SERVERS": [{"url": "/"}],
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": ENUM_NAMES,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "rest.schema.named_values",
        "chongqing_eval.described.described",
    ],
}

# Long work waits in the database until ``manage.py work`` takes it.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

IMPORT_EXPORT_ESCAPE_FORMULAE_ON_EXPORT = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "request_id": {"()": "rest.middleware.RequestIdFilter"},
        "trouble": {"()": "rest.trouble.OneLineOfTrouble"},
    },
    "formatters": {
        "line": {
            "()": "rest.middleware.OneLineFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s",
        }
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["request_id", "trouble"],
        }
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
}

"""The one settings file, read from the environment (`.env.example` lists every variable).

Nothing set: SQLite, an in-process worker, mail on the console. `DATABASE_URL` and `REDIS_URL`
set: PostgreSQL, Redis and separate Celery workers. One without the other is refused.
"""

import os
import secrets
import shlex
import sys
from pathlib import Path

from csp.constants import NONE, SELF
from django.conf.locale import LANG_INFO
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from habitat_plan.kit import environment
from jobs.rules import ENTRY, QUEUES

BASE_DIR = Path(__file__).resolve().parent.parent
TESTING = "pytest" in sys.modules

# Where this installation keeps its database, issued files and secret: never in the repository.
DATA_DIR = Path(os.environ.get("HABITAT_DATA_DIR", BASE_DIR / "var"))
DATA_DIR.mkdir(parents=True, exist_ok=True)

# --- Embedded or services -------------------------------------------------------------------

DATABASE_URL = os.environ.get("DATABASE_URL", "")
REDIS_URL = os.environ.get("REDIS_URL", "")
EMBEDDED = not (DATABASE_URL or REDIS_URL)
if bool(DATABASE_URL) != bool(REDIS_URL):
    missing, present = (
        ("REDIS_URL", "DATABASE_URL") if DATABASE_URL else ("DATABASE_URL", "REDIS_URL")
    )
    raise ImproperlyConfigured(
        f"{present} is set but {missing} is not. Set both to run with PostgreSQL and Redis "
        "(DATABASE_URL=postgres://user:password@host:5432/name, "
        "REDIS_URL=redis://host:6379/0), or neither to run with SQLite."
    )

if DATABASE_URL:
    DATABASES = {"default": environment.database(DATABASE_URL)}
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": DATA_DIR / "habitat.sqlite3",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                # recursive_triggers: without it REPLACE forges rows that triggers protect.
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; "
                    "PRAGMA recursive_triggers=ON;"
                ),
            },
        }
    }

# --- Secrets and addresses ------------------------------------------------------------------

DEBUG = environment.flag("DEBUG", default=False)
SECURE = environment.flag("HABITAT_HTTPS", default=not EMBEDDED)


def _secret_key() -> str:
    """The key from the environment; embedded, one made at first start and kept beside the data."""
    if given := os.environ.get("SECRET_KEY"):
        return given
    if not EMBEDDED and not TESTING:
        raise ImproperlyConfigured(
            "SECRET_KEY is not set. Write a long random value that only this installation knows."
        )
    kept = DATA_DIR / "secret-key"
    try:
        kept.touch(mode=0o600, exist_ok=False)
        kept.write_text(secrets.token_urlsafe(50))
    except FileExistsError:
        pass
    return kept.read_text()


SECRET_KEY = _secret_key()
ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS", default="localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = environment.words("CSRF_TRUSTED_ORIGINS", default="")

# --- Applications ---------------------------------------------------------------------------

INSTALLED_APPS = [
    "organization",
    "jobs",
    "focus_areas",
    "indicators",
    "evaluations",
    "reporting",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "import_export",
    "axes",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "habitat_plan.middleware.security_headers",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "organization.middleware.roles",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "habitat_plan.middleware.no_nul",
    "habitat_plan.middleware.rules_in_words",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "habitat_plan.urls"
WSGI_APPLICATION = "habitat_plan.wsgi.application"
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
                "django.template.context_processors.i18n",
                "habitat_plan.context.site",
            ],
            "libraries": {"plan": "habitat_plan.kit.templatetags.plan"},
        },
    }
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- People ---------------------------------------------------------------------------------

AUTH_USER_MODEL = "organization.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "work"
LOGOUT_REDIRECT_URL = "home"
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25  # hours: a stranger must not be able to lock somebody out for long
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "organization/locked_out.html"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# --- Languages and time ---------------------------------------------------------------------

# Django knows Chinese only as zh-hans and zh-hant; the addresses of the United Nations say /zh/.
LANG_INFO["zh"] = {"bidi": False, "code": "zh", "name": "Chinese", "name_local": "中文"}
LANGUAGES = [
    ("ar", _("Arabic")),
    ("zh", _("Chinese")),
    ("en", _("English")),
    ("fr", _("French")),
    ("ru", _("Russian")),
    ("es", _("Spanish")),
]
LANGUAGE_CODE = "en"
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = os.environ.get("TIME_ZONE", "Africa/Nairobi")

# --- Static files and stored documents ------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA_DIR / "files"},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# --- Jobs -----------------------------------------------------------------------------------

CELERY_BROKER_URL = REDIS_URL or "memory://localhost/"
# Fifty reports keep no file of figures and no message waiting. What has no queue of its own waits
# with entry.
CELERY_TASK_QUEUES: dict[str, dict[str, str]] = {name: {} for name in QUEUES}
CELERY_TASK_DEFAULT_QUEUE = ENTRY
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# In kB: a process that ever needed more is replaced once its job is done.
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 300_000
CELERY_TASK_SOFT_TIME_LIMIT = 1380
CELERY_TASK_TIME_LIMIT = 1500
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {
        # Always above the hard limit, or a long job would be started a second time.
        "visibility_timeout": 1800,
        "unacked_restore_interval": 10,
        "unacked_restore_throttle": 1,
        "socket_connect_timeout": 2,
        # By their names: a worker of both takes a report only when nothing waits with entry.
        "queue_order_strategy": "sorted",
    }
    if REDIS_URL
    else {"polling_interval": 0.1}
)
# Without a broker the server's own worker rings by the same clock (jobs/embedded.py).
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "jobs.sweep", "schedule": 15.0},
    # A tick that a busy worker comes to late is dropped: the next one does the same.
    "remind": {"task": "indicators.remind", "schedule": 3600.0, "options": {"expires": 3600}},
    "remind of recommendations": {
        "task": "evaluations.remind",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "remove old uploads": {
        "task": "indicators.remove_old_uploads",
        "schedule": 21_600.0,
        "options": {"expires": 21_600},
    },
    "draft corrigenda": {
        "task": "reporting.draft_corrigenda",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "send notices": {
        "task": "organization.send_notices",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
}
JOB_LEASE_SECONDS = float(os.environ.get("JOB_LEASE_SECONDS", "30"))

# --- Memory of the process ------------------------------------------------------------------

CACHES = {
    "default": {
        # Tests take their data back, and with them the numbers that kept pages are named by.
        "BACKEND": "django.core.cache.backends.dummy.DummyCache"
        if TESTING
        else "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {} if TESTING else {"MAX_ENTRIES": 500},
    }
}

# --- Mail -----------------------------------------------------------------------------------

EMAIL_BACKEND = os.environ.get("EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend")
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "habitat-plan@localhost")
EMAIL_HOST = os.environ.get("EMAIL_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = environment.flag("EMAIL_USE_TLS", default=False)
EMAIL_TIMEOUT = 10
# Where links in messages lead.
SITE_URL = os.environ.get("SITE_URL", "http://127.0.0.1:8000").rstrip("/")

# --- Security -------------------------------------------------------------------------------

SESSION_COOKIE_NAME = "__Host-session" if SECURE else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
LANGUAGE_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = SECURE
SECURE_HSTS_SECONDS = 63_072_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
if environment.flag("HABITAT_BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
DATA_UPLOAD_MAX_NUMBER_FILES = 10
FILE_UPLOAD_HANDLERS = ["habitat_plan.kit.ceilings.CeilingUploadHandler"]
# A command that reads a file on standard input and ends with 1 if it is harmful, with 0 if not.
SCANNER = shlex.split(os.environ.get("HABITAT_SCANNER", ""))

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.LimitOffsetPagination",
    "PAGE_SIZE": 100,
    "UNAUTHENTICATED_USER": None,
}

# --- Logging --------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "WARNING")},
}
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    AXES_ENABLED = False

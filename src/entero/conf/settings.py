"""Django's settings, all from the ``ENTERO_*`` variables of ``environment.VARIABLES``."""

from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from entero.conf import environment, logs

ENV = environment.read()
PRODUCTION = ENV.production
DATA_DIR = Path(ENV.text("ENTERO_DATA_DIR", "var")).resolve()
DEBUG = ENV.flag("ENTERO_DEBUG")
if DEBUG and PRODUCTION:
    raise environment.SettingsError("ENTERO_DEBUG=1 would show secrets: refused in production.")
HTTPS = ENV.flag("ENTERO_HTTPS", default=PRODUCTION)
BEHIND_PROXY = HTTPS  # we never speak TLS ourselves: who serves HTTPS has a proxy in front

SECRET_KEY = environment.secret_key(ENV, DATA_DIR)
ALLOWED_HOSTS = ENV.names("ENTERO_HOSTS") or ([] if PRODUCTION else ["localhost", "127.0.0.1", "[::1]"])
if not ALLOWED_HOSTS:
    raise environment.SettingsError("ENTERO_HOSTS is missing: name the hosts that are served.")

DATABASES: dict[str, dict[str, Any]] = {
    "default": environment.database(
        ENV.text("ENTERO_DATABASE_URL", f"sqlite:///{DATA_DIR / 'entero.sqlite3'}")
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "entero.directory",
    "entero.ui",
    "entero.kernel.accounts",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_tasks",
    "django_tasks_db",
]
MIDDLEWARE = [
    "entero.kernel.safety.requests.RequestIdMiddleware",
    "entero.ui.headers.HeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "entero.kernel.safety.origin.SessionFormMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "entero.kernel.accounts.policy.PolicyMiddleware",
]
ROOT_URLCONF = "entero.conf.urls"
WSGI_APPLICATION = "entero.conf.wsgi.application"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "entero.ui.context.shell",
                "entero.directory.context.crisis",
            ],
            "builtins": ["entero.ui.templatetags.ui"],
        },
    }
]

AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "desk:sign_in"
LOGIN_REDIRECT_URL = "desk:directory"
LOGOUT_REDIRECT_URL = "desk:sign_in"

SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 30 * 60
SESSION_SAVE_EVERY_REQUEST = True
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_REFERRER_POLICY = "no-referrer"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
X_FRAME_OPTIONS = "DENY"
SECURE_CSP: dict[str, list[str]] = {
    "default-src": ["'self'"],
    "base-uri": ["'none'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
    "object-src": ["'none'"],
}

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]
LOCALE_PATHS = [Path(__file__).parent / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = ENV.text("ENTERO_TIME_ZONE", "America/Los_Angeles")

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = DATA_DIR / "files"
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
FILE_UPLOAD_PERMISSIONS = 0o600

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

LOGGING_CONFIG = None
logs.configure(ENV.text("ENTERO_LOG_LEVEL", "INFO"))

ORGANIZATION_NAME = ENV.text("ENTERO_ORGANIZATION", "Entero")
EXIT_URL = ENV.text("ENTERO_EXIT_URL", "https://www.weather.gov/")
SHOW_PATTERNS = ENV.flag("ENTERO_PATTERNS", default=DEBUG)
INDEX_DIR = DATA_DIR / "index"

"""Django's settings. Nothing is decided here that a deployment decides: that comes from ``environment.py``."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

from csp.constants import SELF
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _
from whitenoise.compress import Compressor

from denggao.environment import PROJECT_ROOT, read_environment
from denggao.foundation.vault.keys import django_secret
from denggao.logs import logging_settings

ENVIRONMENT = read_environment()
BASE_DIR = PROJECT_ROOT
DATA_DIR: Path = ENVIRONMENT.data_dir
KEYS_DIR: Path = ENVIRONMENT.keys_dir
FONTS_DIR: Path = ENVIRONMENT.fonts_dir
AUDIT_HEAD_DIR: Path = KEYS_DIR
DEMO = ENVIRONMENT.demo
DEBUG = ENVIRONMENT.debug
BASE_URL = ENVIRONMENT.base_url
# The key is made at first use, not at import: `make setup` touches no data folder.
SECRET_KEY = ENVIRONMENT.secret_key or SimpleLazyObject(lambda: django_secret(KEYS_DIR))

_host = urlsplit(BASE_URL).hostname or "127.0.0.1"
ALLOWED_HOSTS = sorted({_host, "127.0.0.1", "localhost", "[::1]", *ENVIRONMENT.hosts})
CSRF_TRUSTED_ORIGINS = [BASE_URL]

INSTALLED_APPS = [
    "denggao.demo",
    "denggao.faces.api",
    "denggao.faces.auditing",
    "denggao.faces.board",
    "denggao.faces.desk",
    "denggao.faces.portal",
    "denggao.systems.assessment",
    "denggao.systems.bases",
    "denggao.systems.craftsmen.benefits",
    "denggao.systems.craftsmen.lane",
    "denggao.systems.craftsmen.mentors",
    "denggao.systems.craftsmen.hall",
    "denggao.systems.craftsmen.studios",
    "denggao.systems.craftsmen",
    "denggao.systems.university.learning",
    "denggao.systems.university",
    "denggao.engines.cases",
    "denggao.engines.reviews.meetings",
    "denggao.engines.reviews.interviews",
    "denggao.engines.reviews",
    "denggao.engines.notices",
    "denggao.engines.agreements",
    "denggao.engines.hours",
    "denggao.engines.ledger",
    "denggao.engines.credentials",
    "denggao.foundation.plans",
    "denggao.foundation.organisations",
    "denggao.foundation.people",
    "denggao.foundation.standards",
    "denggao.foundation.sheets",
    "denggao.foundation.calendar",
    "denggao.foundation.documents",
    "denggao.foundation.media",
    "denggao.foundation.messages",
    "denggao.foundation.jobs",
    "denggao.foundation.files",
    "denggao.foundation.ui",
    "denggao.foundation.audit",
    "denggao.foundation.accounts",
    "denggao.foundation.vault",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.forms",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "axes",
    "csp",
    "django_cotton.apps.SimpleAppConfig",
    "django_filters",
    "django_htmx",
    "ninja",
    "template_partials.apps.SimpleAppConfig",
    "denggao.apps.DenggaoConfig",
]

MIDDLEWARE = [
    "denggao.stack.RoomMiddleware",
    "denggao.engines.hours.middleware.BeatMiddleware",
    "denggao.logs.RequestLogMiddleware",
    "denggao.foundation.accounts.middleware.ClientAddressMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "denggao.foundation.ui.middleware.LanguageMiddleware",
    "denggao.faces.api.middleware.ApiMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "denggao.foundation.organisations.middleware.ActorMiddleware",
    "denggao.foundation.accounts.middleware.SignInRequiredMiddleware",
    "denggao.foundation.people.signin.middleware.OfficeSessionMiddleware",
    "denggao.foundation.ui.refusals.RefusalMiddleware",
    "axes.middleware.AxesMiddleware",
    "denggao.foundation.audit.middleware.ReadsOnlyMiddleware",
]

ROOT_URLCONF = "denggao.urls"
WSGI_APPLICATION = "denggao.wsgi.application"
ASGI_APPLICATION = "denggao.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "denggao.foundation.ui.context.page",
            ],
            # Cotton and partials compile only in this order; with the automatic set-up of both, <c-…> stays as it is.
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django_cotton.cotton_loader.Loader",
                                "django.template.loaders.filesystem.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "django_cotton.templatetags.cotton",
                "template_partials.templatetags.partials",
                "denggao.foundation.ui.templatetags.dg",
            ],
        },
    }
]
COTTON_DIR = "components"
FORM_RENDERER = "denggao.foundation.ui.forms.Renderer"

DATABASES = {"default": ENVIRONMENT.database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "denggao.foundation.people.signin.backends.Backend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "django.contrib.auth.hashers.ScryptPasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# Sign-in: our own pages (people/signin) over allauth's stages, second factors and sessions. No open sign-up.
ACCOUNT_ADAPTER = "denggao.foundation.people.signin.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = False
MFA_ADAPTER = "denggao.foundation.people.signin.adapters.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1
PASSWORD_RESET_TIMEOUT = 60 * 60
OFFICE_IDLE_SECONDS = 30 * 60
# Lock-out: five failures by account and address, then a quarter of an hour; counted in the database, for every process.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = dt.timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_USERNAME_CALLABLE = "denggao.foundation.people.signin.backends.whose_attempt"
AXES_CLIENT_IP_CALLABLE = "denggao.foundation.people.signin.backends.client_address"
AXES_LOCKOUT_CALLABLE = "denggao.foundation.people.signin.views.entrance.locked_out"
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "login", "password", "csrfmiddlewaretoken", "next"]
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
LOGIN_URL = "/account/login/"
LOGIN_REDIRECT_URL = "/desk/"
LOGOUT_REDIRECT_URL = "/"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LANGUAGE_COOKIE_NAME = "dg_language"
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "static"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": str(DATA_DIR / "files"),
            "base_url": None,
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    "staticfiles": {"BACKEND": "denggao.foundation.ui.storage.StaticStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = False
# The libraries' source maps are megabytes that no visitor loads.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = [*Compressor.SKIP_COMPRESS_EXTENSIONS, "map"]

CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": ENVIRONMENT.redis_url}
    if ENVIRONMENT.redis_url
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "denggao", "OPTIONS": {"MAX_ENTRIES": 5000}}
}

SMS_GATEWAY = ENVIRONMENT.sms_gateway
_mail = urlsplit(ENVIRONMENT.mail_url)
DEFAULT_FROM_EMAIL = ENVIRONMENT.mail_from or f"denggao@{_host}"
if _mail.scheme in {"smtp", "smtps"}:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST, EMAIL_PORT = _mail.hostname or "", _mail.port or (465 if _mail.scheme == "smtps" else 587)
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_mail.username or ""), unquote(_mail.password or "")
    EMAIL_USE_SSL, EMAIL_USE_TLS = _mail.scheme == "smtps", _mail.scheme == "smtp"
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = str(Path(_mail.path) if _mail.scheme == "file" else DATA_DIR / "mail")

# Security
SESSION_ENGINE = "denggao.foundation.people.signin.session_store"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENVIRONMENT.secure
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
# The prefix makes browsers refuse such a cookie from a sister host.
_host_only = "__Host-" if ENVIRONMENT.secure else ""
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{_host_only}dg_session", f"{_host_only}dg_csrf"
CSRF_FAILURE_VIEW = "denggao.foundation.ui.refusals.csrf_failed"
API_PREFIX = "/api/"
PROXIES = ENVIRONMENT.proxies
MAP_TILES = ENVIRONMENT.map_tiles
SESSION_COOKIE_AGE = 60 * 60 * 12
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENVIRONMENT.secure else None
SECURE_HSTS_SECONDS = 31_536_000 if ENVIRONMENT.secure else 0
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", *([f"https://{urlsplit(MAP_TILES).netloc}"] if MAP_TILES else [])],
        "connect-src": [SELF],
        # Players hand a film on in pieces they made themselves.
        "media-src": [SELF, "blob:"],
        "font-src": [SELF],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": [SELF],
        "frame-ancestors": ["'none'"],
    }
}
UPLOAD_LIMIT_BYTES = ENVIRONMENT.upload_limit_mb * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "denggao.foundation.files.uploads.LimitedUploads",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

SILENCED_SYSTEM_CHECKS: list[str] = []
TEST_RUNNER = "django.test.runner.DiscoverRunner"

# A service writes every request, as JSON. `make run` and commands in a terminal show what went wrong, readable.
LOGGING = logging_settings(readable=DEBUG or DEMO or sys.stderr.isatty(), level="INFO" if DEBUG or not DEMO else "WARNING")

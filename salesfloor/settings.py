"""Settings, read from the environment. README lists every variable.

With none set the app runs on SQLite against the simulator on this machine.
"""

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _
from environs import Env
from whitenoise.compress import Compressor

env = Env()

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = env.path("DATA_DIR", default=BASE_DIR / "var")
DATA_DIR.mkdir(parents=True, exist_ok=True)

# --- Where we are reached -------------------------------------------------------------

SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")
HTTPS = SITE_URL.startswith("https://")
DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=[urlsplit(SITE_URL).hostname or "", "127.0.0.1", "localhost"]
)
CSRF_TRUSTED_ORIGINS = [SITE_URL]
# --- Lightspeed -----------------------------------------------------------------------

SIMULATOR_URL = env.str("SIMULATOR_URL", default="http://127.0.0.1:8100").rstrip("/")
LIGHTSPEED_CLIENT_ID = env.str("LIGHTSPEED_CLIENT_ID", default="")
SIMULATED = not LIGHTSPEED_CLIENT_ID
# On one's own machine with the simulator, sessions and tokens guard nothing.
SECRET_KEY = (
    env.str("SECRET_KEY", default="simulator-only")
    if SIMULATED and not HTTPS
    else env.str("SECRET_KEY")
)
# Encrypts the stored Lightspeed tokens (django-fernet-encrypted-fields derives the key).
SALT_KEY = env.list("TOKEN_KEYS", default=[SECRET_KEY])
if SIMULATED:
    LIGHTSPEED_CLIENT_ID = "salesfloor"
    LIGHTSPEED_CLIENT_SECRET = "salesfloor-secret"  # noqa: S105 (the simulator's, known to all)
    LIGHTSPEED_API_URL = LIGHTSPEED_LOGIN_URL = SIMULATOR_URL
else:
    LIGHTSPEED_CLIENT_SECRET = env.str("LIGHTSPEED_CLIENT_SECRET")
    LIGHTSPEED_API_URL = env.str("LIGHTSPEED_API_URL", default="https://api.lightspeedapp.com")
    LIGHTSPEED_LOGIN_URL = env.str(
        "LIGHTSPEED_LOGIN_URL", default="https://cloud.lightspeedapp.com"
    )
LIGHTSPEED_SCOPES = env.list(
    "LIGHTSPEED_SCOPES",
    default=[
        "employee:register",
        "employee:register_refund",
        "employee:register_layaway",
        "employee:special_orders",
        "employee:customers",
        "employee:inventory_read",
    ],
)
# Seconds: to connect, and for a whole call (reliability: a rep never waits longer than this).
LIGHTSPEED_CONNECT_SECONDS = env.float("LIGHTSPEED_CONNECT_SECONDS", default=3.0)
LIGHTSPEED_CALL_SECONDS = env.float("LIGHTSPEED_CALL_SECONDS", default=25.0)

# --- Card readers, off unless configured ----------------------------------------------

STRIPE_API_KEY = env.str("STRIPE_API_KEY", default="")
# The retailer whose readers they are, by Lightspeed's account id.
STRIPE_LIGHTSPEED_ACCOUNT_ID = env.int("STRIPE_LIGHTSPEED_ACCOUNT_ID", default=0)
STRIPE_WEBHOOK_SECRET = env.str("STRIPE_WEBHOOK_SECRET", default="")
STRIPE_API_URL = env.str("STRIPE_API_URL", default="https://api.stripe.com").rstrip("/")

# --- Recording sales ------------------------------------------------------------------

# A draft in Lightspeed is trusted this long before it is read again at Pay.
QUOTE_FRESH_FOR = timedelta(seconds=env.int("QUOTE_FRESH_SECONDS", default=60))
# How long an unfound sale must stay unfound, from when the doubt arose, before it is sent again.
DELIVERY_SETTLE_SECONDS = env.float("DELIVERY_SETTLE_SECONDS", default=180.0)
# How long a customer's link to a receipt stays good.
RECEIPT_LINK_FOR = timedelta(days=env.int("RECEIPT_LINK_DAYS", default=7))

# --- Applications ---------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "csp",
    "django_htmx",
    "heroicons",
    "huey.contrib.djhuey",
    "salesfloor",
    "salesfloor.lightspeed_login",
    "salesfloor.staff",
    "salesfloor.catalog",
    "salesfloor.shelf",
    "salesfloor.customers",
    "salesfloor.outbox",
    "salesfloor.terminals",
    "salesfloor.mirror",
    "salesfloor.sales",
    "salesfloor.receipts",
    "salesfloor.returns",
    "salesfloor.orders",
    "salesfloor.elsewhere",
    "salesfloor.dashboard",
    "salesfloor.simulator",  # for its management command alone
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # In Zstandard or Brotli where the browser takes them. Django masks its CSRF token anew in each
    # answer, so that its length tells nothing of it.
    "compression_middleware.middleware.CompressionMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "salesfloor.staff.middleware.SignedInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "salesfloor.urls"
WSGI_APPLICATION = "salesfloor.wsgi.application"

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
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static"],
        },
    },
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "templates" / "jinja2"],
        "OPTIONS": {"environment": "salesfloor.jinja.environment"},
    },
]

# --- Data -----------------------------------------------------------------------------

DATABASES = {
    "default": env.dj_db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR}/salesfloor.sqlite3")
}
DATABASES["default"]["CONN_MAX_AGE"] = 600
if DATABASES["default"]["ENGINE"].endswith("postgresql"):
    # A machine that went dark must not keep its locks, nor one whose network did hang on its
    # questions: both sides take the other for dead after half a minute. And whoever is stopped in
    # the middle of a transaction must not stop the others. All in PostgreSQL's milliseconds.
    given = DATABASES["default"].get("OPTIONS", {})
    DATABASES["default"]["OPTIONS"] = {
        "connect_timeout": 5,
        "keepalives_idle": 15,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": 30_000,
        "options": "-c tcp_keepalives_idle=15 -c tcp_keepalives_interval=5"
        " -c tcp_keepalives_count=3 -c tcp_user_timeout=30000"
        " -c idle_in_transaction_session_timeout=30000 -c lock_timeout=20000",
    } | given
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        # A writer takes its lock when it begins, so that it never fails half way for lack of it.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536;"
            "PRAGMA mmap_size=268435456; PRAGMA temp_store=MEMORY;"
        ),
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default="")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
    }
    if REDIS_URL
    else {
        # Shared by all processes of one machine, as allauth's counters must be.
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": DATA_DIR / "cache",
    }
}

HUEY = {
    "name": "salesfloor",
    "immediate": False,
    "results": False,
    "consumer": {"workers": 3, "worker_type": "thread", "max_delay": 0.2},
} | (
    {"huey_class": "huey.PriorityRedisHuey", "url": REDIS_URL}
    if REDIS_URL
    else {"huey_class": "huey.SqliteHuey", "filename": str(DATA_DIR / "jobs.sqlite3")}
)

# --- Who may come in ------------------------------------------------------------------

AUTH_USER_MODEL = "staff.User"
AUTHENTICATION_BACKENDS = ["salesfloor.staff.sign_in.SignInBackend"]
LOGIN_URL = "staff:sign_in"
LOGIN_REDIRECT_URL = "staff:home"
LOGOUT_REDIRECT_URL = ACCOUNT_LOGOUT_REDIRECT_URL = "staff:sign_in"

SOCIALACCOUNT_ONLY = True
SOCIALACCOUNT_STORE_TOKENS = False  # ours are kept encrypted: staff.Grant
SOCIALACCOUNT_AUTO_SIGNUP = True
ACCOUNT_SIGNUP_FIELDS = ["username*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
# Proxies in front of us, so that sign-in limits count the clients and not the proxy.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("PROXY_COUNT", default=1 if HTTPS else 0)
SOCIALACCOUNT_PROVIDERS = {
    "lightspeed": {
        "APPS": [{"client_id": LIGHTSPEED_CLIENT_ID, "secret": LIGHTSPEED_CLIENT_SECRET}],
        "SCOPE": LIGHTSPEED_SCOPES,
        "OAUTH_PKCE_ENABLED": True,
    }
}

SESSION_COOKIE_AGE = int(timedelta(hours=12).total_seconds())
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-sessionid" if HTTPS else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if HTTPS else "csrftoken"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "salesfloor.staff.views.session_over"

# --- Headers --------------------------------------------------------------------------

SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "font-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str] | str] = {
    "camera": "self",
    "geolocation": [],
    "microphone": [],
    "payment": [],
    "usb": [],
}

# --- Files and words ------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "salesfloor.bundles.BundleFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Brotli takes seconds for the camera's one wasm, at every first start; iPads keep it for ever.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "wasm")

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("fr-ca", _("French (Canada)"))]
LOCALE_PATHS = [BASE_DIR / "salesfloor" / "locale"]
USE_TZ = True
TIME_ZONE = "UTC"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        # Both print request bodies when asked for debug output, tokens among them.
        "requests_oauthlib": {"level": "WARNING"},
        "oauthlib": {"level": "WARNING"},
        "urllib3": {"level": "WARNING"},
        "stripe": {"level": "WARNING"},
    },
}

env.seal()

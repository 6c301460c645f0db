"""The only settings file: environment variables hold what differs between machines, and a missing one is an error."""

from datetime import time, timedelta
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote

import environ
from csp.constants import NONE, SELF
from django.contrib.messages import constants as message_levels
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from clinic import keys
from foundation.database.patience import PatientConnection

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

DEBUG = env.bool("DEBUG", default=False)
DEBUG_TOOLBAR = env.bool("DEBUG_TOOLBAR", default=False)
"""Shows what a page asks of the database, and with it people's data: only `run.py dev` turns it on."""
DEMO = env.bool("DEMO", default=False)
"""Demo mode: invented people, logins shown on the sign-in page, sent messages readable in the office."""
SECRET_KEY = keys.signing("SECRET_KEY", env.str("SECRET_KEY"))
SECRET_KEY_FALLBACKS = [
    keys.signing("SECRET_KEY_FALLBACKS", key) for key in env.list("SECRET_KEY_FALLBACKS", default=[])
]
"""Former keys, newest first: what they signed stays good, above all the links that patients have."""
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
BEHIND_TLS = env.bool("BEHIND_TLS", default=False)
if DEMO and BEHIND_TLS:  # its logins are printed on the sign-in page
    raise ImproperlyConfigured(
        "DEMO is for trying out on one's own machine: no clinic is opened with its logins (O11)."
    )

INSTALLED_APPS = [
    "clinic",
    "foundation.accounts",
    "foundation.audit",
    "foundation.guard",
    "foundation.idempotency",
    "foundation.drafts",
    "foundation.organization",
    "patients",
    "notifications",
    "telephony",
    "scheduling",
    "worklist",
    "waitlist",
    "booking_site",
    "back_office",
    "standalone",
    "clinic.reference_data.apps.ReferenceDataConfig",  # instead of django.contrib.admin
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
]
if find_spec("django_linear_migrations"):  # a tool of development, absent in production
    INSTALLED_APPS.append("django_linear_migrations")
if DEBUG_TOOLBAR:
    INSTALLED_APPS.append("debug_toolbar")

MIDDLEWARE = [
    "foundation.guard.addresses.BehindProxies",
    "django.middleware.security.SecurityMiddleware",
    "clinic.headers.PermissionsPolicy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "clinic.methods.RefuseOtherMethods",
    "clinic.outages.RefuseWhileAway",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "clinic.idle.EndIdleSessions",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "clinic.form_addresses.LeadToTheForm",
    "clinic.second_factor.AskForSecondFactor",
    "clinic.drafts.KeepForms",
]

if DEBUG_TOOLBAR:  # within the policy's middleware, which gives its scripts their nonce
    MIDDLEWARE.insert(
        MIDDLEWARE.index("csp.middleware.CSPMiddleware") + 1, "debug_toolbar.middleware.DebugToolbarMiddleware"
    )
INTERNAL_IPS = ["127.0.0.1", "::1"] if DEBUG_TOOLBAR else []

ROOT_URLCONF = "clinic.urls"
WSGI_APPLICATION = "clinic.wsgi.application"
UNCACHED = ["django.template.loaders.filesystem.Loader", "django.template.loaders.app_directories.Loader"]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": not DEBUG,
        "OPTIONS": {
            **({"loaders": UNCACHED} if DEBUG else {}),
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "clinic.context.clinic",
                *(["standalone.demo.context.demo_logins"] if DEMO else []),
            ],
        },
    },
]
MESSAGE_TAGS = {message_levels.ERROR: "danger"}
"""Django's message levels as the four kinds of notice of the design."""

# Database ------------------------------------------------------------------------------------------------------------

# A lock that does not come in 5 s is a sentence for the person, not a request that hangs.
DB_LIMITS = env.str(
    "DB_LIMITS", default="-c lock_timeout=5000 -c statement_timeout=30000 -c idle_in_transaction_session_timeout=60000"
)
# A server that does not take anybody in, and a line that was cut, are noticed within seconds.
LINES = {"connect_timeout": 3, "keepalives_idle": 20, "keepalives_interval": 5, "keepalives_count": 3}
LINES |= {"tcp_user_timeout": 15_000}


def database(variable: str) -> dict:
    made = env.db_url(variable)
    made["HOST"] = unquote(made["HOST"])  # a socket folder arrives as %2Fpath
    # The same statement again on the same connection is neither parsed nor planned anew.
    made["OPTIONS"] = {"server_side_binding": True, "prepare_threshold": 3, "options": DB_LIMITS, **LINES}
    made["CONN_HEALTH_CHECKS"] = True  # a connection that lies ready may have died with its server: the pool asks it
    if env.bool("DB_POOL", default=False):  # web processes only: commands and tests open plain connections
        made["OPTIONS"]["pool"] = {
            "min_size": 1,
            "max_size": env.int("DB_POOL_SIZE", default=10),
            "timeout": 2,  # with the check of a connection `/readyz` stays below three seconds
            "connection_class": PatientConnection,
        }
    else:  # seconds a thread keeps its connection for; the pool knows better
        made["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=0)
    return made


AS_OWNER = env.bool("AS_OWNER", default=False) and bool(env.str("MIGRATION_DATABASE_URL", default=""))
"""True in a process that changes the tables themselves: it comes as their owner, the others as a role without any."""
DATABASES = {"default": database("MIGRATION_DATABASE_URL" if AS_OWNER else "DATABASE_URL")}
_application = env.db_url("DATABASE_URL")
APPLICATION_ROLE = (_application["USER"], unquote(_application["PASSWORD"])) if AS_OWNER else None
"""The name and password of the role that the owner gives rights to."""
REPLICA_MAX_LAG_SECONDS = env.int("REPLICA_MAX_LAG_SECONDS", default=5)
"""A replica that is further behind is not read."""
if REPLICA_URL := env.str("REPLICA_URL", default=""):
    # A streaming replica of DATABASE_URL: free times on the pages are read there, and nothing else.
    DATABASES["replica"] = database("REPLICA_URL") | {"TEST": {"MIRROR": "default"}}
    DATABASES["replica"]["CONN_HEALTH_CHECKS"] = False  # one that hangs would hold the check itself up, without a limit
    DATABASES["replica"]["OPTIONS"] |= {
        "options": f"{DB_LIMITS} -c default_transaction_read_only=on",
        "connect_timeout": 1,
        "tcp_user_timeout": 2000,
    }
    if "pool" in DATABASES["replica"]["OPTIONS"]:
        DATABASES["replica"]["OPTIONS"]["pool"]["timeout"] = 1
    DATABASE_ROUTERS = ["foundation.database.replica.Router"]
    MIDDLEWARE.append("foundation.database.replica.ReadYourWrites")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Sessions, counters and rate limits live in Postgres: they must survive a broker that is stopped or hung.
CACHES = {"default": {"BACKEND": "foundation.database.cache.TellingCache", "LOCATION": "cache_entries"}}
SESSION_ENGINE = "foundation.database.sessions"
SESSION_COOKIE_AGE = 12 * 60 * 60

# Celery: the queue is a wake-up, the tables are the truth ------------------------------------------------------------

REDIS_URL = env.str("REDIS_URL")
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_DEFAULT_QUEUE = env.str("QUEUE", default="clinic")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_timeout": 5,
    "socket_connect_timeout": 1,
    "visibility_timeout": 600,
}
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = {
    name: {"task": name, "schedule": seconds, "options": {"expires": seconds}}
    for name, seconds in {
        "waitlist.match_freed_slots": 5.0,
        "waitlist.return_lapsed": 10.0,
        "waitlist.ask_about_freed": 10.0,
        "scheduling.release_lapsed_holds": 5.0,
        "scheduling.retire_past": 3600.0,
        "scheduling.put_reminders": 300.0,
        "notifications.send_due": 10.0,
        "notifications.ask_receipts": 60.0,
        "notifications.forget": 3600.0,
        "waitlist.reconcile": 600.0,
        "worklist.forget_numbers": 86_400.0,
        "waitlist.expire": 900.0,
        "booking.reconcile_openness": 300.0,
        "booking.renew_untold": 30.0,
        "booking.settle_missed_calls": 30.0,
        "telephony.forget": 3600.0,
        "accounts.clear_sessions": 3600.0,
        "idempotency.forget_forms": 3600.0,
        "drafts.forget": 3600.0,
        "guard.forget_acts": 3600.0,
        "paper.write_lists": 900.0,
        "audit.seal": 10.0,
        "audit.verify": 43_200.0,
    }.items()
}
SLOT_FREED_TASK = "waitlist.match_freed_slots"
"""The task sent when a slot becomes free: `scheduling` must not know who listens."""

# People and access ---------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "foundation.accounts.backend.StaffBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "last_name", "first_name", "email"), "max_similarity": 0.5},
    },
    {"NAME": "foundation.accounts.clinic_words.ClinicWordsValidator", "OPTIONS": {"left": 8}},
]
ACCOUNT_ADAPTER = "foundation.accounts.adapter.StaffAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
# StaffAdapter counts wrong passwords; wrong codes of the second step are counted for whoever has given the password.
ACCOUNT_RATE_LIMITS = {"login": "300/m/ip", "login_failed": "5/5m/key"}
MFA_ADAPTER = "foundation.accounts.second_factor.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "foundation.accounts.second_factor_forms.CodeForm",
    "reauthenticate": "foundation.accounts.second_factor_forms.ConfirmForm",
    "activate_totp": "foundation.accounts.second_factor_forms.SetUpForm",
}
MFA_ROLES = env.list("MFA_ROLES", default=["head"] if BEHIND_TLS else [])
"""The roles whose sign-in must have a second step; whoever else likes may set one up."""
STAFF_IDLE_MINUTES = env.int("STAFF_IDLE_MINUTES", default=30)
"""So long a signed-in person may do nothing."""
SIGN_INS_OF_LOGIN = (5, timedelta(minutes=5))
SIGN_INS_OF_NETWORK = (100, timedelta(hours=1))
"""So many wrong passwords are tried from one network: for one login, and for all."""
FIRST_RUN_KEYS = (10, timedelta(hours=1))
"""So many wrong keys are tried from one network while a new clinic waits for its first head."""
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "office:home"
vars().update(env.email_url_config(env.str("EMAIL_URL", default="") or "dummymail://"))
DEFAULT_FROM_EMAIL = env.str("EMAIL_FROM", default="") or "webmaster@localhost"
EMAIL_TIMEOUT = 10

# Language and time ---------------------------------------------------------------------------------------------------

LANGUAGE_CODE = "ru"
LANGUAGES = [("ru", _("Russian")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Moscow"
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = ["clinic.formats"]

# Static files --------------------------------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = env.path("STATIC_ROOT", default=str(BASE_DIR / "local" / "static"))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage",
    },
}

# Security ------------------------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    },
}
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "clinic.error_pages.page_grown_old"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = BEHIND_TLS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=31_536_000) if BEHIND_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = BEHIND_TLS and env.bool("HSTS_SUBDOMAINS", default=False)
SECURE_HSTS_PRELOAD = BEHIND_TLS and env.bool("HSTS_PRELOAD", default=False)
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]  # other hosts of the domain are not ours to decide about
if BEHIND_TLS:
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"  # no other host can set them
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024  # forms only: the product takes no uploads
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500

FIELD_KEYS = keys.ring("FIELD_KEYS", env.list("FIELD_KEYS"))
"""Key ring of encrypted fields, newest first: `id:base64 of 32 bytes`. Old keys stay until `manage.py rotate_keys`."""
BLIND_INDEX_KEY = keys.secret("BLIND_INDEX_KEY", env.str("BLIND_INDEX_KEY"))
"""A key of 32 bytes in base64; makes a document number searchable without being readable."""
BLIND_INDEX_KEY_FALLBACKS = [
    keys.secret("BLIND_INDEX_KEY_FALLBACKS", key) for key in env.list("BLIND_INDEX_KEY_FALLBACKS", default=[])
]
"""Former keys: numbers are found by them too, until `manage.py rotate_keys` has gone through."""

# Phones
PHONENUMBER_DEFAULT_REGION = "RU"
PHONENUMBER_DB_FORMAT = "E164"
PHONENUMBER_DEFAULT_FORMAT = "INTERNATIONAL"

# The clinic ----------------------------------------------------------------------------------------------------------

CLINIC = {
    "name": env.str("CLINIC_NAME", default="Медилуна"),
    "legal_name": env.str("CLINIC_LEGAL_NAME", default="ООО «Медилуна»"),
    "licence": env.str("CLINIC_LICENCE", default=""),
    "phone": env.str("CLINIC_PHONE", default="8 (812) 317-78-21"),
    "phone_e164": env.str("CLINIC_PHONE_E164", default="+78123177821"),
    "area_code": env.str("CLINIC_AREA_CODE", default="812"),
    "site": env.str("CLINIC_SITE", default="https://www.skinlazermed.ru"),
    "address": env.str("CLINIC_ADDRESS", default="Санкт-Петербург, ул. Лунная, д. 7"),
    "hours": env.str("CLINIC_HOURS", default="ежедневно с 9:00 до 21:00"),
    "base_url": env.str("BASE_URL", default="http://localhost:8000"),
    "short_url": env.str("SHORT_URL", default=""),  # of the same site, for links in messages; empty: BASE_URL
    "ambulance": "103",
    "emergency": "112",
}
ORGANIZATION_SECONDS = env.int("ORGANIZATION_SECONDS", default=5)
"""The name, the phone and the address that a head has written reach every process within this time."""
CLINIC_NAMES = ["CLINIC_NAME", "CLINIC_PHONE", "CLINIC_ADDRESS"]
"""What patients are told of the clinic on every page; the list of what a new clinic needs asks for them."""
CLINIC_NAMED = [name for name in CLINIC_NAMES if env.str(name, default="")]

# Rules the clinic may change without code ----------------------------------------------------------------------------

HOLD_MINUTES = env.int("HOLD_MINUTES", default=10)
"""A slot waits this long while a form is filled in (U04)."""
HOLD_LIFE_MINUTES = env.int("HOLD_LIFE_MINUTES", default=25)
"""No visitor of the site has a time for longer without booking it, however often they ask for more or for another in
between (T110); after that it rests as long again before the same session may hold it anew."""
HAND_OVER_MINUTES = env.int("HAND_OVER_MINUTES", default=30)
"""A time is kept so long for a visitor whom no code reaches, until the contact centre phones them, in its hours."""
HOLDS_PER_DAY = env.int("HOLDS_PER_DAY", default=2)
HOLDS_PERCENT_OF_DAY = env.int("HOLDS_PERCENT_OF_DAY", default=20)
"""The larger of both is what visitors may hold of a doctor's day before they prove a phone; then a code is asked."""
HOLDS_PER_NETWORK = env.int("HOLDS_PER_NETWORK", default=5)
HOLDS_PER_SHARED_NETWORK = env.int("HOLDS_PER_SHARED_NETWORK", default=50)
"""So many times at once are held without a proved phone for the visitors of one network."""
DRAFT_HOURS = env.int("DRAFT_HOURS", default=12)
"""A form that was not accepted is kept so long for whoever has filled it in."""
UNDO_SECONDS = env.int("UNDO_SECONDS", default=10)
"""What follows from a step of the staff (the message, the freed time) waits so long, and the step can be undone."""
CALL_HOLD_MINUTES = env.int("CALL_HOLD_MINUTES", default=15)
"""A slot is held this long from the start of a call (R24)."""
CLAIM_MINUTES = env.int("CLAIM_MINUTES", default=5)
"""A call whose browser has died returns to the queue after this (T09)."""
PROPOSALS_PER_OPERATOR = env.int("PROPOSALS_PER_OPERATOR", default=2)
PROPOSALS_AT_LEAST = env.int("PROPOSALS_AT_LEAST", default=2)
"""So many calls about free times are proposed at once for each operator who is there, and so many with nobody there."""
PROPOSAL_MINUTES = env.int("PROPOSAL_MINUTES", default=10)
"""A proposed call that nobody makes is ranked anew after this."""
TIMES_PER_CALL = env.int("TIMES_PER_CALL", default=3)
"""So many times that differ are held for one call about free times."""
FIRST_REFUSAL_MINUTES = env.int("FIRST_REFUSAL_MINUTES", default=10)
FIRST_REFUSAL_NOTICE_MINUTES = env.int("FIRST_REFUSAL_NOTICE_MINUTES", default=120)
"""So long the waitlist is asked before a freed time is public; not at all when it begins sooner than the second."""
WAITLIST_STOP_MINUTES = env.int("WAITLIST_STOP_MINUTES", default=60)
"""Nobody is phoned about a time that begins sooner."""
WAITLIST_HELD_PER_DAY = env.int("WAITLIST_HELD_PER_DAY", default=1)
WAITLIST_HELD_PERCENT = env.int("WAITLIST_HELD_PERCENT", default=1)
"""The waitlist keeps so many visits of a doctor's day from the public at most, and this share of the coming week."""
MESSAGE_FIRST = env.bool("MESSAGE_FIRST", default=False)
"""On: whoever waits is asked by message whether a freed time suits them, and those who say yes are phoned first."""
MESSAGE_FIRST_GRACE_MINUTES = env.int("MESSAGE_FIRST_GRACE_MINUTES", default=5)
MESSAGE_FIRST_WAIT_MINUTES = env.int("MESSAGE_FIRST_WAIT_MINUTES", default=10)
"""They are asked so long after it was freed; so long after that nobody is phoned but those who have said yes."""
MESSAGE_FIRST_PEOPLE = env.int("MESSAGE_FIRST_PEOPLE", default=10)
MESSAGE_FIRST_PER_DAY = env.int("MESSAGE_FIRST_PER_DAY", default=3)
MESSAGE_FIRST_PAUSE_MINUTES = env.int("MESSAGE_FIRST_PAUSE_MINUTES", default=30)
"""So many are asked about one time at most, a number so often a day, and not again within so many minutes."""
MIN_GAIN_DAYS = env.int("MIN_GAIN_DAYS", default=1)
"""Whoever has a visit is offered times that are so many days earlier; zero: whatever is earlier at all."""
CALL_ATTEMPTS = env.int("CALL_ATTEMPTS", default=3)
"""Who was not reached so often in a row is asked by an SMS to call; they keep their place."""
CALLS_PER_DAY = env.int("CALLS_PER_DAY", default=3)
"""A number is dialled so often a day at most, but for a promised call."""
CONTACTS = env.int("CONTACTS", default=0)
CONTACTS_DAYS = env.int("CONTACTS_DAYS", default=7)
"""A person is phoned about free times so often in so many days at most; zero: as often as there are times."""
REFUSALS = env.int("REFUSALS", default=0)
REFUSAL_DAYS = env.int("REFUSAL_DAYS", default=7)
"""Whoever has said no so often in a row is left in peace for so many days, or until the wishes change; zero: never."""
CALL_BUSY_MINUTES = env.int("CALL_BUSY_MINUTES", default=3)
CALL_RETRY_MINUTES = env.int("CALL_RETRY_MINUTES", default=120)
CALL_RETRY_SOON_MINUTES = env.int("CALL_RETRY_SOON_MINUTES", default=30)
"""A number rests after a call: a busy one; one that did not answer; that too for a time within a day, or an answer."""
WAITLIST_EXPIRY_DAYS = env.int("WAITLIST_EXPIRY_DAYS", default=60)
"""Nobody waits longer unasked, whatever their last wished day."""
WAITLIST_ASK_DAYS = env.int("WAITLIST_ASK_DAYS", default=3)
"""So many days before a wait ends it is asked whether it goes on; without an answer the entry is closed."""
CALL_HOURS = [tuple(hours.split("-")) for hours in env.list("CALL_HOURS", default=["09:00-20:00", "10:00-18:00"])]
"""Hours in which the clinic phones people: weekdays, weekends and, where they differ from those, official holidays."""
SLOT_GRACE_MINUTES = env.int("SLOT_GRACE_MINUTES", default=0)
"""A slot that began this many minutes ago may still be booked (R11)."""
CATALOGUE_SECONDS = env.int("CATALOGUE_SECONDS", default=2)
"""The site's pages may show services, prices and doctors this many seconds old. Zero: always read anew."""
CODE_MINUTES = env.int("CODE_MINUTES", default=10)
CODE_TRIES = env.int("CODE_TRIES", default=5)
CODES_PER_DAY = env.int("CODES_PER_DAY", default=5)
CODES_PER_HOUR = env.int("CODES_PER_HOUR", default=3)
CODE_PAUSE_SECONDS = env.int("CODE_PAUSE_SECONDS", default=60)
CODES_PER_NETWORK = (env.int("CODES_PER_NETWORK_HOUR", default=10), env.int("CODES_PER_NETWORK_DAY", default=50))
"""So many codes an hour and a day are sent to whoever asks from one network."""
CODES_PER_SHARED_NETWORK = (
    env.int("CODES_PER_SHARED_NETWORK_HOUR", default=100),
    env.int("CODES_PER_SHARED_NETWORK_DAY", default=500),
)
SHARED_NETWORKS = env.list("SHARED_NETWORKS", default=[])
"""Networks behind which many people have one address, as those of the mobile operators: 178.176.0.0/14."""
CODES_OF_ALL_PER_HOUR = env.int("CODES_OF_ALL_PER_HOUR", default=300)
"""So many codes leave in any hour, whoever asks for them."""
REQUESTS_PER_BROWSER = (
    env.int("REQUESTS_PER_BROWSER_HOUR", default=5),
    env.int("REQUESTS_PER_BROWSER_DAY", default=10),
)
"""So many requests to be phoned an hour and a day are taken from one browser; the next ones likewise."""
REQUESTS_PER_PHONE = (env.int("REQUESTS_PER_PHONE_HOUR", default=4), env.int("REQUESTS_PER_PHONE_DAY", default=8))
REQUESTS_PER_NETWORK = (
    env.int("REQUESTS_PER_NETWORK_HOUR", default=6),
    env.int("REQUESTS_PER_NETWORK_DAY", default=20),
)
REQUESTS_PER_SHARED_NETWORK = (
    env.int("REQUESTS_PER_SHARED_NETWORK_HOUR", default=60),
    env.int("REQUESTS_PER_SHARED_NETWORK_DAY", default=200),
)
REQUESTS_OF_ALL_PER_HOUR = env.int("REQUESTS_OF_ALL_PER_HOUR", default=120)
MOVES_BY_LINK_PER_DAY = env.int("MOVES_BY_LINK_PER_DAY", default=5)
"""A visit is moved so often by its own link; after that by phone."""
EXCHANGE_SECRET = env.str("EXCHANGE_SECRET", default="")
"""The secret with which a telephone exchange signs what it tells of calls (docs/telephony.md); empty: there is none."""
if EXCHANGE_SECRET:
    keys.signing("EXCHANGE_SECRET", EXCHANGE_SECRET)
EXCHANGE_WINDOW_SECONDS = env.int("EXCHANGE_WINDOW_SECONDS", default=300)
"""What was signed longer ago, or so far ahead, is refused."""
EXCHANGE_DAYS = env.int("EXCHANGE_DAYS", default=180)
"""Calls of the exchange are kept so long, with the links to their recordings."""
FORM_SECONDS = env.int("FORM_SECONDS", default=2)
"""A request that was filled in faster is a robot's and is asked for once more; 0 asks nobody."""
TRUSTED_PROXIES = env.list("TRUSTED_PROXIES", default=[])
"""Addresses and networks of the clinic's own proxies, `unix` for a socket: what they say of a visitor is believed."""
SELF_BOOKING_AGE = 18
"""Whole years from which people book for themselves on the site; 15–17 phone or come (domain, answers)."""
TOLD_OF_MINORS = {
    14: _(
        "Until 15 a legal representative comes with the patient and signs the consent to treatment and the contract."
    ),
    15: _(
        "From 15 on the patient signs the consent to treatment; "
        "the contract needs the written consent of a legal representative."
    ),
}
"""What is told about a minor from each age on (domain §3.1); the clinic's lawyer has still to confirm the words."""
CONSENT_VERSION = env.str("CONSENT_VERSION", default="2025-09-01")
MESSAGE_JUDGES = {
    "code": "notifications.actions.phone_codes.is_good",
    "booked": "scheduling.actions.messages.is_true",
    "moved": "scheduling.actions.messages.is_true",
    "cancelled": "scheduling.actions.messages.is_true",
    "reminder": "scheduling.actions.messages.is_true",
    "call_us": "waitlist.actions.outcomes.is_sought",
    "freed_time": "waitlist.actions.questions.is_open",
}
"""Who tells, template by template, whether a message about to leave is still true: `notifications` knows no visits."""
MESSAGE_ROUTES = {
    "sms": env.list("SMS_ROUTES", default=["console"] if DEMO else []),
    "voice": env.list("VOICE_ROUTES", default=[]),
    "email": env.list("EMAIL_ROUTES", default=["console"] if DEMO else []),
}
"""The routes of each channel, the first choice first: `smsru`, `http`, `smtp`, `console`, or the path of a class."""
MESSAGES_PER_HOUR = env.int("MESSAGES_PER_HOUR", default=600)
"""So many messages leave in any hour, whoever asks for them: what a fault or a stranger may cost the clinic."""
MESSAGE_DAYS = env.int("MESSAGE_DAYS", default=400)
"""A message that is over is kept so long; a code is forgotten after two days."""
REMINDERS = env.bool("REMINDERS", default=True)
"""Patients who agree are reminded of their visits by SMS. Off: nobody is asked, and nobody is reminded."""
REMIND_AT = time.fromisoformat(env.str("REMIND_AT", default="18:00"))
"""The hour of the reminder on the day before the visit, at its place."""
REMIND_HOURS = env.int("REMIND_HOURS", default=3)
"""The other one leaves so many hours before the visit, or up to an hour later, when the quiet hours are over."""
QUIET_HOURS = tuple(time.fromisoformat(hour) for hour in env.str("QUIET_HOURS", default="21:00-09:00").split("-"))
"""From the first to the second hour no reminder leaves."""
RECEIPT_MINUTES = env.int("RECEIPT_MINUTES", default=60)
"""A message that the provider took so long ago and did not report as delivered is a person's business."""
SMS_SENDER = env.str("SMS_SENDER", default="")
"""The name that phones show, as it is registered with the provider."""
SMSRU_API_ID = env.str("SMSRU_API_ID", default="")
SMSRU_URL = env.str("SMSRU_URL", default="https://sms.ru")
SMS_HTTP_URL = env.str("SMS_HTTP_URL", default="")
SMS_HTTP_HEADERS = env.json("SMS_HTTP_HEADERS", default={})
SMS_HTTP_BODY = env.json("SMS_HTTP_BODY", default={"phone": "{phone}", "text": "{text}", "id": "{id}"})
SMS_HTTP_ID = env.str("SMS_HTTP_ID", default="")
SMS_HTTP_REFUSED = [int(code) for code in env.list("SMS_HTTP_REFUSED", default=[])]
KEEP_SENT_SECRETS = DEMO
"""Keeps codes and links of sent messages readable under «Сообщения» until they expire; else they are wiped."""
PAPER_FOLDER = env.str("PAPER_FOLDER", default="")
"""A folder for the lists of today and tomorrow, which are read and printed when the system is off. Empty: none."""
AUDIT_ANCHOR = env.str("AUDIT_ANCHOR", default="")
"""A file for the number and hash of the newest seal of the audit, away from the database. Empty: none is kept."""
READY_MAX_SWEEP_SECONDS = env.int("READY_MAX_SWEEP_SECONDS", default=60)
"""A sweep comes every five seconds. One that did not for so long has no worker or no beat, and `/readyz` turns red."""
FALLBACK_SECONDS = env.int("FALLBACK_SECONDS", default=3)
"""Seconds after which the web process sends what somebody waits for, such as a code, if no worker has; 0: never."""

# Logs ----------------------------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"()": "clinic.redaction.plain", "fmt": "{asctime} {levelname} {name} {message}", "style": "{"}
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django": {"level": "INFO", "handlers": []},  # no letters to administrators: they would hold people's data
        "django.server": {"level": "INFO", "handlers": [], "propagate": True},
        "django.request": {"level": "ERROR"},
        "django.security.csrf": {"level": "ERROR"},
        "httpx": {"level": "WARNING"},  # it logs whole addresses, and a provider's may hold the clinic's key
    },
}

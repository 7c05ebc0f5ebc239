"""The rules of lint.py. A folder's rules hold for everything below it."""

from typing import NamedTuple, Optional

OUR_FOLDERS = ("base", "statistics", "crypto", "proto", "waymark", "catalogue", "published", "http", "node", "coordinator", "deploy", "tests")
PRODUCTION = ("base", "statistics", "crypto", "proto", "catalogue", "published", "http", "node", "coordinator", "deploy")

MESSAGES = "waymark"  # generated from proto/waymark
_COMMON = ("base", "statistics", "crypto", "catalogue", "published", "http", "proto", MESSAGES)

# Which of our own headers a folder may include; the longest folder that fits counts.
MAY_INCLUDE = {
    "base": ("base",),
    "statistics": ("statistics", "base"),
    "crypto": ("crypto", "base"),
    "proto/contract": ("proto/contract", "base", "crypto", MESSAGES),
    "proto/rpc": ("proto", "base", "crypto", MESSAGES),
    "catalogue": ("catalogue", "base", "crypto", "statistics", "proto/contract", MESSAGES),
    "published": ("published", "catalogue", "base", "statistics", "proto/contract", MESSAGES),
    "http": ("http", "base", "crypto"),
    # The way of the data inside a node. Only disclose makes what may leave, and link sends nothing else.
    "node/sqlite": ("node/sqlite", "base"),
    "node/ingest": ("node/ingest", "node/sqlite", "node/journey/records.h", "node/journey/templates.h", "base"),
    "node/journey": ("node/journey", "base"),
    "node/measure": ("node/measure", "node/journey", "base", "statistics", "catalogue", "proto/contract", MESSAGES),
    "node/quality": ("node/quality", "node/ingest", "node/journey", "node/measure", "base", "catalogue", "published",
                     "proto/contract", MESSAGES),
    "node/model": ("node/model", "node/ingest", "base", "catalogue", "proto/contract", MESSAGES),
    "node/questionnaire": ("node/questionnaire", "node/measure", "base", "catalogue", "proto/contract", MESSAGES),
    "node/disclose": ("node/disclose", "node/sqlite", "node/measure", "base", "statistics", "crypto", "catalogue", "proto/contract", MESSAGES),
    "node/link": ("node/link", "node/disclose", "base", "crypto", "catalogue", "proto", MESSAGES),
    "node/site": ("node/site", "node/ingest", "node/journey", "node/measure", "node/quality", "node/questionnaire", "node/disclose",
                  "base", "statistics", "crypto", "catalogue", "published", "proto/contract", MESSAGES),
    # What people are shown: no way to the coordinator from here.
    "node/pages": ("node/pages", "node/site", "node/ingest", "node/journey", "node/measure", "node/quality", "node/questionnaire",
                   "node/disclose", "http", "base", "statistics", "crypto", "catalogue", "published", "proto/contract", MESSAGES),
    "node": ("node", *_COMMON),
    "coordinator": ("coordinator", *_COMMON),
    "deploy": ("deploy", *_COMMON),
    "tests/unit/node": ("tests/testing", "tests/unit/node", "tests/unit/published", "node", *_COMMON),
    "tests/unit/coordinator": ("tests/testing", "tests/unit/coordinator", "coordinator", *_COMMON),
}


class Library(NamedTuple):
    name: str
    pattern: str  # of the included path
    only_in: Optional[tuple] = None
    not_in_headers: bool = False


LIBRARIES = (
    Library("gRPC", r"^grpc(pp)?/|\.grpc\.pb\.h$", only_in=("proto/rpc", "node/link", "coordinator/serve", "coordinator/cli")),
    Library("protobuf", r"^google/protobuf/|\.pb\.h$",
            only_in=("proto", "catalogue", "published", "node/measure", "node/quality", "node/questionnaire", "node/model",
                     "node/disclose", "node/link", "node/site", "node/pages", "node/cli", "coordinator", "deploy")),
    Library("OpenSSL", r"^openssl/", only_in=("crypto", "proto/rpc")),
    Library("JSON", r"^nlohmann/(?!json_fwd)", not_in_headers=True),
    Library("Boost.Beast", r"^boost/(?:asio|beast)/", only_in=("http",), not_in_headers=True),
    Library("Mustache", r"^kainjow/", only_in=("http",), not_in_headers=True),
    Library("TOML", r"^toml\+\+/|^toml", not_in_headers=True),
    Library("SQLite", r"^SQLiteCpp/|^sqlite3", only_in=("coordinator/store", "node/disclose", "node/ingest", "node/sqlite")),
    Library("libpq", r"^(?:postgresql/)?libpq-fe", only_in=("coordinator/store", "tests")),
    Library("libzip", r"^zip\.h", only_in=("node/ingest", "tests"), not_in_headers=True),
    Library("libxlsxwriter", r"^xlsxwriter", only_in=("coordinator/export",), not_in_headers=True),
    Library("Expat", r"^expat", only_in=("node/ingest",), not_in_headers=True),
    Library("SOCI", r"^soci/", only_in=("node/ingest",), not_in_headers=True),
    Library("ODBC", r"^sql(?:ext)?\.h$", only_in=("node/ingest",), not_in_headers=True),
    Library("Clp", r"^coin/|^Clp|^Coin", only_in=("statistics/audit",), not_in_headers=True),
    Library("CLI11", r"^CLI/", not_in_headers=True),
)


class Pattern(NamedTuple):
    name: str
    pattern: str
    fix: str
    folders: tuple = PRODUCTION
    homes: tuple = ()


# Matched against code without comments and strings.
CODE = (
    Pattern("clock", r"\babsl::Now\b|\b(?:system|steady|high_resolution)_clock\b(?!::(?:time_point|duration))|\bclock_gettime\b|\bgettimeofday\b"
            r"|(?<![\w.>])(?:std::|::)?time\s*\(\s*(?:nullptr|NULL|0|&\w+)\s*\)|\bSleepFor\b|\bsleep_(?:for|until)\b|\bu?sleep\s*\(",
            "take a waymark::Clock", homes=("base/clock.cc",)),
    Pattern("randomness", r"\bRAND_\w+|\brandom_device\b|\bmt19937\w*|\bminstd_rand\w*|\bdefault_random_engine\b|\bBitGen\b"
            r"|(?<![\w.>])(?:std::|::)?s?rand(?:om)?\s*\(|\barc4random\w*|\bgetrandom\b|\bgetentropy\b",
            "take a crypto::RandomSource", homes=("crypto/random.cc",)),
    Pattern("environment", r"\b(?:secure_)?getenv\b|\bsetenv\b|\bputenv\b|\benviron\b",
            "use base/environment.h", homes=("base/environment.cc",)),
    Pattern("test code", r"\bFRIEND_TEST\b|\b\w*(?:ForTest(?:ing|s)?|TestOnly)\b|#\s*include\s*[<\"](?:gtest|gmock|tests)/",
            "production folders hold no test code"),
)

EVERYWHERE = ("",)
TEST_FILE = r"(?:^|/)(?:testing/|[^/]*_(?:test|fuzz|bench)\.(?:cc|h)$|(?:fake|mock)_[^/]*$)"

# Matched against whole files. Patterns are written so that they do not match themselves.
TEXT = (
    Pattern("unfinished", r"\b(?:TO[D]O|FI[X]ME|HA[C]K)\b|\bXX[X]\b", "finish it, or open an issue", folders=EVERYWHERE),
    Pattern("outside data", r"(?<![\w])share[d]/", "only tests may use data that is not part of the repository",
            folders=EVERYWHERE, homes=("tests",)),
    Pattern("machine path", r"(?<![\w.$}/*-])/(?:wor[k]|roo[t]|hom[e]|far[m]|tm[p])/[A-Za-z0-9_]",
            "no paths of one machine: take it as an argument, or use mktemp", folders=EVERYWHERE),
)

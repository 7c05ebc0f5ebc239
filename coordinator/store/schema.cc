#include "coordinator/store/schema.h"

#include <atomic>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "base/log.h"

namespace waymark::coordinator {
namespace {

constexpr char kFirst[] = R"sql(
CREATE TABLE members(
  council TEXT PRIMARY KEY,
  signing_key BLOB NOT NULL,
  certificate_pem TEXT NOT NULL,
  enrolled_unix_s INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE tokens(
  hash BLOB PRIMARY KEY,
  council TEXT NOT NULL,
  expires_unix_s INTEGER NOT NULL,
  used_unix_s INTEGER,
  signing_key BLOB,
  request_hash BLOB,
  certificate_pem TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX token_council ON tokens(council);

CREATE TABLE rounds(
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  round_id TEXT NOT NULL UNIQUE,
  spec BLOB NOT NULL,
  spec_hash BLOB NOT NULL,
  definitions BLOB NOT NULL,
  state INTEGER NOT NULL CHECK (state IN (1, 2)),
  published_unix_s INTEGER NOT NULL
) STRICT;

CREATE TABLE releases(
  round_id TEXT NOT NULL REFERENCES rounds(round_id),
  council TEXT NOT NULL,
  bytes BLOB NOT NULL,
  hash BLOB NOT NULL,
  received_unix_s INTEGER NOT NULL,
  PRIMARY KEY (round_id, council)
) STRICT;

CREATE TABLE absences(
  round_id TEXT NOT NULL REFERENCES rounds(round_id),
  council TEXT NOT NULL,
  item INTEGER NOT NULL,
  absence INTEGER NOT NULL,
  PRIMARY KEY (round_id, council, item)
) STRICT, WITHOUT ROWID;

CREATE TABLE published_items(
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  round_id TEXT NOT NULL REFERENCES rounds(round_id),
  item INTEGER NOT NULL,
  metric TEXT NOT NULL,
  version INTEGER NOT NULL,
  period TEXT NOT NULL,
  entry BLOB NOT NULL,
  published_unix_s INTEGER NOT NULL,
  UNIQUE (round_id, item)
) STRICT;

CREATE TABLE contributors(
  round_id TEXT NOT NULL REFERENCES rounds(round_id),
  item INTEGER NOT NULL,
  council TEXT NOT NULL,
  bytes BLOB NOT NULL,
  PRIMARY KEY (round_id, item, council)
) STRICT, WITHOUT ROWID;

CREATE TABLE figures(
  sequence INTEGER PRIMARY KEY,
  round_id TEXT NOT NULL REFERENCES rounds(round_id),
  item INTEGER NOT NULL,
  breakdown TEXT NOT NULL,
  geography TEXT NOT NULL,
  above_council INTEGER NOT NULL,
  bytes BLOB NOT NULL
) STRICT;
CREATE INDEX figure_geography ON figures(round_id, item, breakdown, geography);
CREATE INDEX figure_above ON figures(round_id, item, breakdown) WHERE above_council = 1;
)sql";

constexpr char kRosters[] = R"sql(
CREATE TABLE rosters(
  epoch INTEGER PRIMARY KEY,
  hash BLOB NOT NULL UNIQUE,
  bytes BLOB NOT NULL
) STRICT;
)sql";

constexpr char kSums[] = R"sql(
CREATE TABLE sums(
  round_id TEXT NOT NULL REFERENCES rounds(round_id),
  part TEXT NOT NULL,
  bytes BLOB NOT NULL,
  PRIMARY KEY (round_id, part)
) STRICT;
)sql";

constexpr char kLedgerHeads[] = R"sql(
CREATE TABLE ledger_heads(
  council TEXT NOT NULL,
  signing_key BLOB NOT NULL,
  bytes BLOB NOT NULL,
  PRIMARY KEY (council, signing_key)
) STRICT, WITHOUT ROWID;
)sql";

constexpr char kSchedules[] = R"sql(
CREATE TABLE schedules(
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  bytes BLOB NOT NULL,
  added_unix_s INTEGER NOT NULL,
  removed_unix_s INTEGER NOT NULL
) STRICT;

CREATE TABLE firings(
  schedule TEXT NOT NULL REFERENCES schedules(name),
  due_unix_s INTEGER NOT NULL,
  state INTEGER NOT NULL CHECK (state IN (1, 2, 3, 4)),
  round_id TEXT NOT NULL,
  note TEXT NOT NULL,
  items BLOB NOT NULL,
  PRIMARY KEY (schedule, due_unix_s)
) STRICT, WITHOUT ROWID;
)sql";

constexpr char kMembership[] = R"sql(
ALTER TABLE members ADD COLUMN next_certificate_pem TEXT NOT NULL DEFAULT '';
ALTER TABLE members ADD COLUMN next_request_hash BLOB NOT NULL DEFAULT x'';
ALTER TABLE members ADD COLUMN revoked_unix_s INTEGER NOT NULL DEFAULT 0;
)sql";

constexpr char kDeclines[] = R"sql(
CREATE TABLE declines(
  round_id TEXT NOT NULL REFERENCES rounds(round_id),
  council TEXT NOT NULL,
  declined_unix_s INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  PRIMARY KEY (round_id, council)
) STRICT, WITHOUT ROWID;
)sql";

constexpr char kOpenings[] = R"sql(
CREATE TABLE openings(
  round_id TEXT NOT NULL REFERENCES rounds(round_id),
  part TEXT NOT NULL,
  bytes BLOB NOT NULL,
  PRIMARY KEY (round_id, part)
) STRICT;

CREATE TABLE opening_shares(
  round_id TEXT NOT NULL,
  part TEXT NOT NULL,
  member INTEGER NOT NULL,
  body BLOB NOT NULL,
  signature BLOB NOT NULL,
  PRIMARY KEY (round_id, part, member),
  FOREIGN KEY (round_id, part) REFERENCES openings(round_id, part) ON DELETE CASCADE
) STRICT;
)sql";

// What an older store decided stands at the log's beginning; of its publications the records are made when a
// coordinator starts.
constexpr char kLog[] = R"sql(
CREATE TABLE log(
  entry INTEGER PRIMARY KEY,
  kind INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 5),
  subject TEXT NOT NULL,
  hash BLOB NOT NULL
) STRICT;
CREATE INDEX log_subject ON log(kind, subject);
ALTER TABLE rounds ADD COLUMN publication BLOB NOT NULL DEFAULT x'';
INSERT INTO log(entry, kind, subject, hash)
  SELECT row_number() OVER (ORDER BY epoch) - 1, 1, epoch || '', hash FROM rosters;
INSERT INTO log(entry, kind, subject, hash)
  SELECT (SELECT count(*) FROM rosters) + row_number() OVER (ORDER BY sequence) - 1, 3, round_id, spec_hash FROM rounds;

CREATE TABLE witnesses(
  council TEXT PRIMARY KEY,
  size INTEGER NOT NULL,
  bytes BLOB NOT NULL
) STRICT, WITHOUT ROWID;
)sql";

constexpr char kWithdrawals[] = R"sql(
CREATE TABLE withdrawals(
  round_id TEXT PRIMARY KEY REFERENCES rounds(round_id),
  bytes BLOB NOT NULL
) STRICT, WITHOUT ROWID;
)sql";

constexpr char kLeader[] = R"sql(
CREATE TABLE leader(
  name TEXT NOT NULL,
  term INTEGER NOT NULL,
  holder TEXT NOT NULL,
  address TEXT NOT NULL,
  expires_unix_ms INTEGER NOT NULL,
  PRIMARY KEY (name, term)
) STRICT, WITHOUT ROWID;
INSERT INTO leader(name, term, holder, address, expires_unix_ms) VALUES ('rounds', 0, '', '', 0);
)sql";

constexpr char kShared[] = R"sql(
CREATE INDEX release_council ON releases(council);

CREATE TABLE masked_inputs(
  session TEXT NOT NULL,
  member INTEGER NOT NULL,
  block INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  PRIMARY KEY (session, member, block)
) STRICT;
)sql";

constexpr char kAccess[] = R"sql(
CREATE TABLE access(
  name TEXT PRIMARY KEY,
  role TEXT NOT NULL,
  by_token INTEGER NOT NULL,
  hash BLOB NOT NULL UNIQUE,
  regions TEXT NOT NULL,
  metrics TEXT NOT NULL,
  granted_unix_s INTEGER NOT NULL,
  expires_unix_s INTEGER NOT NULL,
  revoked_unix_s INTEGER NOT NULL,
  used_unix_s INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
)sql";

constexpr char kPublishedFiles[] = R"sql(
CREATE TABLE published_files(
  name TEXT PRIMARY KEY,
  hash BLOB NOT NULL,
  bytes BLOB NOT NULL,
  imported_unix_s INTEGER NOT NULL
) STRICT;
)sql";

constexpr char kCatalogues[] = R"sql(
CREATE TABLE catalogues(
  number INTEGER PRIMARY KEY,
  hash BLOB NOT NULL UNIQUE,
  bytes BLOB NOT NULL
) STRICT;
)sql";

// How many figures a row holds (figure_block.h); of rows of before, 0.
constexpr char kFigureBlocks[] = R"sql(
ALTER TABLE figures ADD COLUMN count INTEGER NOT NULL DEFAULT 0;
)sql";

constexpr char kSumTries[] = R"sql(
CREATE TABLE sum_tries(
  round_id TEXT NOT NULL REFERENCES rounds(round_id),
  part TEXT NOT NULL,
  tries INTEGER NOT NULL,
  roster BLOB NOT NULL,
  PRIMARY KEY (round_id, part)
) STRICT;
)sql";

// An edition of what a round published is a row of rounds too, so that figures and absences have a place; it
// is no round. A release that came after the publication waits here for the next edition.
constexpr char kRevisions[] = R"sql(
ALTER TABLE rounds ADD COLUMN revises TEXT NOT NULL DEFAULT '';
ALTER TABLE rounds ADD COLUMN edition INTEGER NOT NULL DEFAULT 1;
ALTER TABLE rounds ADD COLUMN late_until_unix_s INTEGER NOT NULL DEFAULT 0;
CREATE INDEX round_late ON rounds(late_until_unix_s) WHERE late_until_unix_s > 0;
CREATE INDEX round_revises ON rounds(revises) WHERE edition > 1;

CREATE TABLE revisions(
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  round_id TEXT NOT NULL REFERENCES rounds(round_id),
  release_id TEXT NOT NULL,
  council TEXT NOT NULL,
  reason INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  hash BLOB NOT NULL,
  received_unix_s INTEGER NOT NULL,
  edition INTEGER NOT NULL,
  UNIQUE (release_id, council)
) STRICT;
CREATE INDEX revision_round ON revisions(round_id);
CREATE INDEX revision_council ON revisions(council);
CREATE INDEX revision_waiting ON revisions(round_id) WHERE edition = 0;

CREATE TABLE contacts(
  council TEXT PRIMARY KEY,
  last_unix_s INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
)sql";

// What councils' own figures are made of, when somebody asks; in rounds of before they are all stored.
constexpr char kFigureSources[] = R"sql(
CREATE TABLE figure_sources(
  round_id TEXT NOT NULL REFERENCES rounds(round_id),
  council TEXT NOT NULL,
  release_id TEXT NOT NULL,
  PRIMARY KEY (round_id, council)
) STRICT, WITHOUT ROWID;
)sql";

// What was granted before ends when it was said to; but nobody chose an end for the first operator's, which
// `init` made.
constexpr char kAccessRenewals[] = R"sql(
ALTER TABLE access ADD COLUMN valid_days INTEGER NOT NULL DEFAULT 0;
ALTER TABLE access ADD COLUMN ends_unix_s INTEGER NOT NULL DEFAULT 0;
UPDATE access SET valid_days = (expires_unix_s - granted_unix_s) / 86400, ends_unix_s = expires_unix_s;
UPDATE access SET valid_days = 365, ends_unix_s = 0 WHERE name = 'operator' AND role = 'operator';

CREATE TABLE access_renewals(
  name TEXT PRIMARY KEY REFERENCES access(name),
  hash BLOB NOT NULL UNIQUE,
  request_hash BLOB NOT NULL,
  certificate_pem TEXT NOT NULL,
  expires_unix_s INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
)sql";

constexpr char kSequence[] = "sequence BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY";

}  // namespace

const std::array<const char*, kSchemaVersion> kSchemaSteps = {
    kFirst,      kRosters,      kSums,        kLedgerHeads, kSchedules,     kMembership,    kDeclines,
    kOpenings,   kLog,          kWithdrawals, kLeader,      kShared,        kAccess,        kPublishedFiles,
    kCatalogues, kFigureBlocks, kSumTries,    kRevisions,   kFigureSources, kAccessRenewals};

absl::Status CheckNotOutgrown(std::int64_t version) {
  if (version <= kSchemaVersion) return absl::OkStatus();
  const std::string message = absl::StrCat(
      "a newer coordinator has brought the store to schema version ", version, ", and this one knows ",
      kSchemaVersion, ": it does nothing any more; stop it, and start the newer program in its place");
  static std::atomic_flag said = ATOMIC_FLAG_INIT;
  if (!said.test_and_set()) Log(LogLevel::kError, message);
  return absl::UnavailableError(message);
}

std::string InPostgresql(absl::string_view step) {
  return absl::StrReplaceAll(step, {{"sequence INTEGER PRIMARY KEY AUTOINCREMENT", kSequence},
                                    {"sequence INTEGER PRIMARY KEY", kSequence},
                                    {") STRICT, WITHOUT ROWID;", ");"},
                                    {") STRICT;", ");"},
                                    {" INTEGER", " BIGINT"},
                                    {" BLOB", " BYTEA"},
                                    {" TEXT", " TEXT COLLATE \"C\""},
                                    {"x''", "''"}});
}

}  // namespace waymark::coordinator

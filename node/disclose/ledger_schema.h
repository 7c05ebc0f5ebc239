// The ledger file's schema: version 1 (it stays within a node).
#ifndef WAYMARK_NODE_DISCLOSE_LEDGER_SCHEMA_H_
#define WAYMARK_NODE_DISCLOSE_LEDGER_SCHEMA_H_

namespace waymark::node {

inline constexpr int kLedgerApplicationId = 0x574D4C47;  // "WMLG"
inline constexpr int kLedgerSchemaVersion = 1;

// AUTOINCREMENT keeps the highest number ever given, so entries cut off at the end are missed too.
inline constexpr char kLedgerSchema[] = R"sql(
CREATE TABLE entry(
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  kind INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 4),
  unix_s INTEGER NOT NULL,
  round_id TEXT NOT NULL,
  subject BLOB NOT NULL,
  metric TEXT NOT NULL,
  version INTEGER NOT NULL,
  linkage_group TEXT NOT NULL,
  mode INTEGER NOT NULL,
  period TEXT NOT NULL,
  data_version INTEGER NOT NULL,
  epsilon_numerator INTEGER NOT NULL,
  epsilon_denominator INTEGER NOT NULL,
  charge INTEGER NOT NULL CHECK (charge >= 0),
  first_year INTEGER NOT NULL,
  last_year INTEGER NOT NULL,
  delta INTEGER NOT NULL CHECK (delta >= 0),
  payload_bytes INTEGER NOT NULL,
  payload_hash BLOB NOT NULL,
  previous BLOB NOT NULL UNIQUE,
  hash BLOB NOT NULL UNIQUE,
  payload BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX one_item_a_query ON entry(subject) WHERE kind = 2;
CREATE UNIQUE INDEX one_release_a_round ON entry(round_id) WHERE kind = 3;
CREATE UNIQUE INDEX one_receipt_a_round ON entry(round_id) WHERE kind = 4;
CREATE TRIGGER no_update BEFORE UPDATE ON entry
  BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER no_delete BEFORE DELETE ON entry
  BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
)sql";

}  // namespace waymark::node

#endif  // WAYMARK_NODE_DISCLOSE_LEDGER_SCHEMA_H_

// The ledger's entries in SQLite: append-only (triggers refuse UPDATE and DELETE), in WAL mode with
// synchronous=FULL, so that what Commit has answered for is on disk. The rules stand in ledger.h; this file
// knows none.
//
// Not thread-safe; several processes may have the file open at a time.
#ifndef WAYMARK_NODE_DISCLOSE_LEDGER_FILE_H_
#define WAYMARK_NODE_DISCLOSE_LEDGER_FILE_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "crypto/secure_sum/journal.h"
#include "node/disclose/ledger_entry.h"

namespace waymark::node {

// Errors of every call: RESOURCE_EXHAUSTED where the disk is full or cannot be written, UNAVAILABLE where
// another process holds the file for over ten seconds, DATA_LOSS where it is damaged, PERMISSION_DENIED where
// it cannot be read or written.
class LedgerFile {
 public:
  // Makes the file where there is none (whole or not at all, mode 0600). Refuses, without touching it, one
  // that is empty or cut short (DATA_LOSS), no ledger, or of another schema (FAILED_PRECONDITION).
  static absl::StatusOr<std::unique_ptr<LedgerFile>> Open(const std::string& path);
  // Brings the file of an older Waymark to this one's schema, in one transaction that is undone unless the
  // whole chain verifies afterwards. First copies it to `path`.schema-N, which must not be there yet (the
  // copy is for reading: put back, it would not know what left since). FAILED_PRECONDITION as Open where it
  // cannot be brought forward. Where it is current nothing is done, and `from` is `to`.
  struct Migrated {
    int from = 0;
    int to = 0;
    std::string copy;
  };
  static absl::StatusOr<Migrated> Migrate(const std::string& path);
  ~LedgerFile();

  // Runs `body` as the only writer, between BEGIN IMMEDIATE and COMMIT. What it wrote is undone unless it
  // returns OK. `before_commit` is called between the two.
  absl::Status Transact(const std::function<absl::Status()>& body,
                        const std::function<void()>& before_commit);

  // All entries, oldest first, without their payloads.
  absl::StatusOr<std::vector<LedgerEntry>> Entries() const;
  // The first with that kind and subject, or that kind and round.
  absl::StatusOr<std::optional<LedgerEntry>> FindSubject(EntryKind kind, absl::string_view subject) const;
  absl::StatusOr<std::optional<LedgerEntry>> FindRound(EntryKind kind, absl::string_view round_id) const;
  absl::StatusOr<std::optional<LedgerEntry>> Newest(EntryKind kind) const;
  absl::StatusOr<std::string> Payload(std::uint64_t sequence) const;
  // The payloads of all of that kind and round, oldest first.
  absl::StatusOr<std::vector<std::string>> RoundPayloads(EntryKind kind, absl::string_view round_id) const;

  // Where the next entry will stand: the number of entries so far, and the hash of the last.
  struct Head {
    std::uint64_t losses = 0;  // how many of the entries are reconciliations
    std::uint64_t sequence = 0;
    std::string hash;  // 32 bytes; zeros where there is no entry
  };
  absl::StatusOr<Head> ReadHead() const;
  // Of one entry; "" where there is none.
  absl::StatusOr<std::string> HashAt(std::uint64_t sequence) const;

  // The furthest word of a member's ledger (crypto/secure_sum/ledger_head.h), by its id and key. No part of
  // the chain: of the others it is their own to check, and of this node's it says that the chain is not
  // whole.
  // In the members' order; "" where none is kept.
  absl::StatusOr<std::vector<std::string>> PeerHeads(
      absl::Span<const crypto::SessionMember* const> members) const;
  // Within Transact.
  absl::Status PutPeerHeads(absl::Span<const crypto::MemberHead> heads);

  // Within Transact. Fills in sequence, payload_bytes, payload_hash, previous and hash. ALREADY_EXISTS where
  // an item has that query, or a release or receipt that round.
  absl::Status Append(LedgerEntry& entry, absl::string_view payload);

  // Recomputes every hash from the bytes on disk, and asks SQLite whether the file is whole. DATA_LOSS names
  // the first bad entry.
  absl::Status Verify() const;

 private:
  struct Connection;
  explicit LedgerFile(std::unique_ptr<Connection> connection);
  absl::StatusOr<std::optional<LedgerEntry>> FindOne(const std::string& condition, EntryKind kind,
                                                     absl::string_view value, bool blob) const;
  std::unique_ptr<Connection> connection_;
};

}  // namespace waymark::node

#endif  // WAYMARK_NODE_DISCLOSE_LEDGER_FILE_H_

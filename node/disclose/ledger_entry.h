// One line of the ledger, and the hash that chains it to the one before. Pure; thread-safe.
#ifndef WAYMARK_NODE_DISCLOSE_LEDGER_ENTRY_H_
#define WAYMARK_NODE_DISCLOSE_LEDGER_ENTRY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "node/disclose/epsilon.h"
#include "waymark/v1/catalogue.pb.h"

namespace waymark::node {

enum class EntryKind : int {
  kCharge = 1,   // budget for one noised query, on disk before its noise is drawn; of a secure sum with the
                 // hash of its session's roster
  kItem = 2,     // the protected tables of one query: what every later asking of it gets
  kRelease = 3,  // the signed bytes for one round
  kAcknowledged = 4,  // the coordinator's receipt for them
  kApproval = 5,      // a person's signature under a proposal (approval.h)
  kReconciled =
      6,        // what stood after the entry before is lost, and counts as released and spent (rollback.h)
  kRoster = 7,  // a roster epoch with its officers' signatures (roster_book.h)
  kSession =
      8,        // a session of a secure sum was begun; it is never gone on with after a crash (sum_session.h)
  kSigned = 9,  // the one set of contributors that was signed in a session
  // Of councils that merge, split or are renamed (succession.h); round_id is a council's code.
  kOwner = 10,      // whose ledger this is from here on
  kSucceeded = 11,  // that council's work was taken over, and what it released is not known here: all of its
                    // days may have left, up to the one in claim.period
  kImported = 12,   // now it is: its signed ledger report, and the hash of that ledger's last entry
  kInherited = 13,  // one entry of it: a query that left or was paid for, or days lost or not known there
  kInheritedRelease =
      14,  // and a release: the hash of its round's name, its place there in claim.data_version
};
absl::string_view NameOf(EntryKind kind);

// What one query is about: the facts by which the rules know it again. Empty in entries of other kinds.
struct Claim {
  std::string metric;
  std::uint32_t version = 0;
  std::string linkage_group;  // the metric's own id where its entry names none
  v1::Mode mode = v1::MODE_UNSPECIFIED;
  std::string period;  // canonical label
  std::uint32_t data_version = 0;
  // Noised only.
  Fraction epsilon{};
  std::uint64_t charge = 0;  // units of epsilon.h, ε rounded up; to each of the years below
  Fraction rho{};  // discrete Gaussian or Skellam noise: then ε is that of a distribution alone, or 0
  std::uint64_t rho_charge = 0;  // the same units, ρ rounded up
  int first_year = 0;            // financial years by the calendar year in which they begin; both included
  int last_year = 0;
  std::uint64_t delta = 0;  // what finite thresholds leave, as a multiple of 2^−128, rounded up
  // Of a correction: the queries of what it may stand beside, which is the same round's items before it.
  // Never stored.
  std::vector<std::string> revises{};
};

struct LedgerEntry {
  std::uint64_t sequence = 0;  // from 1, without gaps
  EntryKind kind = EntryKind::kCharge;
  std::int64_t unix_s = 0;
  std::string round_id;  // in which it was asked; "" of a roster
  // SHA-256, 32 bytes, of the canonical query (charge, item), the round spec (release), the release
  // (acknowledged, and the lost one of a reconciliation), the proposal (approval) or the roster.
  // A session's identifier (session, signed). The hash of the entry there (imported, inherited).
  std::string subject;
  Claim claim;
  std::uint64_t payload_bytes = 0;
  std::string payload_hash;  // SHA-256 of the stored bytes
  std::string previous;      // hash of the entry before; 32 zero bytes for the first
  std::string hash;
};

inline constexpr std::size_t kEntryHashBytes = 32;

// Whether its claim counts against the budget: this ledger's own charges, and those of councils before it.
bool IsCharge(const LedgerEntry& entry);

// SHA-256 over the canonical encoding of every field but `hash`, under the label "waymark/v1/ledger-entry";
// of an entry with a ρ, which the first schema had not, under "waymark/v2/ledger-entry".
std::string HashOf(const LedgerEntry& entry);

// "epsilon 1/2" or "rho 1/100": what a noised claim is charged.
std::string DescribeCharge(const Claim& claim);

// "entry 17 (item, metric 1, 2024-25, round q1, 2026-01-31)": for messages to the council.
std::string Describe(const LedgerEntry& entry);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_DISCLOSE_LEDGER_ENTRY_H_

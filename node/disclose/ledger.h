// The ledger: what has left this council, what it cost, and what may therefore still leave. Every rule here
// holds across crashes at any moment and between processes, because each decision and the entry that records
// it are one transaction (disclosure.md, "The ledger"):
//
//   1. A noised query's charge is on disk before its noise is drawn. A crash in between burns it; nothing
//      refunds it.
//   2. ε and ρ are exact fractions, charged in whole units rounded up. What is spent never falls; there is no
//      reset. A yearly cap, and the limits of metric families inside it, hold for every financial year whose
//      records can alter the release (budget.h).
//   3. The same canonical query and data version: the stored bytes again, without a charge. One item a query
//      and one release a round, by unique keys.
//   4. Thresholded: a metric over an overlapping period once; any other query over it could be subtracted.
//      Metrics of one linkage group only over the same days from the same data version, where the audit
//      (audit.h) judges them together, or over days that do not overlap.
//   5. Metrics of one linkage group leave in one mode over overlapping periods, ever.
//   6. Entries are chained by SHA-256 and checked when the ledger is opened.
//   7. What cannot be written is not released.
//   8. A securely summed query, or anything linked with it over an overlapping period, leaves once, whoever
//   else
//      contributes: two sums whose contributors differ by one council tell that council.
//   9. A securely summed query that was charged is tried again under the same roster alone: two quorums of
//   one roster share an honest member that refuses the second, those of two rosters need not.
//     A ledger put back from an older copy would forget both: the members of a session keep how far each
//   other's
//      ledger had come, and a node that is told more of its own than it has releases nothing (rollback.h).
//  10. After a reconciliation (entries were lost for good) whatever may have been in them counts: no charge
//   to a
//      financial year up to the one of the reconciliation, no thresholded query over a period that began
//      before it. What is still stored is answered again.
//  11. What councils released whose work this one took over counts as its own, and where that is not known,
//  all
//      that may have (succession.h).
//  12. What the council states of itself is stated once of a period, and costs nothing.
#ifndef WAYMARK_NODE_DISCLOSE_LEDGER_H_
#define WAYMARK_NODE_DISCLOSE_LEDGER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "base/clock.h"
#include "base/day.h"
#include "crypto/secure_sum/journal.h"
#include "crypto/secure_sum/ledger_head.h"
#include "node/disclose/budget.h"
#include "node/disclose/ledger_entry.h"
#include "node/disclose/ledger_file.h"
#include "node/disclose/ledger_rules.h"

namespace waymark::node {

// Told of each step as it is reached: "charge written", "charge committed", "noise drawn", …; may be empty.
using StepObserver = std::function<void(absl::string_view step)>;

// Thread-safe; several processes may hold one ledger. Machine failures are statuses (those of LedgerFile);
// rules that say no are Refusals.
class Ledger {
 public:
  // Opens or makes the file at `path`, and checks the whole chain. `clock` must outlive the ledger.
  static absl::StatusOr<std::unique_ptr<Ledger>> Open(const std::string& path, const Clock& clock,
                                                      StepObserver observer = {});

  // The stored tables of a query, if it was answered before.
  absl::StatusOr<std::optional<std::string>> FindItem(absl::string_view query_hash) const;

  // Thresholded items that left over overlapping periods and are linked with the query's metric, oldest
  // first; of a query that was answered before, only what left before it.
  struct EarlierItem {
    LedgerEntry entry;
    std::string payload;
  };
  absl::StatusOr<std::vector<EarlierItem>> LinkedItems(absl::string_view query_hash,
                                                       const Claim& claim) const;

  // What the rules would say now; nothing is written.
  absl::StatusOr<std::optional<Refusal>> Check(absl::string_view query_hash, const Claim& claim,
                                               const BudgetLimits& limits) const;

  // Charges a noised query. Nothing: it is charged, on disk. Call before any noise is drawn.
  absl::StatusOr<std::optional<Refusal>> Charge(absl::string_view round_id, absl::string_view query_hash,
                                                const Claim& claim, const BudgetLimits& limits);

  // Stores a query's protected tables and returns what is stored: other bytes than `payload` where another
  // process was first. INTERNAL where a noised query was never charged. UNAVAILABLE where a thresholded one
  // was judged together with so many LinkedItems and another process has added to them since.
  struct JudgedWith {
    std::string days{};  // a period's label; "": the claim's own
    std::uint64_t items = 0;
  };
  struct Stored {
    std::optional<Refusal> refusal;
    std::string payload;
  };
  absl::StatusOr<Stored> StoreItem(absl::string_view round_id, absl::string_view query_hash,
                                   const Claim& claim, const JudgedWith& with, absl::string_view payload);

  // Secure sums (sum_session.h). One item of a round by its query.
  struct SumClaim {
    std::string query_hash;
    Claim claim;
    std::string roster_hash{};  // 32 bytes; "": not known yet, in a preview
  };
  // What the rules would say now of all of them; nothing is written.
  absl::StatusOr<std::optional<Refusal>> CheckSums(const std::vector<SumClaim>& sums,
                                                   const BudgetLimits& limits) const;
  // Charges those that are not charged yet; all or none. A retry costs nothing: what was masked before was
  // never opened.
  absl::StatusOr<std::optional<Refusal>> ChargeSums(absl::string_view round_id,
                                                    const std::vector<SumClaim>& sums,
                                                    const BudgetLimits& limits);
  // ALREADY_EXISTS where the session was begun before; FAILED_PRECONDITION after kMostSessions of the round,
  // whatever a coordinator says of its tries. A coordinator makes three, and more only where it is restarted
  // while it waits for members.
  static constexpr int kMostSessions = 10;
  absl::Status BeginSession(absl::string_view round_id, absl::string_view session);
  // ALREADY_EXISTS where another set was signed in it; FAILED_PRECONDITION where the ledger of one of `heads`
  // went back behind what is kept of it. Those that are further are kept.
  absl::Status SignContributors(absl::string_view round_id, absl::string_view session, absl::string_view hash,
                                const std::vector<crypto::MemberHead>& heads = {});
  // From here on the sums count as released, with the contributors in `payload`. ALREADY_EXISTS where one of
  // them was before; nothing is written then.
  absl::Status ReleaseSums(absl::string_view round_id, const std::vector<SumClaim>& sums,
                           absl::string_view payload);

  // What councils say of their ledgers in secure sessions (crypto/secure_sum/ledger_head.h). Head: of this
  // one, not signed. Has: whether this one has that entry, or lost entries since and has the loss on record.
  // HeadOf, HeadsOf: the furthest word that is kept of a member, this node's own too. KeepHead keeps one that
  // is.
  absl::StatusOr<crypto::LedgerHead> Head() const;
  absl::StatusOr<bool> Has(const crypto::LedgerHead& head) const;
  absl::StatusOr<crypto::LedgerHead> HeadOf(const crypto::SessionMember& member) const;
  absl::StatusOr<std::vector<crypto::LedgerHead>> HeadsOf(
      absl::Span<const crypto::SessionMember* const> members) const;
  absl::Status KeepHead(const crypto::MemberHead& head);

  // The stored release of a round, if there is one.
  struct StoredRelease {
    std::string spec_hash;
    std::string bytes;
  };
  absl::StatusOr<std::optional<StoredRelease>> FindRelease(absl::string_view round_id) const;

  // Stores what `make` returns for the place that the release will have in the chain, and returns what is
  // stored: another process's release where that was first.
  using MakeRelease =
      std::function<absl::StatusOr<std::string>(std::uint64_t sequence, const std::string& head)>;
  absl::StatusOr<StoredRelease> StoreRelease(absl::string_view round_id, absl::string_view spec_hash,
                                             const MakeRelease& make);

  // Keeps the coordinator's receipt; a second one for the round changes nothing.
  absl::Status Acknowledge(absl::string_view round_id, absl::string_view release_hash,
                           absl::string_view receipt);
  absl::StatusOr<bool> IsAcknowledged(absl::string_view round_id) const;

  // Keeps an approver's signature (approval.h); the same one again changes nothing. Approvals gives a
  // round's, in the order they came. Whether they count is not the ledger's to say.
  absl::Status Approve(absl::string_view round_id, absl::string_view proposal_hash,
                       absl::string_view approval);
  absl::StatusOr<std::vector<std::string>> Approvals(absl::string_view round_id) const;

  // Records that entries were lost, up to the release of that hash; `year` is the financial year it is now.
  absl::Status Reconcile(absl::string_view round_id, absl::string_view release_hash, int year,
                         absl::string_view receipt);
  absl::StatusOr<bool> IsReconciled(absl::string_view release_hash) const;

  // Keeps a signed roster for ever. UNAVAILABLE, and nothing is written, where the newest that is kept is not
  // (or no longer) the one with `previous_hash`, 32 zero bytes standing for none. NewestRoster gives the last
  // one's bytes. Which rosters are good is not the ledger's to say (roster_book.h).
  absl::Status KeepRoster(absl::string_view previous_hash, absl::string_view roster_hash,
                          absl::string_view bytes);
  absl::StatusOr<std::optional<std::string>> NewestRoster() const;
  absl::StatusOr<std::vector<std::string>> Rosters() const;  // oldest first

  // Succession.h. KeepOwner: whose ledger this is from here on. Succeed: that council's releases are not
  // known, up to its `last` day; once a council. Import: now they are, as `entries` of its ledger, which was
  // checked, with the report they stand in; FAILED_PRECONDITION where they do not go on from what was
  // imported before.
  absl::Status KeepOwner(absl::string_view council);
  absl::Status Succeed(absl::string_view council, Day last);
  absl::Status Import(absl::string_view council, const std::vector<LedgerEntry>& entries,
                      absl::string_view report);

  absl::StatusOr<std::vector<LedgerEntry>> Entries() const;
  absl::StatusOr<std::vector<YearBudget>> Budget(const BudgetLimits& limits) const;
  absl::Status Verify() const;

 private:
  Ledger(std::unique_ptr<LedgerFile> file, const Clock& clock, StepObserver observer);
  absl::Status Append(EntryKind kind, absl::string_view round_id, absl::string_view subject,
                      const Claim& claim, absl::string_view payload) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status Transact(absl::string_view name, const std::function<absl::Status()>& body)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<std::vector<crypto::LedgerHead>> KeptHeads(
      absl::Span<const crypto::SessionMember* const> members) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status PutHeads(absl::Span<const crypto::MemberHead> heads) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Reached(absl::string_view step) const;

  mutable absl::Mutex mutex_;
  const std::unique_ptr<LedgerFile> file_ ABSL_PT_GUARDED_BY(mutex_);
  const Clock& clock_;
  const StepObserver observer_;
};

}  // namespace waymark::node

#endif  // WAYMARK_NODE_DISCLOSE_LEDGER_H_

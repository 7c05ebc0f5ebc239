// The node's line to the coordinator: it asks which rounds are open, hands in releases, and asks for
// benchmarks. It only dials out, over mutual TLS, and it can send no figures but an OutgoingRelease, which
// only the door makes. The coordinator is not trusted: what it sends is checked before it is used.
#ifndef WAYMARK_NODE_LINK_COORDINATOR_LINK_H_
#define WAYMARK_NODE_LINK_COORDINATOR_LINK_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/clock.h"
#include "node/disclose/outgoing_release.h"
#include "node/disclose/rollback.h"
#include "node/disclose/roster_book.h"
#include "node/disclose/succession.h"
#include "node/disclose/sum_session.h"
#include "node/link/highest_term.h"
#include "node/link/log_watch.h"
#include "proto/contract/decline.h"
#include "proto/contract/round_spec.h"
#include "waymark/v1/benchmark.pb.h"

namespace waymark::node {

struct ClientFile;

struct WatchedRound {
  contract::RoundSpec spec;
  bool answered = false;  // the coordinator has this council's release
  bool late = false;      // the round is over, and takes late and corrected releases
  bool reminder = false;  // the coordinator has nothing, and the deadline is near
};

// The coordinator's signed word that it has a release.
struct Receipt {
  std::int64_t received_unix_s = 0;
  std::string release_hash;  // 32 bytes
  std::string bytes;         // the serialised v1::SubmitResponse, for the ledger
};

// What a receipt's signature is over: the label "waymark/v1/receipt", council, ledger sequence, release hash
// and time of receipt, in the canonical encoding.
std::string ReceiptBytes(absl::string_view council, std::uint64_t ledger_sequence,
                         absl::string_view release_hash, std::int64_t received_unix_s);

// Every call has a deadline and is tried again, with growing pauses on the clock, while the coordinator is
// UNAVAILABLE: at most five times, at each of its addresses where it has several. Other errors are the
// coordinator's own (proto/waymark/v1). Thread-safe.
class CoordinatorLink final : public LogSource {
 public:
  // Reads what Enrol wrote in `identity_directory`. FAILED_PRECONDITION where the node is not enrolled; the
  // errors of rpc::LoadIdentity. Connects at the first call. `clock` outlives the link.
  static absl::StatusOr<std::unique_ptr<CoordinatorLink>> Open(const std::string& identity_directory,
                                                               const std::string& https_proxy,
                                                               const Clock& clock);
  ~CoordinatorLink() override;

  // A certificate for the request's key, as the coordinator gives it: to be checked.
  absl::StatusOr<std::string> Renew(const std::string& certificate_request_pem);
  // The certificate that it connects with.
  const std::string& certificate_pem() const { return certificate_pem_; }
  // Lets the connection go and reads the identity anew; the next call connects. Not beside other calls.
  absl::Status Reconnect();

  // The open rounds, and those that take late and corrected releases. One whose spec breaks the contract is
  // left out, with an error in the log.
  absl::StatusOr<std::vector<WatchedRound>> Watch();

  // What the coordinator has seen of `council`'s ledger, and of those whose work that took over.
  // UNAUTHENTICATED where its word is not signed by the pinned key.
  struct Seen {
    SeenLedger own;
    std::vector<SeenPredecessor> before;
  };
  absl::StatusOr<Seen> LastSeen(absl::string_view council);

  // Hands a release in; the same one again gets the same receipt. UNAUTHENTICATED where the receipt is not
  // signed by the coordinator's pinned key, or is for another release: then it is as good as none.
  absl::StatusOr<Receipt> Submit(const OutgoingRelease& release);

  // Says why this council gives nothing to a round.
  absl::Status Decline(const contract::Decline& decline);

  // Secure rounds. Join asks for this council's session; FAILED_PRECONDITION where there is none to be had.
  absl::StatusOr<SumOffer> JoinSum(absl::string_view round_id);
  // Hands in what the session has to say in its step, the masked vector first, and returns what the next one
  // needs; nothing where that is not ready: ask again. ABORTED where the session is over: join again.
  absl::StatusOr<std::optional<SumReply>> Step(const SumSession& session);

  absl::StatusOr<v1::QueryResponse> Query(const v1::QueryRequest& request);

  absl::StatusOr<contract::SignedLogHead> LogHead() override;
  absl::StatusOr<std::vector<std::string>> LogConsistency(std::uint64_t from, std::uint64_t to) override;
  absl::StatusOr<Inclusion> LogInclusion(std::uint64_t size, absl::string_view leaf_hash) override;
  absl::StatusOr<std::vector<contract::WitnessedHead>> LogWitness(
      const contract::WitnessedHead& own) override;

  // The catalogue that the officers signed last, as the coordinator has it: to be checked. Nothing where
  // there is none.
  absl::StatusOr<std::optional<contract::SignedCatalogue>> Catalogue();

  // The key that was pinned at enrolment, 32 bytes.
  const std::string& coordinator_key() const { return coordinator_key_; }
  // Of which this node is, by its certificate; "" where that names none.
  std::string federation() const;
  // Those pinned in client.toml; none where the federation has no governance.
  const contract::Governance& governance() const { return governance_; }

  // Asks for the rosters after the one that `book` holds, and has it accept them one after another, each once
  // `check` said OK. OK where it then holds the coordinator's newest; INVALID_ARGUMENT where one breaks the
  // contract, the errors of `check` and RosterBook::Accept where one is refused: those before it stay
  // accepted.
  absl::Status FetchRosters(RosterBook& book,
                            const std::function<absl::Status(const contract::RosterEpoch&)>& check);

 private:
  struct Stubs;
  struct Connections;
  CoordinatorLink(std::string identity_directory, std::string https_proxy, ClientFile client,
                  const Clock& clock);
  // `call(Stubs&, grpc::ClientContext&)`, with the tries of retry.h.
  template <typename Call>
  absl::Status Run(absl::Duration timeout, const Call& call);
  absl::Status PutMasked(const SumSession& session);
  template <typename Receipts>
  absl::StatusOr<std::vector<Countersigned>> CheckReceipts(absl::string_view council,
                                                           const Receipts& receipts) const;

  const std::string identity_directory_;
  const std::string https_proxy_;
  std::vector<std::string> addresses_;
  std::unique_ptr<Connections> connections_;
  std::atomic<std::size_t> place_{0};  // the address that answered last
  std::unique_ptr<HighestTerm> highest_term_;
  std::string certificate_pem_;
  const std::string coordinator_key_;  // Ed25519, 32 bytes
  const contract::Governance governance_;
  const Clock& clock_;
};

}  // namespace waymark::node

#endif  // WAYMARK_NODE_LINK_COORDINATOR_LINK_H_

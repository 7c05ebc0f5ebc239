#include "node/link/coordinator_link.h"

#include <grpcpp/grpcpp.h>

#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/canonical.h"
#include "base/configuration.h"
#include "base/file.h"
#include "base/log.h"
#include "base/status.h"
#include "crypto/certificate.h"
#include "crypto/secure_sum/masks.h"
#include "crypto/signature.h"
#include "node/link/client_file.h"
#include "node/link/retry.h"
#include "proto/contract/release.h"
#include "proto/rpc/channel.h"
#include "proto/rpc/identity_files.h"
#include "proto/rpc/printable.h"
#include "proto/rpc/tls.h"
#include "waymark/v1/benchmark.grpc.pb.h"
#include "waymark/v1/federation.grpc.pb.h"
#include "waymark/v1/round.grpc.pb.h"
#include "waymark/v1/secure_sum.grpc.pb.h"
#include "waymark/v1/transparency.grpc.pb.h"

namespace waymark::node {
namespace {

constexpr absl::Duration kShortCall = absl::Seconds(30);
constexpr absl::Duration kSubmitCall = absl::Minutes(2);
constexpr int kMostRounds = 100;

}  // namespace

struct CoordinatorLink::Stubs {
  std::unique_ptr<v1::Rounds::Stub> rounds;
  std::unique_ptr<v1::Benchmarks::Stub> benchmarks;
  std::unique_ptr<v1::Membership::Stub> membership;
  std::unique_ptr<v1::SecureSum::Stub> secure;
  std::unique_ptr<v1::Log::Stub> log;
};

// One an address, in their order.
struct CoordinatorLink::Connections {
  std::vector<std::shared_ptr<grpc::Channel>> channels;
  std::vector<Stubs> stubs;
};

std::string ReceiptBytes(absl::string_view council, std::uint64_t ledger_sequence,
                         absl::string_view release_hash, std::int64_t received_unix_s) {
  CanonicalWriter out("waymark/v1/receipt");
  out.Text(council).Unsigned(ledger_sequence).Text(release_hash).Signed(received_unix_s);
  return std::move(out).bytes();
}

CoordinatorLink::CoordinatorLink(std::string identity_directory, std::string https_proxy, ClientFile client,
                                 const Clock& clock)
    : identity_directory_(std::move(identity_directory)),
      https_proxy_(std::move(https_proxy)),
      addresses_(std::move(client.other_addresses)),
      coordinator_key_(std::move(client.coordinator_key)),
      governance_(std::move(client.governance)),
      clock_(clock) {
  addresses_.insert(addresses_.begin(), std::move(client.address));
}
CoordinatorLink::~CoordinatorLink() = default;

template <typename Call>
absl::Status CoordinatorLink::Run(absl::Duration timeout, const Call& call) {
  Connections& connections = *connections_;
  return WithRetries(
      connections.channels, place_, clock_, timeout,
      [&](std::size_t at, grpc::ClientContext& context) { return call(connections.stubs[at], context); });
}

absl::StatusOr<std::unique_ptr<CoordinatorLink>> CoordinatorLink::Open(const std::string& identity_directory,
                                                                       const std::string& https_proxy,
                                                                       const Clock& clock) {
  ASSIGN_OR_RETURN(ClientFile client, ReadClientFile(identity_directory));
  std::unique_ptr<CoordinatorLink> link(
      new CoordinatorLink(identity_directory, https_proxy, std::move(client), clock));
  ASSIGN_OR_RETURN(link->highest_term_, HighestTerm::Open(identity_directory, link->coordinator_key_));
  RETURN_IF_ERROR(link->Reconnect());
  return link;
}

absl::Status CoordinatorLink::Reconnect() {
  ASSIGN_OR_RETURN(const rpc::Identity identity, rpc::OpenIdentity(identity_directory_));
  connections_ = std::make_unique<Connections>();
  for (const std::string& address : addresses_) {
    const auto channel = rpc::MakeChannel(address, identity, https_proxy_);
    connections_->channels.push_back(channel);
    connections_->stubs.push_back({.rounds = v1::Rounds::NewStub(channel),
                                   .benchmarks = v1::Benchmarks::NewStub(channel),
                                   .membership = v1::Membership::NewStub(channel),
                                   .secure = v1::SecureSum::NewStub(channel),
                                   .log = v1::Log::NewStub(channel)});
  }
  certificate_pem_ = identity.certificate_pem;
  return absl::OkStatus();
}

std::string CoordinatorLink::federation() const {
  const auto facts = crypto::InspectCertificate(certificate_pem_);
  const auto member = facts.ok() ? rpc::CertifiedOf(*facts) : std::nullopt;
  return member && member->role == rpc::kCouncilRole ? member->federation : "";
}

absl::StatusOr<std::string> CoordinatorLink::Renew(const std::string& certificate_request_pem) {
  v1::RenewRequest request;
  request.set_certificate_request_pem(certificate_request_pem);
  v1::RenewResponse response;
  RETURN_IF_ERROR(Run(kShortCall, [&](Stubs& stubs, grpc::ClientContext& context) {
    return stubs.membership->Renew(&context, request, &response);
  }));
  return response.certificate_pem();
}

absl::StatusOr<std::vector<WatchedRound>> CoordinatorLink::Watch() {
  v1::WatchResponse response;
  RETURN_IF_ERROR(Run(kShortCall, [&](Stubs& stubs, grpc::ClientContext& context) {
    return stubs.rounds->Watch(&context, v1::WatchRequest(), &response);
  }));
  if (response.rounds_size() > kMostRounds) {
    Log(LogLevel::kError, "more open rounds than the contract allows",
        {{"rounds", absl::StrCat(response.rounds_size())}});
  }
  std::vector<WatchedRound> rounds;
  for (const v1::WatchResponse::Round& round : response.rounds()) {
    if (rounds.size() == kMostRounds) break;
    auto spec = contract::RoundSpecFromProto(round.spec());
    if (!spec.ok()) {
      Log(LogLevel::kError, "round left out: its spec breaks the contract",
          {{"round", rpc::Printable(round.spec().round_id().substr(0, 64))},
           {"error", std::string(spec.status().message())}});
      continue;
    }
    // Corrections are the council's own; a round that is one was never opened.
    if (spec->correction != v1::REVISION_REASON_UNSPECIFIED) continue;
    rounds.push_back({.spec = *std::move(spec),
                      .answered = round.answered(),
                      .late = round.late(),
                      .reminder = round.reminder()});
  }
  return rounds;
}

template <typename Receipts>
absl::StatusOr<std::vector<Countersigned>> CoordinatorLink::CheckReceipts(absl::string_view council,
                                                                          const Receipts& receipts) const {
  std::vector<Countersigned> checked;
  for (const auto& last : receipts) {
    const std::string signed_bytes =
        ReceiptBytes(council, last.ledger_sequence(), last.release_hash(), last.received_unix_s());
    if (!crypto::VerifySignature(coordinator_key_, signed_bytes, last.signature()).ok()) {
      return absl::UnauthenticatedError(
          absl::StrCat("what the coordinator says of ", council,
                       "'s last release is not signed by its key; check "
                       "coordinator_key in client.toml with the operator. Nothing is released until then"));
    }
    v1::SubmitResponse receipt;
    receipt.set_received_unix_s(last.received_unix_s());
    receipt.set_release_hash(last.release_hash());
    receipt.set_signature(last.signature());
    checked.push_back({.round_id = rpc::Printable(last.round_id().substr(0, 64)),
                       .ledger_sequence = last.ledger_sequence(),
                       .received_unix_s = last.received_unix_s(),
                       .release_hash = last.release_hash(),
                       .receipt = receipt.SerializeAsString()});
  }
  return checked;
}

absl::StatusOr<CoordinatorLink::Seen> CoordinatorLink::LastSeen(absl::string_view council) {
  v1::WatchResponse response;
  RETURN_IF_ERROR(Run(kShortCall, [&](Stubs& stubs, grpc::ClientContext& context) {
    return stubs.rounds->Watch(&context, v1::WatchRequest(), &response);
  }));
  Seen seen;
  ASSIGN_OR_RETURN(seen.own.releases, CheckReceipts(council, response.countersigned()));
  if (response.ledger_head().size() == crypto::kLedgerHeadBytes) {
    seen.own.head = crypto::LedgerHeadFrom(response.ledger_head());
  }
  v1::RosterRequest of_before;
  of_before.set_after_hash(std::string(contract::kHashBytes, '\xff'));  // of no roster: the newest alone
  v1::RosterResponse before;
  RETURN_IF_ERROR(Run(kShortCall, [&](Stubs& stubs, grpc::ClientContext& context) {
    return stubs.membership->Roster(&context, of_before, &before);
  }));
  if (static_cast<std::size_t>(before.predecessors_size()) > contract::kMaxPredecessors)
    return absl::InvalidArgumentError("predecessors: more than the contract allows");
  for (const v1::RosterResponse::Predecessor& one : before.predecessors()) {
    RETURN_IF_ERROR(contract::CheckCouncilCode("predecessors.council", one.council()));
    ASSIGN_OR_RETURN(auto releases, CheckReceipts(one.council(), one.receipts()));
    if (!releases.empty()) seen.before.push_back({.council = one.council(), .releases = std::move(releases)});
  }
  return seen;
}

absl::StatusOr<Receipt> CoordinatorLink::Submit(const OutgoingRelease& release) {
  v1::SubmitRequest request;
  if (!request.mutable_release()->ParseFromString(release.bytes())) {
    return absl::InternalError("a release from the door cannot be read");
  }
  v1::SubmitResponse response;
  RETURN_IF_ERROR(Run(kSubmitCall, [&](Stubs& stubs, grpc::ClientContext& context) {
    return stubs.rounds->Submit(&context, request, &response);
  }));
  const std::string signed_bytes = ReceiptBytes(release.council(), release.ledger_sequence(),
                                                release.release_hash(), response.received_unix_s());
  if (response.release_hash() != release.release_hash() ||
      !crypto::VerifySignature(coordinator_key_, signed_bytes, response.signature()).ok()) {
    return absl::UnauthenticatedError(
        absl::StrCat("round ", release.round_id(),
                     ": the receipt is not the coordinator's for this release; check coordinator_key in "
                     "client.toml with the operator, and submit again"));
  }
  return Receipt{.received_unix_s = response.received_unix_s(),
                 .release_hash = response.release_hash(),
                 .bytes = response.SerializeAsString()};
}

absl::Status CoordinatorLink::Decline(const contract::Decline& decline) {
  v1::DeclineRequest request;
  contract::DeclineToProto(decline, request);
  v1::DeclineResponse response;
  return Run(kShortCall, [&](Stubs& stubs, grpc::ClientContext& context) {
    return stubs.rounds->Decline(&context, request, &response);
  });
}

absl::StatusOr<SumOffer> CoordinatorLink::JoinSum(absl::string_view round_id) {
  v1::JoinSessionRequest request;
  request.set_round_id(std::string(round_id));
  v1::JoinSessionResponse response;
  RETURN_IF_ERROR(Run(kShortCall, [&](Stubs& stubs, grpc::ClientContext& context) {
    const grpc::Status status = stubs.secure->Join(&context, request, &response);
    return status.ok() ? rpc::ToGrpc(highest_term_->Take(response.term())) : status;
  }));
  return SumOffer{.nonce = response.nonce(), .roster_epoch = response.roster_epoch()};
}

absl::Status CoordinatorLink::PutMasked(const SumSession& session) {
  v1::PutBlockRequest request;
  request.set_round_id(session.round_id());
  request.set_session(session.id());
  const absl::string_view masked = session.masked();
  for (std::size_t at = 0; at < masked.size(); at += crypto::kInputBlockBytes) {
    request.set_block(static_cast<std::uint32_t>(at / crypto::kInputBlockBytes));
    request.set_content(std::string(masked.substr(at, crypto::kInputBlockBytes)));
    v1::PutBlockResponse response;
    RETURN_IF_ERROR(Run(kShortCall, [&](Stubs& stubs, grpc::ClientContext& context) {
      return stubs.secure->PutBlock(&context, request, &response);
    }));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<SumReply>> CoordinatorLink::Step(const SumSession& session) {
  RETURN_IF_ERROR(PutMasked(session));
  v1::StepRequest request;
  request.set_round_id(session.round_id());
  request.set_session(session.id());
  request.set_step(static_cast<v1::SecureStep>(session.step() + v1::SECURE_STEP_KEYS));
  request.mutable_message()->set_body(session.message().body);
  request.mutable_message()->set_signature(session.message().signature);
  v1::StepResponse response;
  RETURN_IF_ERROR(Run(kSubmitCall, [&](Stubs& stubs, grpc::ClientContext& context) {
    const grpc::Status status = stubs.secure->Step(&context, request, &response);
    return status.ok() ? rpc::ToGrpc(highest_term_->Take(response.term())) : status;
  }));
  if (!response.ready()) return std::nullopt;
  SumReply reply;
  for (v1::SignedBytes& message : *response.mutable_messages()) {
    reply.messages.push_back(
        {.body = std::move(*message.mutable_body()), .signature = std::move(*message.mutable_signature())});
  }
  for (v1::SealedShares& shares : *response.mutable_shares()) {
    reply.shares.push_back({.member = shares.member(), .sealed = std::move(*shares.mutable_sealed())});
  }
  return reply;
}

absl::StatusOr<v1::QueryResponse> CoordinatorLink::Query(const v1::QueryRequest& request) {
  v1::QueryResponse response;
  RETURN_IF_ERROR(Run(kShortCall, [&](Stubs& stubs, grpc::ClientContext& context) {
    return stubs.benchmarks->Query(&context, request, &response);
  }));
  return response;
}

absl::StatusOr<std::optional<contract::SignedCatalogue>> CoordinatorLink::Catalogue() {
  v1::SignedCatalogueResponse response;
  RETURN_IF_ERROR(Run(kShortCall, [&](Stubs& stubs, grpc::ClientContext& context) {
    return stubs.log->Catalogue(&context, v1::SignedCatalogueRequest(), &response);
  }));
  if (!response.has_catalogue()) return std::nullopt;
  ASSIGN_OR_RETURN(contract::SignedCatalogue catalogue,
                   contract::SignedCatalogueFromProto(response.catalogue()));
  return catalogue;
}

absl::StatusOr<contract::SignedLogHead> CoordinatorLink::LogHead() {
  v1::LogHeadResponse response;
  RETURN_IF_ERROR(Run(kShortCall, [&](Stubs& stubs, grpc::ClientContext& context) {
    return stubs.log->Head(&context, v1::LogHeadRequest(), &response);
  }));
  return contract::SignedLogHeadFromProto(response.head());
}

absl::StatusOr<std::vector<std::string>> CoordinatorLink::LogConsistency(std::uint64_t from,
                                                                         std::uint64_t to) {
  v1::LogConsistencyRequest request;
  request.set_from_size(from);
  request.set_to_size(to);
  v1::LogConsistencyResponse response;
  RETURN_IF_ERROR(Run(kShortCall, [&](Stubs& stubs, grpc::ClientContext& context) {
    return stubs.log->Consistency(&context, request, &response);
  }));
  return contract::LogProofFromProto(response.proof());
}

absl::StatusOr<LogSource::Inclusion> CoordinatorLink::LogInclusion(std::uint64_t size,
                                                                   absl::string_view leaf_hash) {
  v1::LogInclusionRequest request;
  request.set_size(size);
  request.set_leaf_hash(std::string(leaf_hash));
  v1::LogInclusionResponse response;
  RETURN_IF_ERROR(Run(kShortCall, [&](Stubs& stubs, grpc::ClientContext& context) {
    return stubs.log->Inclusion(&context, request, &response);
  }));
  ASSIGN_OR_RETURN(std::vector<std::string> proof, contract::LogProofFromProto(response.proof()));
  return Inclusion{.index = response.index(), .proof = std::move(proof)};
}

absl::StatusOr<std::vector<contract::WitnessedHead>> CoordinatorLink::LogWitness(
    const contract::WitnessedHead& own) {
  v1::LogWitnessRequest request;
  contract::WitnessedHeadToProto(own, *request.mutable_head());
  v1::LogWitnessResponse response;
  RETURN_IF_ERROR(Run(kShortCall, [&](Stubs& stubs, grpc::ClientContext& context) {
    return stubs.log->Witness(&context, request, &response);
  }));
  if (static_cast<std::size_t>(response.others_size()) > contract::kMaxWitnesses) {
    return absl::InvalidArgumentError(
        absl::StrCat("others: more heads than the contract allows, ", response.others_size()));
  }
  std::vector<contract::WitnessedHead> others;
  for (const v1::WitnessedHead& message : response.others()) {
    ASSIGN_OR_RETURN(contract::WitnessedHead other, contract::WitnessedHeadFromProto(message));
    others.push_back(std::move(other));
  }
  return others;
}

absl::Status CoordinatorLink::FetchRosters(
    RosterBook& book, const std::function<absl::Status(const contract::RosterEpoch&)>& check) {
  // A full reply may not be all. Each turn but the last leaves the book at a later epoch.
  for (bool more = true; more;) {
    v1::RosterRequest request;
    ASSIGN_OR_RETURN(*request.mutable_after_hash(), book.HeldHash());
    v1::RosterResponse response;
    RETURN_IF_ERROR(Run(kShortCall, [&](Stubs& stubs, grpc::ClientContext& context) {
      return stubs.membership->Roster(&context, request, &response);
    }));
    bool taken = false;
    for (const v1::SignedRoster& message : response.rosters()) {
      ASSIGN_OR_RETURN(const contract::SignedRoster roster, contract::SignedRosterFromProto(message));
      RETURN_IF_ERROR(check(roster.roster));
      ASSIGN_OR_RETURN(const bool next, book.Accept(roster));
      taken = taken || next;
    }
    more = taken && static_cast<std::size_t>(response.rosters_size()) >= contract::kMaxRosters;
  }
  return absl::OkStatus();
}

}  // namespace waymark::node

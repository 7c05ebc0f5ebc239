// SecureRounds' part that keeps what finishing a sum takes, goes on with it in another process, stores the
// sum, and forgets what no sum needs.
#include <algorithm>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/log.h"
#include "base/status.h"
#include "coordinator/rounds/file_input_store.h"
#include "coordinator/rounds/secure_rounds.h"
#include "proto/contract/secure_session.h"

namespace waymark::coordinator {
namespace {

void WriteSigned(const crypto::SignedMessage& message, v1::SignedBytes& out) {
  out.set_body(message.body);
  out.set_signature(message.signature);
}

std::vector<crypto::SignedMessage> ReadSigned(
    const google::protobuf::RepeatedPtrField<v1::SignedBytes>& messages) {
  std::vector<crypto::SignedMessage> read;
  for (const v1::SignedBytes& message : messages) {
    read.push_back({.body = message.body(), .signature = message.signature()});
  }
  return read;
}

v1::TranscriptResponse ToProto(const crypto::Session& session, const contract::RosterEpoch& roster,
                               const crypto::Transcript& transcript) {
  const crypto::SessionParameters& parameters = session.parameters();
  v1::TranscriptResponse out;
  out.set_nonce(parameters.nonce);
  out.set_roster_epoch(roster.epoch);
  out.set_least_contributors(parameters.least_contributors);
  out.set_cells(parameters.cells);
  out.set_word_bits(parameters.word_bits);
  out.set_spec_hash(parameters.spec_hash);
  for (const crypto::SignedMessage& message : transcript.keys) WriteSigned(message, *out.add_keys());
  for (const crypto::SignedMessage& message : transcript.inputs) WriteSigned(message, *out.add_inputs());
  const auto write_opened = [](const std::vector<crypto::OpenedSecret>& secrets, auto& list) {
    for (const crypto::OpenedSecret& opened : secrets) {
      v1::OpenedSecret* one = list.Add();
      one->set_member(opened.member);
      one->set_secret(opened.secret);
    }
  };
  write_opened(transcript.seeds, *out.mutable_seeds());
  write_opened(transcript.mask_keys, *out.mutable_mask_keys());
  return out;
}

}  // namespace

// Nobody hears of the contributors' signatures, with which a sum is opened, before this is in the store. The
// inputs are on disk since they were acknowledged.
absl::Status SecureRounds::KeepOpening(Running& running) {
  if (running.kept) return absl::OkStatus();
  const auto opening = running.session->Opening();
  if (!opening) return absl::OkStatus();
  v1::OpeningSum message;
  contract::RosterToProto(running.roster, *message.mutable_roster());
  message.set_nonce(running.session->session().parameters().nonce);
  message.set_attempts(static_cast<std::uint32_t>(running.attempts));
  for (const auto& one : opening->keys) WriteSigned(one, *message.add_keys());
  for (const std::uint32_t sharer : opening->sharers) message.add_sharers(sharer);
  for (const auto& one : opening->inputs) WriteSigned(one, *message.add_inputs());
  for (const auto& one : opening->signatures) WriteSigned(one, *message.add_signatures());
  RETURN_IF_ERROR(store_.PutOpening(
      {.round_id = running.round_id, .part = running.part->code, .bytes = message.SerializeAsString()}));
  running.kept = true;
  return absl::OkStatus();
}

absl::Status SecureRounds::Restore() {
  ASSIGN_OR_RETURN(const std::vector<StoredOpening> openings, store_.Openings());
  absl::MutexLock lock(&mutex_);
  bool all_go_on = true;
  for (const StoredOpening& opening : openings) {
    const absl::Status status = GoOnWith(opening);
    if (!status.ok()) running_.erase({opening.round_id, opening.part});
    all_go_on = all_go_on && status.ok();
    Log(status.ok() ? LogLevel::kInfo : LogLevel::kError,
        status.ok() ? "secure session gone on with" : "a secure session cannot be gone on with",
        {{"round", opening.round_id}, {"part", opening.part}, {"error", std::string(status.message())}});
  }
  const absl::Status forgotten = all_go_on ? ForgetAbandoned() : absl::OkStatus();
  if (!forgotten.ok()) {
    Log(LogLevel::kWarning, "masked inputs of sessions without a sum were not removed",
        {{"error", std::string(forgotten.message())}});
  }
  return absl::OkStatus();
}

// What members sent to a session that has no sum, or whose sum came too late. First what would have another
// process go on with it.
void SecureRounds::Forget(Running& running) {
  if (running.session == nullptr) return;
  const absl::Status dropped =
      running.kept ? store_.DropOpening(running.round_id, running.part->code) : absl::OkStatus();
  if (dropped.ok()) {
    running.kept = false;
    running.session->Forget();
  } else {
    Log(LogLevel::kWarning, "a session that is over was not forgotten",
        {{"round", running.round_id}, {"error", std::string(dropped.message())}});
  }
}

// What a process that died before members were let open a sum has left of its session.
absl::Status SecureRounds::ForgetAbandoned() {
  ASSIGN_OR_RETURN(const std::vector<std::string> sessions,
                   directory_.empty() ? store_.MaskedSessions() : MaskedSessions(directory_));
  if (sessions.empty()) return absl::OkStatus();
  std::set<std::string> needed;
  for (const auto& [key, running] : running_) {
    if (running.session != nullptr) needed.insert(absl::BytesToHexString(running.session->session().id()));
  }
  ASSIGN_OR_RETURN(const std::vector<Round> rounds, store_.Rounds(std::nullopt));
  for (const Round& round : rounds) {
    ASSIGN_OR_RETURN(const std::vector<StoredSum> sums, store_.Sums(round.round_id));
    for (const StoredSum& sum : sums) {
      v1::SummedPart message;
      if (!message.ParseFromString(sum.bytes)) return absl::DataLossError("a stored sum is damaged");
      needed.insert(message.session());
    }
  }
  for (const std::string& session : sessions) {
    if (!needed.contains(session)) RETURN_IF_ERROR(InputsOf(session)->Clear());
  }
  return absl::OkStatus();
}

absl::Status SecureRounds::GoOnWith(const StoredOpening& opening) {
  v1::OpeningSum message;
  if (!message.ParseFromString(opening.bytes)) return absl::DataLossError("the stored bytes are damaged");
  ASSIGN_OR_RETURN(const std::optional<Round> stored, store_.FindRound(opening.round_id));
  if (!stored) return absl::DataLossError("its round is not in the store");
  ASSIGN_OR_RETURN(const SecureRound round, SecureRoundOf(*stored));
  Running& running = running_[{opening.round_id, opening.part}];
  running.round_id = opening.round_id;
  ASSIGN_OR_RETURN(running.roster, contract::RosterFromProto(message.roster()));
  const auto& parts = running.roster.parts;
  const auto part =
      std::find_if(parts.begin(), parts.end(), [&](const auto& one) { return one.code == opening.part; });
  if (part == parts.end()) return absl::DataLossError("its roster has no such part");
  running.part = &*part;
  running.ends = absl::FromUnixSeconds(round.spec.deadline_unix_s);
  running.attempts = static_cast<int>(message.attempts());
  ASSIGN_OR_RETURN(crypto::Session session, SessionOf(round, running, message.nonce()));
  const crypto::OpeningSum kept{.keys = ReadSigned(message.keys()),
                                .sharers = {message.sharers().begin(), message.sharers().end()},
                                .inputs = ReadSigned(message.inputs()),
                                .signatures = ReadSigned(message.signatures())};
  const absl::Time now = clock_.Now();
  auto store = InputsOf(absl::BytesToHexString(session.id()));
  running.session = std::make_unique<SecureSession>(std::move(session), std::move(store), StepLimits{});
  // Members have to come back too, so they get more time than for a step; where there is none left, the
  // shares that are here must do.
  RETURN_IF_ERROR(running.session->Resume(
      kept, now + std::clamp((running.ends - now) / 2, absl::ZeroDuration(), kLongestStep)));
  running.kept = true;
  running.counted = true;
  for (const StoredShares& shares : opening.shares) {
    RETURN_IF_ERROR(running.session->TakeKept({.body = shares.body, .signature = shares.signature}));
    running.shares.insert(shares.member);
  }
  running.session->Tick(now);
  return StoreSum(running);
}

absl::Status SecureRounds::StoreSum(Running& running) {
  if (running.stored || !running.session->sum()) return absl::OkStatus();
  const crypto::SecureSum& sum = *running.session->sum();
  const crypto::Session& session = running.session->session();
  v1::SummedPart message;
  *message.mutable_transcript() = ToProto(session, running.roster, sum.transcript);
  message.set_session(absl::BytesToHexString(session.id()));
  message.set_members(static_cast<std::uint32_t>(session.size()));
  for (const crypto::OpenedSecret& seed : sum.transcript.seeds) {
    message.add_contributors(session.parameters().members[seed.member].id);
  }
  for (const std::int64_t cell : sum.sum.ToValues()) message.add_cells(cell);
  StoredSum stored{
      .round_id = running.round_id, .part = running.part->code, .bytes = message.SerializeAsString()};
  for (const crypto::SignedMessage& one : sum.transcript.inputs) {
    ASSIGN_OR_RETURN(const crypto::InputMessage input, crypto::ReadInput(session, one));
    const crypto::SessionMember& member = session.parameters().members[input.sender];
    stored.heads.push_back(
        {.council = member.id, .signing_key = member.signing_key, .bytes = crypto::BytesOf(input.head)});
  }
  const absl::Status added = store_.AddSum(stored);
  running.stored = added.ok() || absl::IsAlreadyExists(added) || absl::IsFailedPrecondition(added);
  if (absl::IsFailedPrecondition(added)) {  // the round is over: nobody is owed its sum any more
    Log(LogLevel::kWarning, "a sum came too late for its round",
        {{"round", running.round_id}, {"error", std::string(added.message())}});
    Forget(running);
    return absl::OkStatus();
  }
  if (!running.stored) return added;
  Log(LogLevel::kInfo, "secure sum made",
      {{"round", running.round_id},
       {"part", running.part->code},
       {"contributors", absl::StrCat(message.contributors_size())}});
  return absl::OkStatus();
}

}  // namespace waymark::coordinator

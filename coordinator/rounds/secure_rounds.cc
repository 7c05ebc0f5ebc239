#include "coordinator/rounds/secure_rounds.h"

#include <algorithm>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/file.h"
#include "base/log.h"
#include "base/status.h"
#include "coordinator/federation/rosters.h"
#include "coordinator/rounds/asked.h"
#include "coordinator/rounds/file_input_store.h"
#include "coordinator/rounds/publication.h"
#include "coordinator/rounds/shared_input_store.h"
#include "crypto/hash.h"
#include "proto/contract/secure_session.h"

namespace waymark::coordinator {
namespace {

// A second try takes the same councils that stayed away for granted, so few are made.
constexpr int kMostAttempts = 3;
constexpr absl::Duration kLongestStep = absl::Minutes(5);
constexpr std::size_t kNonceBytes = 32;
constexpr absl::Duration kKeptAfterwards = absl::Minutes(10);

absl::Status Over(absl::string_view why) {
  return absl::FailedPreconditionError(absl::StrCat("secure sum: ", why));
}

// Steps share what is left of the round's time: half for joining at the first try, a sixteenth for each
// further step.
StepLimits LimitsOf(const contract::RoundSpec& spec, absl::Time now, int attempts) {
  const absl::Duration left = absl::FromUnixSeconds(spec.deadline_unix_s) - now;
  return {.keys_until = now + (attempts == 1 ? left / 2 : std::min(left / 8, kLongestStep)),
          .each_further = std::min(left / 16, kLongestStep)};
}

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

std::uint32_t PlaceOf(const contract::RosterPart& part, absl::string_view council) {
  const auto found =
      std::find_if(part.members.begin(), part.members.end(),
                   [&](const contract::RosterMember& member) { return member.council == council; });
  return static_cast<std::uint32_t>(found - part.members.begin());
}

}  // namespace

std::unique_ptr<crypto::InputStore> SecureRounds::InputsOf(const std::string& session) {
  if (directory_.empty()) return std::make_unique<SharedInputStore>(store_, session);
  return std::make_unique<FileInputStore>(MaskedDirectory(directory_, session));
}

absl::StatusOr<contract::RosterEpoch> SecureRounds::RosterNow() {
  ASSIGN_OR_RETURN(std::optional<contract::SignedRoster> newest, NewestRoster(store_));
  if (!newest) return Over("this federation has no signed roster; its officers must sign one first");
  RETURN_IF_ERROR(contract::CheckUnexpired(newest->roster, clock_.Now()));
  return std::move(newest->roster);
}

absl::StatusOr<v1::JoinSessionResponse> SecureRounds::Join(absl::string_view council,
                                                           absl::string_view round_id) {
  ASSIGN_OR_RETURN(const std::optional<Round> stored, store_.FindRound(round_id));
  if (!stored) return absl::NotFoundError(absl::StrCat("no round is called \"", round_id, "\""));
  ASSIGN_OR_RETURN(const contract::RoundSpec spec, SpecOf(*stored));
  if (!contract::IsSecure(spec)) return Over(absl::StrCat("round ", round_id, " asks for none"));
  const absl::Time now = clock_.Now();
  if (stored->state != RoundState::kOpen || now >= absl::FromUnixSeconds(spec.deadline_unix_s) ||
      now < absl::FromUnixSeconds(spec.opens_unix_s)) {
    return Over(absl::StrCat("round ", round_id, " is not open"));
  }
  ASSIGN_OR_RETURN(const contract::RosterEpoch roster, RosterNow());
  const contract::RosterPart* const part = contract::FindPartOf(roster, council);
  if (part == nullptr) return Over(absl::StrCat(council, " is not in the signed roster"));
  if (!IsPartAsked(spec, part->code)) {
    return Over(absl::StrCat("round ", round_id, " asks ", absl::StrJoin(spec.geographies, ", "),
                             " alone, not part ", part->code));
  }
  ASSIGN_OR_RETURN(const std::vector<StoredSum> sums, store_.Sums(round_id));
  for (const StoredSum& sum : sums) {
    if (sum.part == part->code) return Over(absl::StrCat("the sum of part ", part->code, " is made"));
  }
  absl::MutexLock lock(&mutex_);
  Running& running = running_[{std::string(round_id), part->code}];
  if (running.session != nullptr) running.session->Tick(now);
  const bool is_over = running.session == nullptr || !running.session->failure().ok();
  if (is_over && running.attempts >= kMostAttempts) {
    return Over(absl::StrCat("part ", part->code, " was tried ", kMostAttempts, " times without a sum"));
  }
  if (is_over) {
    // A retry stays with the roster that the round began with: other members would make another quorum.
    if (running.session == nullptr) running.roster = roster;
    running.round_id = std::string(round_id);
    running.ends = absl::FromUnixSeconds(spec.deadline_unix_s);
    running.part = contract::FindPartOf(running.roster, council);
    if (running.part == nullptr)
      return Over(absl::StrCat(council, " was not in the roster when the round began"));
    // Laying out a round's cells takes milliseconds, too long for each of its many calls.
    ASSIGN_OR_RETURN(const SecureRound round, SecureRoundOf(*stored));
    RETURN_IF_ERROR(Begin(round, running));
  }
  v1::JoinSessionResponse response;
  response.set_open(true);
  response.set_nonce(running.session->session().parameters().nonce);
  response.set_roster_epoch(running.roster.epoch);
  response.set_part(running.part->code);
  response.set_least_contributors(running.session->session().parameters().least_contributors);
  response.set_ends_unix_s(spec.deadline_unix_s);
  return response;
}

absl::StatusOr<crypto::Session> SecureRounds::SessionOf(const SecureRound& round, const Running& running,
                                                        std::string nonce) const {
  return contract::SecureSessionOf(running.roster, *running.part, round.spec.least_contributors,
                                   catalogue::VectorOf(round.spec_hash, running.part->code, round.layout),
                                   std::move(nonce));
}

absl::Status SecureRounds::Begin(const SecureRound& round, Running& running) {
  std::string nonce(kNonceBytes, '\0');
  RETURN_IF_ERROR(random_.Fill(absl::MakeSpan(reinterpret_cast<std::uint8_t*>(nonce.data()), kNonceBytes)));
  ASSIGN_OR_RETURN(crypto::Session session, SessionOf(round, running, std::move(nonce)));
  const absl::Time now = clock_.Now();
  ++running.attempts;
  running.told = SumStep::kKeys;
  running.kept = false;
  running.shares.clear();
  auto store = InputsOf(absl::BytesToHexString(session.id()));
  running.session = std::make_unique<SecureSession>(std::move(session), std::move(store),
                                                    LimitsOf(round.spec, now, running.attempts));
  Log(LogLevel::kInfo, "secure session begun",
      {{"round", round.spec.round_id},
       {"part", running.part->code},
       {"attempt", absl::StrCat(running.attempts)}});
  return absl::OkStatus();
}

absl::StatusOr<SecureRounds::Running*> SecureRounds::Find(absl::string_view council,
                                                          absl::string_view round_id) {
  for (auto& [key, running] : running_) {
    if (key.first != round_id || running.session == nullptr) continue;
    if (PlaceOf(*running.part, council) < running.part->members.size()) return &running;
  }
  return absl::AbortedError("secure sum: there is no such session here; join again");
}

absl::StatusOr<StepAnswer> SecureRounds::Take(absl::string_view council, absl::string_view round_id,
                                              absl::string_view session, SumStep step,
                                              const crypto::SignedMessage& message) {
  absl::MutexLock lock(&mutex_);
  ASSIGN_OR_RETURN(Running* const running, Find(council, round_id));
  if (running->session->session().id() != session) {
    return absl::AbortedError("secure sum: the session is another by now; join again");
  }
  const std::uint32_t member = PlaceOf(*running->part, council);
  if (step == SumStep::kInput) RETURN_IF_ERROR(CheckHead(*running, message));
  ASSIGN_OR_RETURN(StepAnswer answer, running->session->Take(member, step, message, clock_.Now()));
  TellStep(*running);
  RETURN_IF_ERROR(KeepOpening(*running));
  if (step == SumStep::kUnmask && !running->session->sum() && !running->shares.contains(member)) {
    RETURN_IF_ERROR(
        store_.AddOpeningShares(round_id, running->part->code,
                                {.member = member, .body = message.body, .signature = message.signature}));
    running->shares.insert(member);
  }
  RETURN_IF_ERROR(StoreSum(*running));
  return answer;
}

absl::Status SecureRounds::PutBlock(absl::string_view council, absl::string_view round_id,
                                    absl::string_view session, std::size_t block, absl::string_view bytes) {
  absl::MutexLock lock(&mutex_);
  ASSIGN_OR_RETURN(Running* const running, Find(council, round_id));
  if (running->session->session().id() != session) {
    return absl::AbortedError("secure sum: the session is another by now; join again");
  }
  return running->session->PutBlock(PlaceOf(*running->part, council), block, bytes);
}

// One whose ledger went back would be refused by all that know better, and their session with it.
absl::Status SecureRounds::CheckHead(const Running& running, const crypto::SignedMessage& input) {
  const crypto::Session& session = running.session->session();
  ASSIGN_OR_RETURN(const crypto::InputMessage read, crypto::ReadInput(session, input));
  const crypto::SessionMember& member = session.parameters().members[read.sender];
  ASSIGN_OR_RETURN(const std::string bytes, store_.LedgerHead(member.id, member.signing_key));
  if (bytes.size() != crypto::kLedgerHeadBytes) return absl::OkStatus();  // none is known
  const crypto::LedgerHead known = crypto::LedgerHeadFrom(bytes);
  if (crypto::IsFurther(read.head, known) || read.head.hash == known.hash) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("secure sum: the ledger of ", member.id, " is an older copy: it had come to entry ",
                   known.sequence, " before, and is at ", read.head.sequence, " without it"));
}

// How far a session has come, for who looks after the coordinator.
void SecureRounds::TellStep(Running& running) {
  if (running.session->step() == running.told) return;
  running.told = running.session->step();
  Log(LogLevel::kInfo, "secure session at its next step",
      {{"round", running.round_id},
       {"part", running.part->code},
       {"step", std::string(NameOf(running.told))}});
}

// Nobody hears of the contributors' signatures, with which a sum is opened, before this is in the store, and
// the inputs are on disk.
absl::Status SecureRounds::KeepOpening(Running& running) {
  if (running.kept) return absl::OkStatus();
  const auto opening = running.session->Opening();
  if (!opening) return absl::OkStatus();
  RETURN_IF_ERROR(running.session->store().Sync());
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

void SecureRounds::Abandon() {
  absl::MutexLock lock(&mutex_);
  running_.clear();
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
    return absl::OkStatus();
  }
  if (!running.stored) return added;
  Log(LogLevel::kInfo, "secure sum made",
      {{"round", running.round_id},
       {"part", running.part->code},
       {"contributors", absl::StrCat(message.contributors_size())}});
  return absl::OkStatus();
}

void SecureRounds::Drop(absl::string_view round_id) {
  absl::MutexLock lock(&mutex_);
  Erase([&](const auto& key, const Running&) { return key.first == round_id; });
}

// With what members sent to a session that has no sum.
void SecureRounds::Erase(absl::FunctionRef<bool(const Key&, const Running&)> is_over) {
  std::erase_if(running_, [&](const auto& entry) {
    if (!is_over(entry.first, entry.second)) return false;
    if (entry.second.session != nullptr) entry.second.session->Forget();
    return true;
  });
}

// Another coordinator may have been told.
void SecureRounds::DropWithdrawn() {
  if (running_.empty()) return;
  const absl::StatusOr<std::vector<Round>> withdrawn = store_.Rounds(RoundState::kWithdrawn);
  if (!withdrawn.ok()) return;  // told again at the next look
  for (const Round& round : *withdrawn) {
    Erase([&](const auto& key, const Running&) { return key.first == round.round_id; });
  }
}

void SecureRounds::Tick() {
  absl::MutexLock lock(&mutex_);
  // A session that is over is kept for members who ask late, and no longer; but not let go with a sum that
  // the store has not taken yet.
  DropWithdrawn();
  const absl::Time now = clock_.Now();
  Erase([&](const Key&, const Running& running) {
    const bool is_owed = running.session != nullptr && running.session->sum() && !running.stored;
    return !is_owed && running.ends + kKeptAfterwards < now;
  });
  for (auto& [key, running] : running_) {
    if (running.session == nullptr) continue;
    running.session->Tick(clock_.Now());
    TellStep(running);
    absl::Status stored = KeepOpening(running);
    if (stored.ok()) stored = StoreSum(running);
    if (!stored.ok()) {
      Log(LogLevel::kError, "storing a sum failed",
          {{"round", key.first}, {"error", std::string(stored.message())}});
    }
  }
}

}  // namespace waymark::coordinator

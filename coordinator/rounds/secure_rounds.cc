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
  if (running.session != nullptr) {
    running.session->Tick(now);
    RETURN_IF_ERROR(CountTry(running));
  }
  if (running.session == nullptr || !running.session->failure().ok()) {
    running.ends = absl::FromUnixSeconds(spec.deadline_unix_s);
    RETURN_IF_ERROR(ReadTries(round_id, roster, council, part->code, running));
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

// A retry stays with the roster that the round began with: other members would make another quorum.
absl::Status SecureRounds::ReadTries(absl::string_view round_id, const contract::RosterEpoch& newest,
                                     absl::string_view council, absl::string_view part, Running& running) {
  ASSIGN_OR_RETURN(const SumTries tries, store_.TriesOf(round_id, part));
  if (tries.count >= kMostAttempts) {
    return Over(absl::StrCat("part ", part, " was tried ", kMostAttempts, " times without a sum"));
  }
  contract::RosterEpoch roster = newest;
  if (tries.count > 0) {
    v1::RosterEpoch message;
    if (!message.ParseFromString(tries.roster)) return absl::DataLossError("a stored roster is damaged");
    ASSIGN_OR_RETURN(roster, contract::RosterFromProto(message));
  }
  const contract::RosterPart* const found = contract::FindPartOf(roster, council);
  if (found == nullptr || found->code != part)
    return Over(absl::StrCat(council, " was not in part ", part, " of the roster when the round began"));
  Forget(running);
  running.round_id = std::string(round_id);
  running.session = nullptr;
  running.roster = std::move(roster);
  running.part = contract::FindPartOf(running.roster, council);
  running.attempts = tries.count + 1;
  return absl::OkStatus();
}

// A try counts from when its members' keys are told: before that it has asked nobody for anything, and a
// coordinator that was only restarted meanwhile goes on waiting for members. Nobody hears of keys before this
// is in the store.
absl::Status SecureRounds::CountTry(Running& running) {
  if (running.counted) return absl::OkStatus();
  if (running.session->step() == SumStep::kKeys && running.session->failure().ok()) return absl::OkStatus();
  v1::RosterEpoch roster;
  contract::RosterToProto(running.roster, roster);
  RETURN_IF_ERROR(store_.AddTry(running.round_id, running.part->code, roster.SerializeAsString()));
  running.counted = true;
  return absl::OkStatus();
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
  running.told = SumStep::kKeys;
  running.counted = false;
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
                                                          absl::string_view round_id,
                                                          absl::string_view session) {
  for (auto& [key, running] : running_) {
    if (key.first != round_id || running.session == nullptr) continue;
    if (PlaceOf(*running.part, council) == running.part->members.size()) continue;
    if (running.session->session().id() == session) return &running;
    return absl::AbortedError("secure sum: the session is another by now; join again");
  }
  return absl::AbortedError("secure sum: there is no such session here; join again");
}

// A council's input is on disk before it is acknowledged. Flushing takes long, and other councils' calls go
// on meanwhile; blocks that come meanwhile too are for the next call.
absl::Status SecureRounds::SyncInput(absl::string_view council, absl::string_view round_id,
                                     absl::string_view session) {
  std::shared_ptr<crypto::InputStore> store;
  std::uint32_t member = 0;
  std::size_t blocks_put = 0;
  {
    absl::MutexLock lock(&mutex_);
    ASSIGN_OR_RETURN(const Running* const running, Find(council, round_id, session));
    member = PlaceOf(*running->part, council);
    if (running->session->IsOnDisk(member)) return absl::OkStatus();
    blocks_put = running->session->BlocksPut(member);
    store = running->session->store();
  }
  RETURN_IF_ERROR(store->Sync(member));
  absl::MutexLock lock(&mutex_);
  ASSIGN_OR_RETURN(Running* const running, Find(council, round_id, session));
  running->session->OnDisk(member, blocks_put);
  return absl::OkStatus();
}

absl::StatusOr<StepAnswer> SecureRounds::Take(absl::string_view council, absl::string_view round_id,
                                              absl::string_view session, SumStep step,
                                              const crypto::SignedMessage& message) {
  if (step == SumStep::kInput) RETURN_IF_ERROR(SyncInput(council, round_id, session));
  absl::MutexLock lock(&mutex_);
  ASSIGN_OR_RETURN(Running* const running, Find(council, round_id, session));
  const std::uint32_t member = PlaceOf(*running->part, council);
  if (step == SumStep::kInput) RETURN_IF_ERROR(CheckHead(*running, message));
  ASSIGN_OR_RETURN(StepAnswer answer, running->session->Take(member, step, message, clock_.Now()));
  TellStep(*running);
  RETURN_IF_ERROR(CountTry(*running));
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
  ASSIGN_OR_RETURN(Running* const running, Find(council, round_id, session));
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

void SecureRounds::Abandon() {
  absl::MutexLock lock(&mutex_);
  running_.clear();
}

void SecureRounds::Drop(absl::string_view round_id) {
  absl::MutexLock lock(&mutex_);
  Erase([&](const auto& key, const Running&) { return key.first == round_id; });
}

// With what members sent, but for what shows a stored sum to be right.
void SecureRounds::Erase(absl::FunctionRef<bool(const Key&, const Running&)> is_over) {
  for (auto entry = running_.begin(); entry != running_.end();) {
    if (!is_over(entry->first, entry->second)) {
      ++entry;
      continue;
    }
    if (!entry->second.stored) Forget(entry->second);
    entry = running_.erase(entry);
  }
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
    absl::Status stored = CountTry(running);
    if (stored.ok()) stored = KeepOpening(running);
    if (stored.ok()) stored = StoreSum(running);
    if (!stored.ok()) {
      Log(LogLevel::kError, "storing a sum failed",
          {{"round", key.first}, {"error", std::string(stored.message())}});
    }
  }
}

}  // namespace waymark::coordinator

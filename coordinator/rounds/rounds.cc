#include "coordinator/rounds/rounds.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/log.h"
#include "base/status.h"
#include "coordinator/rounds/asked.h"
#include "coordinator/rounds/publication.h"
#include "coordinator/rounds/secure_round.h"
#include "coordinator/rounds/spec_check.h"
#include "crypto/hash.h"
#include "proto/contract/publication.h"
#include "proto/contract/revision.h"

namespace waymark::coordinator {
namespace {

// Releases may arrive between combining and publishing; each attempt sees all that had arrived before it.
constexpr int kPublishAttempts = 100;

absl::Status NoSuchRound(absl::string_view round_id, const std::vector<Round>& known) {
  std::vector<std::string> ids;
  for (const Round& round : known) ids.push_back(round.round_id);
  return absl::NotFoundError(absl::StrCat(
      "no round is called \"", round_id, "\"; ",
      ids.empty() ? "none has been opened" : absl::StrCat("there are ", absl::StrJoin(ids, ", "))));
}

}  // namespace

absl::StatusOr<std::string> Rounds::Open(const contract::RoundSpec& spec) {
  const std::string hash = crypto::Sha256(contract::CanonicalBytes(spec));
  ASSIGN_OR_RETURN(std::optional<Round> known, store_.FindRound(spec.round_id));
  if (!known) {
    ASSIGN_OR_RETURN(const v1::Catalogue definitions, CheckSpec(spec, library_, clock_.Now()));
    ASSIGN_OR_RETURN(const std::vector<Member> members, store_.Members());
    RETURN_IF_ERROR(CheckGeographies(spec, members, library_));
    RETURN_IF_ERROR(CheckParts(spec, store_));
    RETURN_IF_ERROR(CheckSigned(spec, store_));
    ASSIGN_OR_RETURN(const std::vector<Round> rounds, store_.Rounds(std::nullopt));
    for (const Round& round : rounds) {
      ASSIGN_OR_RETURN(const contract::RoundSpec earlier, SpecOf(round));
      RETURN_IF_ERROR(CheckOneMode(spec, earlier, library_));
      // Of what was withdrawn before it was published nobody has a distribution.
      const bool was_never_published = round.state == RoundState::kWithdrawn && round.published_unix_s == 0;
      if (!was_never_published) RETURN_IF_ERROR(CheckStatedOnce(spec, earlier));
    }
    v1::RoundSpec message;
    contract::RoundSpecToProto(spec, message);
    Round round;
    round.round_id = spec.round_id;
    round.spec = message.SerializeAsString();
    round.spec_hash = hash;
    round.definitions = definitions.SerializeAsString();
    if (spec.late_for_days > 0) round.late_until_unix_s = contract::LateUntil(spec);
    const absl::Status added = store_.AddRound(round);
    if (added.ok()) {
      Log(LogLevel::kInfo, "round opened",
          {{"round", spec.round_id}, {"items", absl::StrCat(spec.items.size())}});
      return hash;
    }
    if (!absl::IsAlreadyExists(added)) return added;
    ASSIGN_OR_RETURN(known, store_.FindRound(spec.round_id));  // another call was quicker
  }
  if (known && known->spec_hash == hash) return hash;
  return absl::AlreadyExistsError(absl::StrCat("another round is called ", spec.round_id,
                                               "; a round is never changed: choose another id"));
}

absl::StatusOr<std::map<std::string, v1::Absence>> Rounds::DeclinesOf(const Round& round) {
  ASSIGN_OR_RETURN(const std::vector<StoredDecline> stored, store_.Declines(round.round_id));
  std::map<std::string, v1::Absence> declines;
  for (const StoredDecline& one : stored) {
    v1::DeclineRequest message;
    if (!message.ParseFromString(one.bytes)) {
      return absl::DataLossError(
          absl::StrCat("what ", one.council, " said of round ", round.round_id, " is damaged"));
    }
    declines[one.council] = message.absence();
  }
  return AddNotConnected(round, declines);
}

absl::StatusOr<std::vector<v1::RoundStatus>> Rounds::List() {
  ASSIGN_OR_RETURN(const std::vector<Round> rounds, store_.Rounds(std::nullopt));
  std::vector<v1::RoundStatus> statuses;
  for (const Round& round : rounds) {
    ASSIGN_OR_RETURN(v1::RoundStatus status, StatusOf(round));
    statuses.push_back(std::move(status));
  }
  return statuses;
}

absl::StatusOr<Round> Rounds::Find(absl::string_view round_id) {
  ASSIGN_OR_RETURN(std::optional<Round> round, store_.FindRound(round_id));
  if (round && round->revises.empty()) return *std::move(round);
  ASSIGN_OR_RETURN(const std::vector<Round> known, store_.Rounds(std::nullopt));
  return NoSuchRound(round_id, known);
}

absl::StatusOr<v1::RoundStatus> Rounds::Close(absl::string_view round_id) {
  ASSIGN_OR_RETURN(Round round, Find(round_id));
  if (round.state == RoundState::kOpen) {
    RETURN_IF_ERROR(PublishOnce(round).status());
    ASSIGN_OR_RETURN(round, Find(round_id));
  }
  return StatusOf(round);
}

absl::StatusOr<v1::RoundStatus> Rounds::Withdraw(absl::string_view round_id, absl::string_view reason) {
  RETURN_IF_ERROR(Find(round_id).status());
  v1::Withdrawal withdrawal;
  withdrawal.set_round_id(std::string(round_id));
  withdrawal.set_withdrawn_unix_s(absl::ToUnixSeconds(clock_.Now()));
  withdrawal.set_reason(std::string(reason));
  RETURN_IF_ERROR(contract::CheckWithdrawal(withdrawal));
  ASSIGN_OR_RETURN(const bool is_new,
                   store_.Withdraw({.round_id = withdrawal.round_id(),
                                    .bytes = withdrawal.SerializeAsString(),
                                    .hash = crypto::Sha256(contract::CanonicalBytes(withdrawal))}));
  if (is_new) Log(LogLevel::kInfo, "round withdrawn", {{"round", withdrawal.round_id()}});
  ASSIGN_OR_RETURN(const Round round, Find(round_id));
  return StatusOf(round);
}

absl::StatusOr<int> Rounds::CloseDue() {
  ASSIGN_OR_RETURN(const std::vector<Round> open, store_.Rounds(RoundState::kOpen));
  int published = 0;
  for (const Round& round : open) {
    absl::StatusOr<bool> done = IsDue(round);
    if (done.ok() && *done) done = PublishOnce(round);
    if (!done.ok()) {
      Log(LogLevel::kError, "closing a round failed",
          {{"round", round.round_id}, {"error", std::string(done.status().message())}});
    } else if (*done) {
      ++published;
    }
  }
  return published;
}

absl::StatusOr<bool> Rounds::IsDue(const Round& round) {
  ASSIGN_OR_RETURN(const contract::RoundSpec spec, SpecOf(round));
  const std::int64_t now_unix_s = absl::ToUnixSeconds(clock_.Now());
  if (now_unix_s >= spec.deadline_unix_s) return true;
  if (now_unix_s < spec.opens_unix_s) return false;
  if (contract::IsSecure(spec)) return AllPartsAreSummed(spec, store_);
  ASSIGN_OR_RETURN(const std::vector<Member> members, store_.Members());
  ASSIGN_OR_RETURN(const std::vector<std::string> answered, store_.Answered(round.round_id));
  const std::vector<std::string> asked = AskedOf(spec, members, library_);
  if (spec.close_at_answers != 0 && answered.size() >= spec.close_at_answers) return true;
  return !asked.empty() && std::includes(answered.begin(), answered.end(), asked.begin(), asked.end());
}

absl::StatusOr<std::vector<SummedPart>> Rounds::SumsOf(const Round& round) {
  ASSIGN_OR_RETURN(const contract::RoundSpec spec, SpecOf(round));
  if (!contract::IsSecure(spec)) return std::vector<SummedPart>();
  ASSIGN_OR_RETURN(const SecureRound secure, SecureRoundOf(round));
  return SummedPartsOf(secure, store_);
}

absl::StatusOr<bool> Rounds::PublishOnce(const Round& round) {
  absl::MutexLock lock(&publishing_);  // two at once would mix their figures
  ASSIGN_OR_RETURN(const std::optional<Round> now, store_.FindRound(round.round_id));
  if (now && now->state != RoundState::kOpen) return false;
  ASSIGN_OR_RETURN(const contract::RoundSpec spec, SpecOf(round));
  for (int attempt = 0; attempt < kPublishAttempts; ++attempt) {
    ASSIGN_OR_RETURN(const std::vector<std::string> answered, store_.Answered(round.round_id));
    ASSIGN_OR_RETURN(const std::vector<Member> members, store_.Members());
    std::set<std::string> councils(answered.begin(), answered.end());
    for (std::string& council : AskedOf(spec, members, library_)) councils.insert(std::move(council));
    ASSIGN_OR_RETURN(const std::vector<SummedPart> sums, SumsOf(round));
    ASSIGN_OR_RETURN(const auto declines, DeclinesOf(round));
    const auto releases = ReleasesWith(round.round_id, answered, {});
    ASSIGN_OR_RETURN(const Publication publication,
                     MakePublication(round, library_, {councils.begin(), councils.end()},
                                     {.releases = releases, .sums = sums, .declines = declines},
                                     absl::ToUnixSeconds(clock_.Now()), store_));
    absl::StatusOr<bool> published = store_.Publish(publication);
    if (absl::IsAborted(published.status())) continue;
    if (published.ok() && *published) {
      Log(LogLevel::kInfo, "round published",
          {{"round", round.round_id},
           {"releases", absl::StrCat(answered.size())},
           {"members", absl::StrCat(councils.size())}});
    }
    return published;
  }
  return absl::UnavailableError(
      absl::StrCat("releases for round ", round.round_id, " keep arriving; try again"));
}

absl::StatusOr<v1::RoundStatus> Rounds::StatusOf(const Round& round) {
  v1::RoundStatus status;
  if (!status.mutable_spec()->ParseFromString(round.spec)) {
    return absl::DataLossError(absl::StrCat("round ", round.round_id, ": the stored spec is damaged"));
  }
  const bool published = round.published_unix_s != 0;
  status.set_state(published ? v1::ROUND_STATE_PUBLISHED : v1::ROUND_STATE_OPEN);
  if (round.state == RoundState::kWithdrawn) {
    v1::Withdrawal withdrawal;
    if (!withdrawal.ParseFromString(round.withdrawal)) {
      return absl::DataLossError(absl::StrCat("round ", round.round_id, ": its withdrawal is damaged"));
    }
    status.set_state(v1::ROUND_STATE_WITHDRAWN);
    status.set_withdrawn_unix_s(withdrawal.withdrawn_unix_s());
    status.set_reason(withdrawal.reason());
  }
  std::map<std::string, v1::RoundStatus::Council> councils;
  if (!published) {
    ASSIGN_OR_RETURN(const std::vector<Member> members, store_.Members());
    ASSIGN_OR_RETURN(const contract::RoundSpec spec, SpecOf(round));
    for (const std::string& council : AskedOf(spec, members, library_)) {
      councils[council].set_absence(v1::ABSENCE_NO_RESPONSE);
    }
    ASSIGN_OR_RETURN(const auto declines, DeclinesOf(round));
    for (const auto& [council, absence] : declines) {
      if (const auto asked = councils.find(council); asked != councils.end())
        asked->second.set_absence(absence);
    }
  }
  ASSIGN_OR_RETURN(const std::vector<StoredEdition> editions, store_.Editions(round.round_id));
  const std::string& newest = editions.empty() ? round.round_id : editions.back().round_id;
  ASSIGN_OR_RETURN(const std::vector<StoredAbsence> absences, store_.Absences(newest));
  for (const StoredAbsence& row : absences) {
    v1::RoundStatus::Council& council = councils[row.council];
    if (row.item == kWholeRelease) {
      council.set_absence(static_cast<v1::Absence>(row.absence));
    } else {
      v1::AbsentItem* item = council.add_absent();
      item->set_item(static_cast<std::uint32_t>(row.item));
      item->set_absence(static_cast<v1::Absence>(row.absence));
    }
  }
  ASSIGN_OR_RETURN(std::vector<std::string> answered, store_.Answered(round.round_id));
  ASSIGN_OR_RETURN(const std::vector<SummedPart> sums, SumsOf(round));
  for (const SummedPart& sum : sums) {
    answered.insert(answered.end(), sum.contributors.begin(), sum.contributors.end());
  }
  for (const std::string& code : answered) {
    v1::RoundStatus::Council& council = councils[code];
    council.set_answered(true);
    council.set_absence(v1::ABSENCE_UNSPECIFIED);
  }
  RETURN_IF_ERROR(AddRevisions(round, editions, status, councils));
  for (auto& [code, council] : councils) {
    council.set_code(code);
    *status.add_councils() = std::move(council);
  }
  return status;
}

}  // namespace waymark::coordinator

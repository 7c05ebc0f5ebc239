// What councils hand in: releases, and why they give none; and what they are told of it.
#include <google/protobuf/arena.h>

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/canonical.h"
#include "base/log.h"
#include "base/status.h"
#include "coordinator/benchmark/stored.h"
#include "coordinator/benchmark/stored_tables.h"
#include "coordinator/rounds/asked.h"
#include "coordinator/rounds/release_check.h"
#include "coordinator/rounds/rounds.h"
#include "crypto/hash.h"
#include "proto/contract/names.h"
#include "proto/contract/revision.h"

namespace waymark::coordinator {
namespace {

absl::Status CheckTime(const Round& round, const contract::RoundSpec& spec, std::int64_t now_unix_s) {
  if (now_unix_s < spec.opens_unix_s) {
    return absl::FailedPreconditionError(absl::StrCat("round ", spec.round_id, " is not open yet"));
  }
  if (round.state == RoundState::kWithdrawn) {
    return absl::FailedPreconditionError(absl::StrCat("round ", spec.round_id, " was withdrawn"));
  }
  if (round.state != RoundState::kOpen || now_unix_s >= spec.deadline_unix_s) {
    return absl::FailedPreconditionError(
        absl::StrCat("round ", spec.round_id, " is closed; its deadline has passed or it is published"));
  }
  return absl::OkStatus();
}

}  // namespace

std::string BytesOf(const contract::Release& release) {
  google::protobuf::Arena arena;
  auto* const message = google::protobuf::Arena::CreateMessage<v1::Release>(&arena);
  contract::ReleaseToProto(release, *message);
  return message->SerializeAsString();
}

std::string ReceiptBytes(absl::string_view council, std::uint64_t ledger_sequence,
                         absl::string_view release_hash, std::int64_t received_unix_s) {
  CanonicalWriter out("waymark/v1/receipt");
  out.Text(council).Unsigned(ledger_sequence).Text(release_hash).Signed(received_unix_s);
  return std::move(out).bytes();
}

absl::StatusOr<Receipt> Rounds::Submit(absl::string_view council, const contract::Release& release) {
  if (release.council != council) {
    return absl::PermissionDeniedError(
        absl::StrCat("the release names council ", release.council, ", but the caller is ", council));
  }
  ASSIGN_OR_RETURN(const std::optional<Member> member, store_.FindMember(council));
  if (!member) return absl::PermissionDeniedError(absl::StrCat(council, " is no member; enrol first"));
  std::string hash;
  {
    const std::string canonical = contract::CanonicalBytes(release);
    RETURN_IF_ERROR(crypto::VerifySignature(member->signing_key, canonical, release.signature));
    hash = crypto::Sha256(canonical);
  }
  const std::string round_id = contract::RoundOf(release.round_id);
  ASSIGN_OR_RETURN(const std::optional<Round> round, store_.FindRound(round_id));
  if (!round) return absl::NotFoundError(absl::StrCat("no round is called \"", round_id, "\""));

  ASSIGN_OR_RETURN(std::optional<StoredRelease> stored, store_.FindRelease(release.round_id, council));
  if (!stored) {
    StoredRelease taken{.round_id = release.round_id,
                        .council = release.council,
                        .bytes = "",
                        .hash = hash,
                        .received_unix_s = absl::ToUnixSeconds(clock_.Now())};
    const absl::Status added = Take(*round, release, taken);
    if (!added.ok() && !absl::IsAlreadyExists(added)) return added;
    if (added.ok()) {
      stored = std::move(taken);
    } else {
      ASSIGN_OR_RETURN(stored, store_.FindRelease(release.round_id, council));
      if (!stored) return absl::InternalError("a stored release is gone");
    }
    Log(LogLevel::kInfo, "release received", {{"round", release.round_id}, {"council", release.council}});
  }
  if (stored->hash != hash) {
    return absl::AlreadyExistsError(absl::StrCat(council, " has answered round ", release.round_id,
                                                 " with another release; send the stored one again"));
  }
  return MakeReceipt(*stored, release.ledger_sequence);
}

absl::Status Rounds::Take(const Round& round, const contract::Release& release, StoredRelease& taken) {
  ASSIGN_OR_RETURN(const contract::RoundSpec spec, SpecOf(round));
  if (contract::IsSecure(spec)) {
    return absl::FailedPreconditionError(absl::StrCat(
        "round ", spec.round_id,
        " is summed securely; it takes no releases, and what was summed is never corrected nor added to"));
  }
  if (!IsAsked(spec, release.council, library_)) {
    return absl::FailedPreconditionError(absl::StrCat("round ", spec.round_id, " asks the councils of ",
                                                      absl::StrJoin(spec.geographies, ", "), " alone; ",
                                                      release.council, " is in none of them"));
  }
  const bool is_over = round.state == RoundState::kPublished || taken.received_unix_s >= spec.deadline_unix_s;
  if (release.round_id != round.round_id || (is_over && spec.late_for_days > 0)) {
    return TakeRevision(round, spec, release, taken);
  }
  RETURN_IF_ERROR(CheckTime(round, spec, taken.received_unix_s));
  ASSIGN_OR_RETURN(const v1::Catalogue definitions, DefinitionsOf(round));
  RETURN_IF_ERROR(CheckRelease(release, spec, round.spec_hash, definitions));
  taken.bytes = BytesOf(release);
  return store_.AddRelease(taken);
}

absl::Status Rounds::Decline(const contract::Decline& decline) {
  ASSIGN_OR_RETURN(const std::optional<Member> member, store_.FindMember(decline.council));
  if (!member)
    return absl::PermissionDeniedError(absl::StrCat(decline.council, " is no member; enrol first"));
  RETURN_IF_ERROR(
      crypto::VerifySignature(member->signing_key, contract::CanonicalBytes(decline), decline.signature));
  ASSIGN_OR_RETURN(const std::optional<Round> round, store_.FindRound(decline.round_id));
  if (!round) return absl::NotFoundError(absl::StrCat("no round is called \"", decline.round_id, "\""));
  if (round->spec_hash != decline.spec_hash) {
    return absl::FailedPreconditionError(
        absl::StrCat("round ", decline.round_id, ": another spec was declined than it has"));
  }
  ASSIGN_OR_RETURN(const contract::RoundSpec spec, SpecOf(*round));
  RETURN_IF_ERROR(CheckTime(*round, spec, absl::ToUnixSeconds(clock_.Now())));
  ASSIGN_OR_RETURN(const auto answered, store_.FindRelease(decline.round_id, decline.council));
  if (answered) return absl::OkStatus();
  v1::DeclineRequest message;
  contract::DeclineToProto(decline, message);
  RETURN_IF_ERROR(store_.PutDecline({.round_id = decline.round_id,
                                     .council = decline.council,
                                     .declined_unix_s = decline.declined_unix_s,
                                     .bytes = message.SerializeAsString()}));
  Log(LogLevel::kInfo, "round declined",
      {{"round", decline.round_id},
       {"council", decline.council},
       {"reason", std::string(contract::NameOf(decline.absence))}});
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Countersigned>> Rounds::LastOf(absl::string_view council) {
  LastSeen seen;
  {
    absl::MutexLock lock(&mutex_);
    // Asked each time: another coordinator may have taken some.
    ASSIGN_OR_RETURN(const std::vector<std::string> answered, store_.AnsweredBy(council));
    LastSeen& known = last_seen_[std::string(council)];
    for (const std::string& round_id : answered) {
      if (known.rounds.contains(round_id)) continue;
      ASSIGN_OR_RETURN(std::optional<StoredRelease> stored, store_.FindRelease(round_id, council));
      if (!stored) return absl::InternalError("a stored release is gone");
      Seen one{.stored = *std::move(stored)};
      ASSIGN_OR_RETURN(const StoredTables tables, StoredTables::Scan(one.stored));
      ASSIGN_OR_RETURN(const contract::Release head, tables.With({}));
      one.ledger_sequence = head.ledger_sequence;
      one.stored.bytes.clear();
      known.Add(std::move(one));
    }
    seen = known;
  }
  std::vector<Countersigned> last;
  for (const std::optional<Seen>& one : {seen.furthest, seen.latest}) {
    if (!one || (!last.empty() && last[0].round_id == one->stored.round_id)) continue;
    ASSIGN_OR_RETURN(Receipt receipt, MakeReceipt(one->stored, one->ledger_sequence));
    last.push_back({.round_id = one->stored.round_id,
                    .ledger_sequence = one->ledger_sequence,
                    .receipt = std::move(receipt)});
  }
  return last;
}

absl::StatusOr<std::string> Rounds::LedgerHeadOf(absl::string_view council) {
  ASSIGN_OR_RETURN(const std::optional<Member> member, store_.FindMember(council));
  if (!member) return "";
  return store_.LedgerHead(council, member->signing_key);
}

void Rounds::LastSeen::Add(Seen seen) {
  rounds.insert(seen.stored.round_id);
  if (!furthest || seen.ledger_sequence >= furthest->ledger_sequence) furthest = seen;
  if (!latest || seen.stored.received_unix_s >= latest->stored.received_unix_s) latest = std::move(seen);
}

absl::StatusOr<Receipt> Rounds::MakeReceipt(const StoredRelease& stored, std::uint64_t ledger_sequence) {
  Receipt receipt{.received_unix_s = stored.received_unix_s, .release_hash = stored.hash, .signature = ""};
  ASSIGN_OR_RETURN(receipt.signature, key_.Sign(ReceiptBytes(stored.council, ledger_sequence, stored.hash,
                                                             stored.received_unix_s)));
  return receipt;
}

}  // namespace waymark::coordinator

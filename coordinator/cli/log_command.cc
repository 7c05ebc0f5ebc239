#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/file.h"
#include "base/status.h"
#include "coordinator/cli/commands.h"
#include "coordinator/cli/output.h"
#include "coordinator/federation/roster_file.h"
#include "crypto/random.h"
#include "crypto/secure_sum/masks.h"
#include "crypto/secure_sum/transcript.h"
#include "proto/contract/secure_session.h"

namespace waymark::coordinator {
namespace {

// The session as the roster has it, whatever the coordinator says of its members.
absl::StatusOr<crypto::Session> SessionOf(const contract::RosterEpoch& roster, const std::string& code,
                                          const v1::TranscriptResponse& transcript) {
  const auto part = std::find_if(roster.parts.begin(), roster.parts.end(),
                                 [&](const contract::RosterPart& one) { return one.code == code; });
  if (part == roster.parts.end() || roster.epoch != transcript.roster_epoch()) {
    return absl::FailedPreconditionError(absl::StrCat(
        "the sum is of part ", code, " of roster epoch ", transcript.roster_epoch(),
        ", and the file has epoch ", roster.epoch, part == roster.parts.end() ? " without it" : ""));
  }
  crypto::SessionParameters parameters;
  parameters.members = contract::SessionMembersOf(*part);
  parameters.roster_hash = contract::RosterHash(roster);
  parameters.spec_hash = transcript.spec_hash();
  parameters.nonce = transcript.nonce();
  parameters.threshold = crypto::LeastThreshold(part->members.size());
  parameters.least_contributors = transcript.least_contributors();
  parameters.word_bits = transcript.word_bits();
  parameters.cells = transcript.cells();
  return crypto::Session::Create(std::move(parameters));
}

crypto::Transcript FromProto(const v1::TranscriptResponse& message) {
  crypto::Transcript transcript;
  for (const v1::SignedBytes& one : message.keys()) {
    transcript.keys.push_back({.body = one.body(), .signature = one.signature()});
  }
  for (const v1::SignedBytes& one : message.inputs()) {
    transcript.inputs.push_back({.body = one.body(), .signature = one.signature()});
  }
  for (const v1::OpenedSecret& one : message.seeds()) {
    transcript.seeds.push_back({.member = one.member(), .secret = one.secret()});
  }
  for (const v1::OpenedSecret& one : message.mask_keys()) {
    transcript.mask_keys.push_back({.member = one.member(), .secret = one.secret()});
  }
  return transcript;
}

// All of them where there are no more than asked for.
absl::StatusOr<std::set<std::size_t>> PickBlocks(std::size_t all, std::size_t wanted) {
  std::set<std::size_t> picked;
  if (all <= wanted) {
    for (std::size_t i = 0; i < all; ++i) picked.insert(i);
    return picked;
  }
  crypto::SystemRandom random;
  while (picked.size() < wanted) {
    std::uint64_t number = 0;
    RETURN_IF_ERROR(random.Fill({reinterpret_cast<std::uint8_t*>(&number), sizeof number}));
    picked.insert(number % all);  // a bias of one in 2^40 at the most picks no block out
  }
  return picked;
}

absl::Status CheckBlock(Connection& connection, const LogOptions& log, const crypto::Session& session,
                        const crypto::CheckedTranscript& transcript, std::size_t index) {
  v1::BlockRequest request;
  request.set_round_id(log.round_id);
  request.set_part(log.part);
  request.set_block(static_cast<std::uint32_t>(index));
  ASSIGN_OR_RETURN(const v1::BlockResponse response, connection.Block(request));
  std::vector<crypto::ProvenBlock> blocks;
  for (const v1::BlockResponse::Input& input : response.inputs()) {
    blocks.push_back({.bytes = input.bytes(), .proof = {input.proof().begin(), input.proof().end()}});
  }
  return crypto::CheckSumBlock(session, transcript, index, blocks, response.sum());
}

}  // namespace

absl::Status LogVerifyCommand(const QueryOptions& options, const LogOptions& log) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(log.roster, kMaxRosterFileBytes));
  ASSIGN_OR_RETURN(const contract::SignedRoster roster, ParseRosterFile(text, log.roster));
  LogOptions asked = log;
  if (asked.part.empty()) asked.part = std::string(contract::kWholeCountry);
  ASSIGN_OR_RETURN(const auto connection, Connection::Open(options.client));
  v1::TranscriptRequest request;
  request.set_round_id(asked.round_id);
  request.set_part(asked.part);
  ASSIGN_OR_RETURN(const v1::TranscriptResponse message, connection->Transcript(request));
  ASSIGN_OR_RETURN(const crypto::Session session, SessionOf(roster.roster, asked.part, message));
  ASSIGN_OR_RETURN(const crypto::CheckedTranscript transcript,
                   crypto::CheckedTranscript::Check(session, FromProto(message)));
  ASSIGN_OR_RETURN(const std::set<std::size_t> blocks,
                   PickBlocks(crypto::InputBlocks(session), static_cast<std::size_t>(asked.blocks)));
  for (const std::size_t index : blocks)
    RETURN_IF_ERROR(CheckBlock(*connection, asked, session, transcript, index));
  std::vector<std::string> councils;
  for (const std::uint32_t member : transcript.contributors()) {
    councils.push_back(session.parameters().members[member].id);
  }
  if (options.json) {
    const nlohmann::ordered_json json = {{"round", asked.round_id},
                                         {"part", asked.part},
                                         {"contributors", councils},
                                         {"blocks", crypto::InputBlocks(session)},
                                         {"blocks_checked", blocks.size()}};
    Print(absl::StrCat(json.dump(1), "\n"));
    return absl::OkStatus();
  }
  Print(absl::StrCat("Round ", asked.round_id, ", part ", asked.part, ": ", councils.size(), " of ",
                     session.size(), " councils signed what was summed, and ", blocks.size(), " of ",
                     crypto::InputBlocks(session),
                     " blocks of the sum are right.\nContributors: ", absl::StrJoin(councils, ", "), "\n"));
  return absl::OkStatus();
}

}  // namespace waymark::coordinator

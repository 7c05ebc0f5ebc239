#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/file.h"
#include "base/status.h"
#include "catalogue/library.h"
#include "coordinator/benchmark/combine.h"
#include "coordinator/cli/commands.h"
#include "coordinator/cli/connection.h"
#include "coordinator/cli/installed_catalogue.h"
#include "coordinator/cli/output.h"
#include "coordinator/federation/roster_file.h"
#include "coordinator/rounds/secure_rounds.h"
#include "crypto/hash.h"
#include "crypto/random.h"
#include "crypto/secure_sum/masks.h"
#include "crypto/secure_sum/transcript.h"
#include "proto/contract/secure_session.h"

namespace waymark::coordinator {
namespace {

const contract::RosterPart* FindPart(const contract::RosterEpoch& roster, const std::string& code) {
  const auto part = std::find_if(roster.parts.begin(), roster.parts.end(),
                                 [&](const contract::RosterPart& one) { return one.code == code; });
  return part == roster.parts.end() ? nullptr : &*part;
}

// What the round asked, by this catalogue. Members signed its hash, so a coordinator that tells another spec
// than it told them is found out by their signatures.
absl::StatusOr<SecureRound> RoundOf(const v1::TranscriptResponse& transcript,
                                    const catalogue::Library& library) {
  ASSIGN_OR_RETURN(contract::RoundSpec spec, contract::RoundSpecFromProto(transcript.spec()));
  std::vector<v1::Metric> definitions;
  for (const contract::RoundItem& item : spec.items) {
    const v1::Metric* const metric = library.Find(item.metric);
    if (metric == nullptr ||
        crypto::Sha256(catalogue::CanonicalDefinition(*metric)) != item.definition_hash) {
      return absl::FailedPreconditionError(
          absl::StrCat("the round's definition of metric ", item.metric,
                       " is not this catalogue's; give the round's own by --catalogue"));
    }
    definitions.push_back(*metric);
  }
  return MakeSecureRound(std::move(spec), std::move(definitions));
}

// The session as roster and round make it, whatever the coordinator says of its members and bounds.
absl::StatusOr<crypto::Session> SessionOf(const contract::RosterEpoch& roster, const std::string& code,
                                          const SecureRound& round,
                                          const v1::TranscriptResponse& transcript) {
  const contract::RosterPart* const part = FindPart(roster, code);
  if (part == nullptr || roster.epoch != transcript.roster_epoch()) {
    return absl::FailedPreconditionError(absl::StrCat("the sum is of part ", code, " of roster epoch ",
                                                      transcript.roster_epoch(), ", and the file has epoch ",
                                                      roster.epoch, part == nullptr ? " without it" : ""));
  }
  return contract::SecureSessionOf(roster, *part, round.spec.least_contributors,
                                   catalogue::VectorOf(round.spec_hash, code, round.layout),
                                   transcript.nonce());
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

// The block of the sum, once it is found right.
absl::StatusOr<std::string> CheckBlock(Connection& connection, const LogOptions& log,
                                       const crypto::Session& session,
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
  RETURN_IF_ERROR(crypto::CheckSumBlock(session, transcript, index, blocks, response.sum()));
  return response.sum();
}

// What is published for a part, and what follows from its checked sum.
struct Checked {
  const SecureRound& round;
  const catalogue::Library& library;
  const contract::RosterEpoch& roster;
  SummedPart part;
};

// Every published figure of the part against the one that its sum gives: how many there are. DATA_LOSS where
// one is another.
absl::StatusOr<int> CompareFigures(Connection& connection, const Checked& checked) {
  v1::Catalogue definitions;
  for (const v1::Metric& metric : checked.round.definitions) *definitions.add_metrics() = metric;
  std::vector<std::string> members;
  for (const contract::RosterPart& part : checked.roster.parts) {
    for (const contract::RosterMember& member : part.members) members.push_back(member.council);
  }
  std::sort(members.begin(), members.end());
  const std::vector<SummedPart> sums = {checked.part};
  std::vector<std::vector<v1::Figure>> combined(checked.round.spec.items.size());
  const FigureSink sink = [&](std::size_t item, Figures& figures) {
    combined[item].insert(combined[item].end(), figures.begin(), figures.end());
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(Combine({.spec = checked.round.spec,
                           .definitions = definitions,
                           .library = checked.library,
                           .members = members,
                           .heads = {},
                           .answers = {},
                           .sums = sums},
                          sink)
                      .status());
  // The sum of all participants is this part's where there is no other.
  std::set<std::string> places = {checked.part.code};
  if (checked.roster.parts.size() == 1) places.insert(std::string(kParticipantsCode));
  int compared = 0;
  for (std::size_t i = 0; i < combined.size(); ++i) {
    const contract::RoundItem& item = checked.round.spec.items[i];
    std::set<std::string> expected;
    for (const v1::Figure& figure : combined[i]) {
      if (places.contains(figure.geography_code())) expected.insert(figure.SerializeAsString());
    }
    std::vector<std::string> breakdowns = {""};
    breakdowns.insert(breakdowns.end(), item.breakdowns.begin(), item.breakdowns.end());
    for (const std::string& breakdown : breakdowns) {
      v1::QueryRequest request;
      request.set_metric(item.metric);
      request.set_version(item.version);
      request.set_period(item.period);
      request.set_breakdown(breakdown);
      ASSIGN_OR_RETURN(const v1::QueryResponse published, connection.Query(request));
      if (published.round_id() != checked.round.spec.round_id) continue;  // a later round's by now
      for (const v1::Figure& figure : published.figures()) {
        if (!places.contains(figure.geography_code())) continue;
        ++compared;
        if (expected.contains(figure.SerializeAsString())) continue;
        return absl::DataLossError(absl::StrCat("the published benchmark is not to be believed: metric ",
                                                item.metric, ", ", figure.quantity(), " of ",
                                                figure.geography_name(), " does not follow from the sum"));
      }
    }
  }
  return compared;
}

}  // namespace

absl::Status SumVerifyCommand(const QueryOptions& options, const LogOptions& log) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(log.roster, kMaxRosterFileBytes));
  ASSIGN_OR_RETURN(const contract::SignedRoster roster, ParseRosterFile(text, log.roster));
  LogOptions asked = log;
  if (asked.part.empty()) asked.part = std::string(contract::kWholeCountry);
  ASSIGN_OR_RETURN(const auto connection, Connection::Open(options.client));
  v1::TranscriptRequest request;
  request.set_round_id(asked.round_id);
  request.set_part(asked.part);
  ASSIGN_OR_RETURN(const v1::TranscriptResponse message, connection->Transcript(request));
  ASSIGN_OR_RETURN(const catalogue::Library library, LoadLibrary(options.catalogue));
  ASSIGN_OR_RETURN(const SecureRound round, RoundOf(message, library));
  ASSIGN_OR_RETURN(const crypto::Session session, SessionOf(roster.roster, asked.part, round, message));
  ASSIGN_OR_RETURN(const crypto::CheckedTranscript transcript,
                   crypto::CheckedTranscript::Check(session, FromProto(message)));
  ASSIGN_OR_RETURN(const std::set<std::size_t> blocks,
                   PickBlocks(crypto::InputBlocks(session), static_cast<std::size_t>(asked.blocks)));
  std::string sum;
  for (const std::size_t index : blocks) {
    ASSIGN_OR_RETURN(const std::string block, CheckBlock(*connection, asked, session, transcript, index));
    sum += block;
  }
  std::vector<std::string> councils;
  for (const std::uint32_t member : transcript.contributors()) {
    councils.push_back(session.parameters().members[member].id);
  }
  // Only the whole sum says what the benchmark must be.
  int figures = 0;
  if (blocks.size() == crypto::InputBlocks(session)) {
    crypto::RingVector whole(session.parameters().word_bits, session.parameters().cells);
    RETURN_IF_ERROR(whole.AddBytes(0, sum));
    ASSIGN_OR_RETURN(SummedPart part,
                     SummedPartOf(round, {.code = asked.part,
                                          .contributors = councils,
                                          .honest_shares = crypto::HonestShares(session.parameters()),
                                          .cells = whole.ToValues()}));
    ASSIGN_OR_RETURN(
        figures, CompareFigures(
                     *connection,
                     {.round = round, .library = library, .roster = roster.roster, .part = std::move(part)}));
  }
  if (options.json) {
    const nlohmann::ordered_json json = {
        {"round", asked.round_id},         {"part", asked.part},
        {"contributors", councils},        {"blocks", crypto::InputBlocks(session)},
        {"blocks_checked", blocks.size()}, {"figures_compared", figures}};
    Print(absl::StrCat(json.dump(1), "\n"));
    return absl::OkStatus();
  }
  Print(absl::StrCat("Round ", asked.round_id, ", part ", asked.part, ": ", councils.size(), " of ",
                     session.size(), " councils signed what was summed, and ", blocks.size(), " of ",
                     crypto::InputBlocks(session), " blocks of the sum are right; ",
                     figures == 0 ? std::string("no published figure was compared")
                                  : absl::StrCat(figures, " published figures follow from it"),
                     ".\nContributors: ", absl::StrJoin(councils, ", "), "\n"));
  return absl::OkStatus();
}

}  // namespace waymark::coordinator

#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "base/status.h"
#include "node/cli/commands.h"
#include "node/cli/log_reader.h"
#include "node/disclose/roster_book.h"
#include "node/link/log_head_file.h"
#include "proto/rpc/tls.h"

namespace waymark::node {
namespace {

// The head that `run` kept last.
absl::StatusOr<contract::WitnessedHead> Kept(const Configuration& configuration) {
  ASSIGN_OR_RETURN(const auto kept, KeptLogHead(configuration.state_directory));
  if (kept) return *kept;
  return absl::FailedPreconditionError(
      "this node has not been shown the coordinator's log yet; `waymark-node run` asks for it");
}

}  // namespace

LogReader LogReaderOf(const Site& site, Workplace& workplace, const CoordinatorLink& link) {
  return {.directory = site.configuration.state_directory,
          .coordinator_key = link.coordinator_key(),
          .council = site.configuration.council_code,
          .key = workplace.signing_key(),
          .key_of = [&workplace](const std::string& council) -> std::string {
            const auto roster = HeldRoster(workplace.ledger());
            if (!roster.ok() || !*roster) return "";
            const contract::RosterMember* const member = contract::FindMember(**roster, council);
            return member == nullptr ? "" : member->signing_key;
          }};
}

absl::Status LogShowCommand(const CommonOptions& common) {
  ASSIGN_OR_RETURN(const Configuration configuration, LoadConfiguration(common.config));
  ASSIGN_OR_RETURN(const contract::WitnessedHead kept, Kept(configuration));
  const std::string fork = LogForkPath(configuration.state_directory);
  if (common.json) {
    nlohmann::ordered_json object = nlohmann::ordered_json::parse(LogHeadText(kept));
    object["forked"] = FileExists(fork);
    std::printf("%s\n", object.dump(1).c_str());
    return absl::OkStatus();
  }
  std::printf("The coordinator's log, as it was last shown to %s: %s.\n", kept.council.c_str(),
              contract::Describe(kept.seen.head).c_str());
  if (FileExists(fork)) {
    std::printf("It is forked: two heads that do not go together stand in %s. Nothing is answered.\n",
                fork.c_str());
  }
  return absl::OkStatus();
}

absl::Status LogExportHeadCommand(const CommonOptions& common, const std::string& file) {
  ASSIGN_OR_RETURN(const Configuration configuration, LoadConfiguration(common.config));
  ASSIGN_OR_RETURN(const contract::WitnessedHead kept, Kept(configuration));
  RETURN_IF_ERROR(WriteFileAtomically(file, LogHeadText(kept), 0644));
  std::printf(
      "%s holds the head that %s was shown: %s. Send it to another council, by any way but the "
      "coordinator.\n",
      file.c_str(), kept.council.c_str(), contract::Describe(kept.seen.head).c_str());
  return absl::OkStatus();
}

absl::Status LogCompareCommand(const CommonOptions& common, const std::string& file, const Clock& clock) {
  RETURN_IF_ERROR(rpc::RequireTls13());
  ASSIGN_OR_RETURN(const Site site, LoadSite(common.config));
  ASSIGN_OR_RETURN(const std::string text, ReadFile(file, kMaxLogHeadFileBytes));
  ASSIGN_OR_RETURN(const contract::WitnessedHead other, ParseLogHead(text, file));
  ASSIGN_OR_RETURN(const auto workplace, Workplace::Open(site, clock));
  ASSIGN_OR_RETURN(const auto link, CoordinatorLink::Open(IdentityDirectory(site.configuration),
                                                          site.configuration.https_proxy, clock));
  const LogReader reader = LogReaderOf(site, *workplace, *link);
  LogWatch log(*link, reader);
  RETURN_IF_ERROR(log.Compare(other));
  ASSIGN_OR_RETURN(const contract::WitnessedHead kept, Kept(site.configuration));
  const bool known = !reader.key_of(other.council).empty();
  if (common.json) {
    const nlohmann::ordered_json object = {{"council", other.council},
                                           {"size", other.seen.head.size},
                                           {"own_size", kept.seen.head.size},
                                           {"signature_checked", known}};
    std::printf("%s\n", object.dump(1).c_str());
    return absl::OkStatus();
  }
  std::printf("One log: %s was shown %s, and this council %s; the one continues the other.%s\n",
              other.council.c_str(), contract::Describe(other.seen.head).c_str(),
              contract::Describe(kept.seen.head).c_str(),
              known ? "" : " That it is that council's word is not checked: it is in no roster held here.");
  return absl::OkStatus();
}

}  // namespace waymark::node

#include <cstdio>
#include <nlohmann/json.hpp>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "base/file.h"
#include "base/status.h"
#include "base/text_table.h"
#include "node/cli/commands.h"
#include "node/site/awaiting.h"
#include "node/site/signing.h"
#include "node/site/workplace.h"

namespace waymark::node {
namespace {

using Json = nlohmann::ordered_json;

absl::Status NewKey(const std::string& path) {
  if (FileExists(path)) {
    return absl::AlreadyExistsError(absl::StrCat(path, ": is there already; give another name"));
  }
  crypto::SystemRandom random;
  ASSIGN_OR_RETURN(const crypto::SigningKey key, crypto::SigningKey::LoadOrCreate(path, random));
  std::printf("public_key = \"%s\"\n", absl::BytesToHexString(key.public_key()).c_str());
  std::fprintf(
      stderr,
      "%s: the approver's key, mode 0600. The line above goes into an [[approver]] of the policy; the file "
      "stays with the approver.\n",
      path.c_str());
  return absl::OkStatus();
}

// The rounds that wait, with how many approvals each has.
absl::Status List(const Site& site, const CommonOptions& common, const Clock& clock) {
  ASSIGN_OR_RETURN(const std::vector<contract::RoundSpec> specs, ListAwaiting(site.configuration));
  ASSIGN_OR_RETURN(const auto workplace, Workplace::Open(site, clock));
  TextTable table({"round", "title", ">items", "deadline (UTC)", ">approvals", ">needed"});
  Json array = Json::array();
  for (const contract::RoundSpec& spec : specs) {
    ASSIGN_OR_RETURN(const std::size_t given, workplace->door().ApprovalsGiven(spec.round_id));
    const std::string deadline = absl::FormatTime(
        "%Y-%m-%dT%H:%M:%SZ", absl::FromUnixSeconds(spec.deadline_unix_s), absl::UTCTimeZone());
    const std::uint32_t needed = workplace->policy().approvals_needed();
    table.AddRow({spec.round_id, spec.title, std::to_string(spec.items.size()), deadline,
                  std::to_string(given), std::to_string(needed)});
    array.push_back({{"round", spec.round_id},
                     {"title", spec.title},
                     {"items", spec.items.size()},
                     {"deadline", deadline},
                     {"approvals", given},
                     {"needed", needed}});
  }
  if (common.json) {
    std::printf("%s\n", array.dump(1).c_str());
  } else {
    std::printf("%s", table.empty() ? "No round waits for approval.\n" : table.Render().c_str());
  }
  return absl::OkStatus();
}

absl::Status Sign(const Site& site, const CommonOptions& common, const ApproveOptions& options,
                  const Clock& clock) {
  if (options.key.empty() || options.proposal.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("--round needs --key, the approver's key file, and --proposal, the hash that "
                     "`waymark-node preview --round ",
                     options.round, "` prints"));
  }
  if (!FileExists(options.key)) return absl::NotFoundError(absl::StrCat(options.key, ": no such key file"));
  ASSIGN_OR_RETURN(const contract::RoundSpec spec, LoadAwaiting(site.configuration, options.round));
  ASSIGN_OR_RETURN(const auto workplace, Workplace::Open(site, clock));
  crypto::SystemRandom random;
  ASSIGN_OR_RETURN(const crypto::SigningKey key, crypto::SigningKey::LoadOrCreate(options.key, random));
  ASSIGN_OR_RETURN(JourneyTables tables, JourneyTables::Load(site, spec.items));
  ASSIGN_OR_RETURN(const Signed made,
                   SignProposal(site.configuration, *workplace, spec, tables, options.proposal, key));
  if (common.json) {
    std::printf("%s\n", Json({{"round", spec.round_id},
                              {"proposal", options.proposal},
                              {"approver", made.approver},
                              {"approvals", made.given},
                              {"needed", made.needed}})
                            .dump(1)
                            .c_str());
  } else {
    std::printf("Signed by %s: proposal %s of round %s (%zu of %u approvals). `waymark-node run` sends it.\n",
                made.approver.c_str(), options.proposal.c_str(), spec.round_id.c_str(), made.given,
                made.needed);
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status ApproveCommand(const CommonOptions& common, const ApproveOptions& options, const Clock& clock) {
  if (!options.new_key.empty()) return NewKey(options.new_key);
  ASSIGN_OR_RETURN(const Site site, LoadSite(common.config));
  return options.round.empty() ? List(site, common, clock) : Sign(site, common, options, clock);
}

}  // namespace waymark::node

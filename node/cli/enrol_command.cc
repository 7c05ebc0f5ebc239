#include <cstdio>
#include <nlohmann/json.hpp>

#include "absl/strings/escaping.h"
#include "base/file.h"
#include "base/status.h"
#include "node/cli/commands.h"
#include "node/link/enrolment.h"
#include "node/site/workplace.h"
#include "proto/rpc/tls.h"

namespace waymark::node {
namespace {

constexpr std::size_t kMaxJoinFileBytes = 64 << 10;

// Nothing but the join file says who the officers are, so a person should ask them.
void PrintGovernance(const contract::Governance& governance) {
  if (governance.officers.empty()) return;
  std::printf("%u of these officers say who is in. Ask them whether the keys are theirs:\n",
              governance.threshold);
  for (const std::string& officer : governance.officers) {
    std::printf("  %s\n", absl::BytesToHexString(officer).c_str());
  }
}

}  // namespace

absl::Status EnrolCommand(const CommonOptions& common, const std::string& join_file, const Clock& clock) {
  RETURN_IF_ERROR(rpc::RequireTls13());
  ASSIGN_OR_RETURN(const Configuration configuration, LoadConfiguration(common.config));
  ASSIGN_OR_RETURN(const std::string text, ReadFile(join_file, kMaxJoinFileBytes));
  ASSIGN_OR_RETURN(const JoinFile join, ParseJoinFile(text, join_file));
  RETURN_IF_ERROR(MakeDirectories(configuration.state_directory, 0700));
  crypto::SystemRandom random;
  ASSIGN_OR_RETURN(const crypto::SigningKey signing_key,
                   crypto::SigningKey::LoadOrCreate(SigningKeyPath(configuration), random));
  RETURN_IF_ERROR(Enrol(join,
                        {.council = configuration.council_code,
                         .signing_public_key = signing_key.public_key(),
                         .identity_directory = IdentityDirectory(configuration),
                         .https_proxy = configuration.https_proxy},
                        clock));
  // From here on there is a ledger, and `run` will not start without it.
  RETURN_IF_ERROR(Ledger::Open(LedgerPath(configuration), clock).status());
  if (common.json) {
    nlohmann::ordered_json object = {{"council", configuration.council_code},
                                     {"coordinator", join.address},
                                     {"identity", IdentityDirectory(configuration)},
                                     {"signing_key", absl::BytesToHexString(signing_key.public_key())}};
    for (const std::string& officer : join.governance.officers) {
      object["officers"].push_back(absl::BytesToHexString(officer));
    }
    std::printf("%s\n", object.dump(1).c_str());
  } else {
    std::printf("%s has joined: certificate and keys stand in %s. Next: waymark-node run --config %s\n",
                configuration.council_name.c_str(), IdentityDirectory(configuration).c_str(),
                common.config.c_str());
    std::printf("Its signing key, for the officers to compare: %s\n",
                absl::BytesToHexString(signing_key.public_key()).c_str());
    PrintGovernance(join.governance);
  }
  return absl::OkStatus();
}

}  // namespace waymark::node

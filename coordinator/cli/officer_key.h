// Signing as an officer. For the .cc files of this folder only.
#ifndef WAYMARK_COORDINATOR_CLI_OFFICER_KEY_H_
#define WAYMARK_COORDINATOR_CLI_OFFICER_KEY_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "coordinator/cli/commands.h"
#include "proto/contract/governance.h"

namespace waymark::coordinator {

// Makes the key that is named, and gives its public half. INVALID_ARGUMENT where none or two are named;
// ALREADY_EXISTS where it is there; otherwise the errors of pkcs11_key.h.
absl::StatusOr<std::string> MakeOfficerKey(const OfficerKey& key);

// Adds the signature of these bytes by that key, in place of an earlier one of the same officer. NOT_FOUND
// where there is no such key; otherwise as above.
absl::Status AddOfficerSignature(absl::string_view bytes, const OfficerKey& key,
                                 std::vector<contract::OfficerSignature>& signatures);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_CLI_OFFICER_KEY_H_

// Signing as an officer. For the .cc files of this folder only.
#ifndef WAYMARK_COORDINATOR_CLI_OFFICER_KEY_H_
#define WAYMARK_COORDINATOR_CLI_OFFICER_KEY_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "proto/contract/governance.h"

namespace waymark::coordinator {

// Adds the signature of these bytes by the key in a file, in place of an earlier one of the same officer.
// NOT_FOUND where there is no such file.
absl::Status AddOfficerSignature(absl::string_view bytes, const std::string& key_path,
                                 std::vector<contract::OfficerSignature>& signatures);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_CLI_OFFICER_KEY_H_

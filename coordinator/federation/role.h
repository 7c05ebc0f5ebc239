// The roles of those who call a coordinator.
#ifndef WAYMARK_COORDINATOR_FEDERATION_ROLE_H_
#define WAYMARK_COORDINATOR_FEDERATION_ROLE_H_

#include <array>
#include <cstddef>
#include <optional>

#include "absl/strings/string_view.h"

namespace waymark::coordinator {

enum class Role { kCouncil, kOperator, kRegionalLead, kNationalAnalyst, kAuditor };

// By their numbers.
struct RoleFacts {
  absl::string_view word;   // in certificates' URIs and in commands
  absl::string_view title;  // in messages
  bool granted;             // by `waymark-coordinator access add`; a council's comes with its enrolment
  bool by_token;            // may come with a bearer token instead of a certificate
  bool of_regions;          // sees those regions that it was granted for, and no other
  bool of_metrics;          // may be granted for some metrics alone
};
inline constexpr std::size_t kRoleCount = 5;
inline constexpr std::array<RoleFacts, kRoleCount> kRoles = {{
    // word, title, granted, by_token, of_regions, of_metrics
    {"council", "a council", false, false, false, false},
    {"operator", "an operator", true, false, false, false},
    {"regional-lead", "a regional lead", true, true, true, true},
    {"national-analyst", "a national analyst", true, true, false, true},
    {"auditor", "an auditor", true, true, false, false},
}};

constexpr const RoleFacts& FactsOf(Role role) {
  return kRoles[static_cast<std::size_t>(role)];
}

constexpr std::optional<Role> FindRole(absl::string_view word) {
  for (std::size_t i = 0; i < kRoleCount; ++i) {
    if (kRoles[i].word == word) return static_cast<Role>(i);
  }
  return std::nullopt;
}

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_FEDERATION_ROLE_H_

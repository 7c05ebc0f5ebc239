// A council's own rules for what may leave, from a TOML file (deploy/demo has worked examples):
//
//   [release]
//   approval = "automatic"        # "by-person": each round waits for approvers; "none": nothing leaves
//   approvals = 1                 # by-person: how many different approvers must sign (approval.h)
//   [[approver]]
//   name = "information governance"
//   public_key = "…"              # 64 hexadecimal digits; `waymark-node approve --new-key FILE` prints it
//   identity = "named"            # "pseudonymous": our own rows are published without our name
//   [floors]                      # nothing outside can lower these
//   profile = "default"           # or "dfe": counts 1 to 5, unrounded
//   threshold = 7                 # counts from 1 to this are suppressed
//   rounding = 5
//   least_contributors = 3
//   finest_geography = "area"     # "council": no breakdown by area within the council
//   least_members = 9             # a secure sum: fewest councils in the part of the roster that is summed
//   least_signatures = 7          # a secure sum: fewest contributors who must sign whom it is of
//   most_sum_epsilon = "1"        # a secure sum: most ε, and most ρ, of one item; its noise is never less
//   yearly_epsilon = "4"          # exact: "4", "0.5", "1/2"; needed where a metric may leave noised
//   yearly_delta = "0.000001"     # with it
//   [[budget]]                    # a sub-limit inside the yearly cap, for a family of metrics
//   family = "waits"
//   metrics = ["1", "2"]
//   yearly_epsilon = "2"
//   [[allow]]
//   metric = "1"
//   version = 1
//   mode = "thresholded"          # or "noised", "secure-sum"; "stated" (answers to questionnaires):
//   by-person only breakdowns = ["sex", "age_band"]
//
// What is not listed does not leave. Immutable once made; thread-safe.
#ifndef WAYMARK_NODE_DISCLOSE_POLICY_H_
#define WAYMARK_NODE_DISCLOSE_POLICY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "catalogue/library.h"
#include "node/disclose/budget.h"
#include "waymark/v1/catalogue.pb.h"

namespace waymark::node {

struct Allowance {
  std::string metric;
  std::uint32_t version = 0;
  v1::Mode mode = v1::MODE_UNSPECIFIED;
  std::vector<std::string> breakdowns;  // beside "all", which an allowed metric always has
};

// Who may approve.
struct Approver {
  std::string name;
  std::string public_key;  // Ed25519, 32 bytes
};

struct Floors {
  std::int64_t threshold = 7;  // counts from 1 to this are suppressed
  std::int64_t rounding = 5;   // base; 1: none
  std::uint32_t least_contributors = 3;
  bool areas = true;  // false: no breakdown by area within the council
  // Of a secure sum (crypto/secure_sum/session.h: n and t). 0: what the protocol asks for anyway.
  std::uint32_t least_members = 0;
  std::uint32_t least_signatures = 0;
  Fraction most_sum_epsilon{};  // 0: no floor under the noise but the yearly cap
};

class Policy {
 public:
  // The policy of a node without a policy file: nothing leaves.
  Policy() = default;

  // INVALID_ARGUMENT with every error, a line each: "policy.toml:7: allow[2].mode: …". Refused as
  // contradictions: what is stated where nobody approves it, one metric or one linkage group in two modes
  // (the coordinator would choose between them), the same allowance or approver twice, approval by persons
  // without enough of them, approvers where nobody is asked, a threshold or rounding below its profile's, a
  // noised metric without a yearly ε, and what policy_budget.h names.
  static absl::StatusOr<Policy> Parse(const std::string& text, const std::string& file,
                                      const catalogue::Library& library);

  // Parse of a file's text; NOT_FOUND and PERMISSION_DENIED as ReadFile.
  static absl::StatusOr<Policy> Load(const std::string& path, const catalogue::Library& library);

  bool releases() const { return releases_; }
  // Why nothing leaves, and what to do; "" where something may.
  absl::string_view closed_because() const { return closed_because_; }
  // Whether the council's own rows are published under a pseudonym.
  bool pseudonymous() const { return pseudonymous_; }
  // How many approvers must sign what leaves; 0: it leaves without.
  std::uint32_t approvals_needed() const { return approvals_needed_; }
  const std::vector<Approver>& approvers() const { return approvers_; }
  const Floors& floors() const { return floors_; }
  // ε = 0: nothing may leave noised.
  const BudgetLimits& budget() const { return budget_; }
  const std::vector<Allowance>& allowances() const { return allowances_; }

  // Null where the metric may not leave in this version and mode.
  const Allowance* Find(absl::string_view metric, std::uint32_t version, v1::Mode mode) const;

  // Null where the key is not an approver's.
  const Approver* FindApprover(absl::string_view public_key) const;

 private:
  bool releases_ = false;
  std::string closed_because_ = "there is no policy file; name one under [node] policy to let anything leave";
  bool pseudonymous_ = false;
  std::uint32_t approvals_needed_ = 0;
  std::vector<Approver> approvers_;
  Floors floors_;
  BudgetLimits budget_;
  std::vector<Allowance> allowances_;
};

}  // namespace waymark::node

#endif  // WAYMARK_NODE_DISCLOSE_POLICY_H_

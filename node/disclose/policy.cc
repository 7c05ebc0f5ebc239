#include "node/disclose/policy.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "base/configuration.h"
#include "base/file.h"
#include "base/status.h"
#include "crypto/signature.h"
#include "node/disclose/policy_budget.h"
#include "proto/contract/modes.h"
#include "proto/contract/names.h"
#include "proto/contract/round_spec.h"

namespace waymark::node {
namespace {

constexpr std::size_t kMaxPolicyBytes = 1 << 20;
constexpr std::int64_t kMostThreshold = 1'000;
constexpr std::int64_t kMostRounding = 1'000;
constexpr std::int64_t kMostContributors = 10'000;

// The least that each profile protects (docs/threat-model.md; disclosure control of NHS and DfE
// publications).
struct Profile {
  std::int64_t threshold;
  std::int64_t rounding;
};
constexpr Profile kDefaultProfile{.threshold = 7, .rounding = 5};
constexpr Profile kDfeProfile{.threshold = 5, .rounding = 1};

Floors ReadFloors(ConfigTable& table) {
  const bool dfe = table.OneOf("profile", {"default", "dfe"}, "default") == "dfe";
  const Profile least = dfe ? kDfeProfile : kDefaultProfile;
  Floors floors;
  floors.threshold = table.IntOr("threshold", least.threshold, 1, kMostThreshold);
  floors.rounding = table.IntOr("rounding", least.rounding, 1, kMostRounding);
  if (floors.threshold < least.threshold) {
    table.Fail("threshold", absl::StrCat("is ", floors.threshold, ", below the profile's ", least.threshold,
                                         "; raise it, or set profile = \"dfe\" (counts 1 to 5)"));
  }
  if (floors.rounding < least.rounding) {
    table.Fail("rounding", absl::StrCat("is ", floors.rounding, ", below the profile's ", least.rounding,
                                        "; raise it, or set profile = \"dfe\" (unrounded)"));
  }
  floors.least_contributors = static_cast<std::uint32_t>(table.IntOr(
      "least_contributors", contract::kFewestContributors, contract::kFewestContributors, kMostContributors));
  floors.areas = table.OneOf("finest_geography", {"area", "council"}, "area") == "area";
  floors.least_members = static_cast<std::uint32_t>(table.IntOr("least_members", 0, 0, kMostContributors));
  floors.least_signatures =
      static_cast<std::uint32_t>(table.IntOr("least_signatures", 0, 0, kMostContributors));
  floors.most_sum_epsilon = ReadFraction(table, "most_sum_epsilon", "0");
  return floors;
}

// Checks one allowance against the catalogue's entry.
void CheckEntry(ConfigTable& table, const Allowance& allowed, const catalogue::Library& library) {
  const v1::Metric* entry = library.Find(allowed.metric);
  if (entry == nullptr) {
    table.Fail("metric", absl::StrCat("the catalogue has no entry \"", allowed.metric,
                                      "\"; `waymark metrics` lists them"));
    return;
  }
  if (entry->version() != allowed.version) {
    table.Fail("version", absl::StrCat("the catalogue holds version ", entry->version(), " of metric ",
                                       entry->id(), ", not ", allowed.version));
  }
  const auto& modes = entry->modes();
  if (allowed.mode != v1::MODE_UNSPECIFIED &&
      std::find(modes.begin(), modes.end(), static_cast<int>(allowed.mode)) == modes.end()) {
    table.Fail("mode", absl::StrCat("metric ", entry->id(), " may not leave ", contract::NameOf(allowed.mode),
                                    " by its catalogue entry"));
  }
  const auto& known = entry->breakdowns();
  for (const std::string& name : allowed.breakdowns) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    table.Fail("breakdowns", absl::StrCat("metric ", entry->id(), " has no breakdown \"", name,
                                          "\"; it has: ", absl::StrJoin(known, ", ")));
  }
}

// What a whole policy must not contain, allowance by allowance.
class Contradictions {
 public:
  Contradictions(const Floors& floors, const BudgetLimits& budget, bool leaves_unread,
                 const catalogue::Library& library)
      : floors_(floors), budget_(budget), leaves_unread_(leaves_unread), library_(library) {}

  void Check(ConfigTable& table, const Allowance& allowed) {
    if (!seen_.emplace(allowed.metric, allowed.version, allowed.mode).second) {
      table.Fail("metric", absl::StrCat("metric ", allowed.metric, " version ", allowed.version,
                                        " is allowed twice in this mode; join the two tables"));
    }
    const v1::Metric* entry = library_.Find(allowed.metric);
    const bool grouped = entry != nullptr && !entry->linkage_group().empty();
    const std::string group = grouped ? entry->linkage_group() : allowed.metric;
    const auto [first, fresh] = modes_.emplace(group, std::make_pair(allowed.mode, allowed.metric));
    if (!fresh && first->second.first != allowed.mode) {
      table.Fail("mode",
                 absl::StrCat("metric ", allowed.metric, " is linked with metric ", first->second.second,
                              ", which is allowed ", contract::NameOf(first->second.first),
                              "; linked figures leave in one mode only, so choose one for both"));
    }
    for (const std::string& breakdown : allowed.breakdowns) {
      const std::vector<std::string> dimensions = absl::StrSplit(breakdown, '|');
      if (floors_.areas || std::find(dimensions.begin(), dimensions.end(), "area") == dimensions.end())
        continue;
      table.Fail("breakdowns", absl::StrCat("\"", breakdown,
                                            "\" is finer than floors.finest_geography = "
                                            "\"council\"; remove it, or set the floor to \"area\""));
    }
    if (allowed.mode == v1::MODE_STATED && leaves_unread_) {
      table.Fail("mode",
                 "what the council states of itself leaves as it is, so somebody must have read it: write "
                 "approval = "
                 "\"by-person\" under [release], with approvers");
    }
    if (contract::HasNoise(allowed.mode) && budget_.epsilon.numerator == 0) {
      table.Fail("mode",
                 "a noised or securely summed metric needs floors.yearly_epsilon, which is missing or zero; "
                 "write, for example, "
                 "yearly_epsilon = \"4\"");
    }
  }

 private:
  const Floors& floors_;
  const BudgetLimits& budget_;
  const bool leaves_unread_;
  const catalogue::Library& library_;
  std::set<std::tuple<std::string, std::uint32_t, v1::Mode>> seen_;
  std::map<std::string, std::pair<v1::Mode, std::string>> modes_;  // by linkage group: mode, first metric
};

constexpr absl::string_view kByPerson = "by-person";

std::string ReadApproval(ConfigTable& release) {
  if (!release.Has("approval")) {
    release.Fail(
        "approval",
        "missing; write approval = \"automatic\", \"by-person\" to have somebody sign each round, or "
        "\"none\" to let nothing leave");
  }
  return release.OneOf("approval", {"automatic", std::string(kByPerson), "none"}, "none");
}

Approver ReadApprover(ConfigTable& table) {
  Approver approver{.name = table.String("name", "say who it is, as name = \"information governance\""),
                    .public_key = {}};
  const std::string digits = table.String(
      "public_key", "write the 64 hexadecimal digits that `waymark-node approve --new-key FILE` prints");
  const bool hexadecimal = std::all_of(digits.begin(), digits.end(), absl::ascii_isxdigit);
  if (hexadecimal && digits.size() == 2 * crypto::kEd25519PublicKeyBytes) {
    approver.public_key = absl::HexStringToBytes(digits);
  } else if (!digits.empty()) {
    table.Fail("public_key", absl::StrCat("expected 64 hexadecimal digits, found ", digits.size(),
                                          " characters; `waymark-node approve --new-key FILE` prints them"));
  }
  return approver;
}

std::uint32_t ReadApprovalsNeeded(ConfigTable& release, const std::string& approval,
                                  const std::vector<Approver>& approvers) {
  const auto needed = static_cast<std::uint32_t>(release.IntOr("approvals", 1, 1, 100));
  if (approval != kByPerson) {
    if (release.Has("approvals") || !approvers.empty()) {
      release.Fail("approval",
                   "nobody is asked, and there are approvers; write approval = \"by-person\", or "
                   "remove `approvals` and every [[approver]]");
    }
    return 0;
  }
  std::set<std::string> keys;
  for (const Approver& approver : approvers) keys.insert(approver.public_key);
  if (keys.size() < approvers.size()) {
    release.Fail("approval", "two approvers have one key; each needs a key of their own");
  }
  if (keys.size() < needed) {
    release.Fail("approvals", absl::StrCat("asks for ", needed, " approvers and there are ", keys.size(),
                                           "; add [[approver]] tables, each with name and public_key"));
  }
  return needed;
}

Allowance ReadAllowance(ConfigTable& table) {
  Allowance allowed;
  allowed.metric = table.String("metric", "name a catalogue entry, as metric = \"1\"");
  if (!table.Has("version")) table.Fail("version", "missing; write the definition's version, as version = 1");
  allowed.version = static_cast<std::uint32_t>(table.IntOr("version", 1, 1, 1'000'000));
  const std::string mode = table.OneOf("mode", contract::ModeNames(), "");
  allowed.mode = contract::ModeNamed(mode).value_or(v1::MODE_UNSPECIFIED);
  allowed.breakdowns = table.Strings("breakdowns");
  return allowed;
}

}  // namespace

absl::StatusOr<Policy> Policy::Parse(const std::string& text, const std::string& file,
                                     const catalogue::Library& library) {
  ASSIGN_OR_RETURN(ConfigTable document, ConfigTable::Parse(text, file));
  Policy policy;
  ConfigTable release = document.Table("release");
  const std::string approval = ReadApproval(release);
  policy.releases_ = approval != "none";
  policy.closed_because_ = policy.releases_ ? "" : "the policy says approval = \"none\"";
  policy.pseudonymous_ = release.OneOf("identity", {"named", "pseudonymous"}, "named") == "pseudonymous";
  for (ConfigTable& table : document.Tables("approver")) policy.approvers_.push_back(ReadApprover(table));
  policy.approvals_needed_ = ReadApprovalsNeeded(release, approval, policy.approvers_);
  ConfigTable floors = document.Table("floors");
  policy.floors_ = ReadFloors(floors);
  policy.budget_ = ReadYearlyCap(floors);
  ReadFamilies(document.Tables("budget"), library, policy.budget_);
  const bool leaves_unread = policy.releases_ && policy.approvals_needed_ == 0;
  Contradictions contradictions(policy.floors_, policy.budget_, leaves_unread, library);
  for (ConfigTable& table : document.Tables("allow")) {
    Allowance allowed = ReadAllowance(table);
    CheckEntry(table, allowed, library);
    contradictions.Check(table, allowed);
    policy.allowances_.push_back(std::move(allowed));
  }
  RETURN_IF_ERROR(document.Finish());
  return policy;
}

absl::StatusOr<Policy> Policy::Load(const std::string& path, const catalogue::Library& library) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path, kMaxPolicyBytes));
  return Parse(text, path, library);
}

const Approver* Policy::FindApprover(absl::string_view public_key) const {
  for (const Approver& approver : approvers_) {
    if (approver.public_key == public_key) return &approver;
  }
  return nullptr;
}

const Allowance* Policy::Find(absl::string_view metric, std::uint32_t version, v1::Mode mode) const {
  for (const Allowance& allowed : allowances_) {
    if (allowed.metric == metric && allowed.version == version && allowed.mode == mode) return &allowed;
  }
  return nullptr;
}

}  // namespace waymark::node

#include "catalogue/moves.h"

#include <algorithm>
#include <array>

#include "absl/strings/strip.h"

namespace waymark::catalogue {
namespace {

struct StateName {
  absl::string_view id;
  absl::string_view label;
};
constexpr std::array<StateName, 6> kStateNames = {{{"none", "No help"},
                                                   {"early_help", "Early help"},
                                                   {"social_care", "Social care"},
                                                   {"cin", "Child in need"},
                                                   {"cp", "Child protection"},
                                                   {"cla", "Looked after"}}};

const StateName* Find(absl::string_view id) {
  const auto* const found = std::find_if(kStateNames.begin(), kStateNames.end(),
                                         [id](const StateName& state) { return state.id == id; });
  return found == kStateNames.end() ? nullptr : found;
}

}  // namespace

std::optional<std::pair<std::string, std::string>> MoveOf(absl::string_view quantity) {
  for (const StateName& state : kStateNames) {
    absl::string_view rest = quantity;
    if (!absl::ConsumePrefix(&rest, state.id)) continue;
    if (!absl::ConsumePrefix(&rest, ">") && !absl::ConsumePrefix(&rest, "_")) continue;
    if (rest != state.id && Find(rest) != nullptr) return std::pair(std::string(state.id), std::string(rest));
  }
  return std::nullopt;
}

std::string StateLabel(absl::string_view id) {
  const StateName* const known = Find(id);
  return std::string(known == nullptr ? id : known->label);
}

int StatePlace(absl::string_view id) {
  const StateName* const known = Find(id);
  return static_cast<int>(known == nullptr ? kStateNames.size() : known - kStateNames.data());
}

bool IsOfMoves(const v1::Metric& metric) {
  if (metric.kind() == v1::METRIC_KIND_TRANSITION) return true;
  return metric.kind() == v1::METRIC_KIND_MIX && !metric.outcomes().empty() &&
         std::all_of(metric.outcomes().begin(), metric.outcomes().end(),
                     [](const v1::Outcome& outcome) { return MoveOf(outcome.id()).has_value(); });
}

}  // namespace waymark::catalogue

#include "node/measure/entry.h"

#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "node/measure/fields.h"

namespace waymark::node {
namespace {

constexpr int kMaxOutcomes = 63;

// Whether anything in the entry needs the members' ends.
bool CountsFromEnd(const v1::Metric& metric) {
  const v1::Cohort& cohort = metric.cohort();
  const bool none_open =
      std::any_of(cohort.none_open().begin(), cohort.none_open().end(),
                  [](const v1::Cohort::NoneOpen& none) { return none.anchor() != v1::ANCHOR_START; });
  const bool outcome =
      std::any_of(metric.outcomes().begin(), metric.outcomes().end(), [](const v1::Outcome& o) {
        return o.has_follow_up() && (o.follow_up().from_anchor() != v1::ANCHOR_START ||
                                     o.follow_up().to_anchor() != v1::ANCHOR_START);
      });
  const bool kind = metric.kind() == v1::METRIC_KIND_DURATION || metric.kind() == v1::METRIC_KIND_SURVIVAL;
  return kind || cohort.post_closure() || none_open || outcome;
}

}  // namespace

absl::Status CheckEntry(const v1::Metric& metric) {
  const auto unknown = [&metric](absl::string_view what) {
    return absl::FailedPreconditionError(
        absl::StrCat("metric ", metric.id(), ": ", what,
                     " is not known to this version; install the version that knows it"));
  };
  switch (metric.kind()) {
    case v1::METRIC_KIND_PROPORTION:
    case v1::METRIC_KIND_MIX:
    case v1::METRIC_KIND_DURATION:
    case v1::METRIC_KIND_SURVIVAL:
    case v1::METRIC_KIND_TRANSITION:
      break;
    default:
      return unknown("its kind");
  }
  if (metric.cohort().base() == v1::Cohort::BASE_EARLY_HELP_STARTED && CountsFromEnd(metric)) {
    return unknown("counting from the end of episodes that may be open");
  }
  if (metric.outcomes_size() > kMaxOutcomes) return unknown("an entry of more than 63 outcomes");
  const auto known_field = [&metric](const v1::FieldTest& test) {
    const std::optional<Field> field = FieldNamed(test.field());
    return field.has_value() && *field != Field::kAgeBand && HasField(metric.cohort().base(), *field) &&
           !FixedCategories(*field).empty();
  };
  for (const v1::FieldTest& test : metric.cohort().fields()) {
    if (!known_field(test)) return unknown(absl::StrCat("the field \"", test.field(), "\" of its cohort"));
  }
  for (const v1::Outcome& outcome : metric.outcomes()) {
    if (outcome.has_field() && !known_field(outcome.field())) {
      return unknown(absl::StrCat("the field \"", outcome.field().field(), "\" of its outcomes"));
    }
  }
  return absl::OkStatus();
}

Day ReachOf(const v1::Metric& metric, std::uint32_t window) {
  Day reach = metric.cohort().post_closure() ? static_cast<Day>(window) : 0;
  for (const v1::Cohort::NoneOpen& none : metric.cohort().none_open()) {
    reach = std::max(reach, none.to_days());
  }
  if (metric.kind() == v1::METRIC_KIND_SURVIVAL) return reach;
  for (const v1::Outcome& outcome : metric.outcomes()) {
    if (!outcome.has_follow_up()) continue;
    const v1::Outcome::FollowUp& follow_up = outcome.follow_up();
    reach = std::max(reach, follow_up.window() ? static_cast<Day>(window) : follow_up.to_days());
  }
  return reach;
}

}  // namespace waymark::node

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
  const auto from_end = [](const v1::Cohort::NoneOpen& open) { return open.anchor() != v1::ANCHOR_START; };
  const bool none_open = std::any_of(cohort.none_open().begin(), cohort.none_open().end(), from_end);
  const bool outcome =
      std::any_of(metric.outcomes().begin(), metric.outcomes().end(), [&](const v1::Outcome& o) {
        const v1::Outcome::FollowUp& follow_up = o.follow_up();
        return (o.has_follow_up() &&
                (follow_up.from_anchor() != v1::ANCHOR_START || follow_up.to_anchor() != v1::ANCHOR_START)) ||
               (o.has_open() && from_end(o.open()));
      });
  const bool kind = metric.kind() == v1::METRIC_KIND_SURVIVAL ||
                    (metric.kind() == v1::METRIC_KIND_DURATION && !cohort.has_since_contact());
  return kind || cohort.post_closure() || none_open || outcome;
}

// Whether the members may have no end.
bool MayBeOpen(const v1::Cohort& cohort) {
  switch (CountingOf(cohort).base) {
    case v1::Cohort::BASE_STARTED:
    case v1::Cohort::BASE_OPEN:
    case v1::Cohort::BASE_STEPS_STARTED:
    case v1::Cohort::BASE_FAMILY_SPELLS_STARTED:
      return true;
    default:
      return false;
  }
}

bool IsKnownBase(const v1::Cohort& cohort) {
  const Counting counting = CountingOf(cohort);
  return counting.base == v1::Cohort::BASE_PERSON_TIME || RecordKindOf(counting) != RecordKind::kNone;
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
    case v1::METRIC_KIND_COUNT:
      break;
    default:
      return unknown("its kind");
  }
  if (!IsKnownBase(metric.cohort())) return unknown("what it counts");
  if (MayBeOpen(metric.cohort()) && CountsFromEnd(metric)) {
    return unknown("counting from the end of episodes that may be open");
  }
  if (metric.outcomes_size() > kMaxOutcomes) return unknown("an entry of more than 63 outcomes");
  const auto known_field = [&metric](const v1::FieldTest& test) {
    const std::optional<Field> field = FieldNamed(test.field());
    return field.has_value() && *field != Field::kAgeBand && HasField(CountingOf(metric.cohort()), *field) &&
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

}  // namespace waymark::node

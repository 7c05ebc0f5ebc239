#include "proto/contract/names.h"

#include "proto/contract/modes.h"

namespace waymark::contract {
namespace {

constexpr v1::Mode kModes[] = {v1::MODE_THRESHOLDED, v1::MODE_NOISED, v1::MODE_SECURE_SUM, v1::MODE_STATED};

}  // namespace

absl::string_view NameOf(v1::Mode mode) {
  switch (mode) {
    case v1::MODE_THRESHOLDED:
      return "thresholded";
    case v1::MODE_NOISED:
      return "noised";
    case v1::MODE_SECURE_SUM:
      return "secure-sum";
    case v1::MODE_STATED:
      return "stated";
    default:
      return "unspecified";
  }
}

absl::string_view NameOf(v1::Unit unit) {
  switch (unit) {
    case v1::UNIT_EPISODES:
      return "episodes";
    case v1::UNIT_CHILDREN:
      return "children";
    case v1::UNIT_FAMILIES:
      return "families";
    default:
      return "unspecified";
  }
}

absl::string_view NameOf(v1::MetricKind kind) {
  switch (kind) {
    case v1::METRIC_KIND_PROPORTION:
      return "proportion";
    case v1::METRIC_KIND_MIX:
      return "mix";
    case v1::METRIC_KIND_DURATION:
      return "duration";
    case v1::METRIC_KIND_SURVIVAL:
      return "survival";
    case v1::METRIC_KIND_TRANSITION:
      return "transition";
    case v1::METRIC_KIND_QUALITY:
      return "quality";
    case v1::METRIC_KIND_RATE:
      return "rate";
    case v1::METRIC_KIND_SCORE_CHANGE:
      return "score change";
    case v1::METRIC_KIND_RATIO:
      return "ratio";
    case v1::METRIC_KIND_PUBLISHED:
      return "published";
    case v1::METRIC_KIND_SURVEY:
      return "survey";
    case v1::METRIC_KIND_COUNT:
      return "count";
    default:
      return "unspecified";
  }
}

absl::string_view NameOf(v1::Direction direction) {
  switch (direction) {
    case v1::DIRECTION_HIGH_IS_BETTER:
      return "high";
    case v1::DIRECTION_LOW_IS_BETTER:
      return "low";
    case v1::DIRECTION_NEUTRAL:
      return "neutral";
    default:
      return "unspecified";
  }
}

absl::string_view NameOf(v1::Absence absence) {
  switch (absence) {
    case v1::ABSENCE_NO_RESPONSE:
      return "no response";
    case v1::ABSENCE_NOT_RELEASED:
      return "not released";
    case v1::ABSENCE_NOT_AVAILABLE:
      return "not available";
    case v1::ABSENCE_NOT_COVERED:
      return "not covered";
    case v1::ABSENCE_NOT_YET_COMPLETE:
      return "not yet complete";
    case v1::ABSENCE_UNKNOWN_DEFINITION:
      return "unknown definition";
    case v1::ABSENCE_NOT_ALLOWED:
      return "not allowed by its policy";
    case v1::ABSENCE_BELOW_FLOORS:
      return "below its policy's floors";
    case v1::ABSENCE_AWAITING_APPROVAL:
      return "awaiting approval";
    case v1::ABSENCE_ALREADY_RELEASED:
      return "released before";
    case v1::ABSENCE_LEDGER_WENT_BACK:
      return "ledger went back";
    case v1::ABSENCE_NOT_CONNECTED:
      return "not connected";
    default:
      return "";
  }
}

absl::string_view NameOf(v1::RevisionReason reason) {
  switch (reason) {
    case v1::REVISION_REASON_LATE_RETURN:
      return "late return";
    case v1::REVISION_REASON_MISSING_RECORDS:
      return "corrected return: records were missing";
    case v1::REVISION_REASON_WRONG_RECORDS:
      return "corrected return: records were wrong";
    case v1::REVISION_REASON_WRONG_EXTRACT:
      return "corrected return: another extract was meant";
    default:
      return "";
  }
}

absl::string_view WordOf(v1::RevisionReason reason) {
  switch (reason) {
    case v1::REVISION_REASON_LATE_RETURN:
      return "late";
    case v1::REVISION_REASON_MISSING_RECORDS:
      return "missing-records";
    case v1::REVISION_REASON_WRONG_RECORDS:
      return "wrong-records";
    case v1::REVISION_REASON_WRONG_EXTRACT:
      return "wrong-extract";
    default:
      return "";
  }
}

absl::string_view NameOf(v1::FigureStatus status) {
  switch (status) {
    case v1::FIGURE_STATUS_SHOWN:
      return "shown";
    case v1::FIGURE_STATUS_SUPPRESSED:
      return "suppressed";
    case v1::FIGURE_STATUS_NOT_APPLICABLE:
      return "not applicable";
    case v1::FIGURE_STATUS_NOT_AVAILABLE:
      return "not available";
    case v1::FIGURE_STATUS_LOW:
      return "rounds to zero";
    case v1::FIGURE_STATUS_ABSENT:
      return "absent";
    case v1::FIGURE_STATUS_TOO_FEW:
      return "too few councils";
    default:
      return "unspecified";
  }
}

absl::string_view NameOf(v1::GeographyLevel level) {
  switch (level) {
    case v1::GEOGRAPHY_LEVEL_COUNCIL:
      return "council";
    case v1::GEOGRAPHY_LEVEL_REGION:
      return "region";
    case v1::GEOGRAPHY_LEVEL_ALL:
      return "participants";
    case v1::GEOGRAPHY_LEVEL_GROUP:
      return "group";
    default:
      return "unspecified";
  }
}

absl::string_view NameOf(v1::RoundState state) {
  switch (state) {
    case v1::ROUND_STATE_OPEN:
      return "open";
    case v1::ROUND_STATE_PUBLISHED:
      return "published";
    case v1::ROUND_STATE_WITHDRAWN:
      return "withdrawn";
    default:
      return "unspecified";
  }
}

std::vector<std::string> ModeNames() {
  std::vector<std::string> names;
  for (const v1::Mode mode : kModes) names.emplace_back(NameOf(mode));
  return names;
}

std::optional<v1::Mode> ModeNamed(absl::string_view name) {
  for (const v1::Mode mode : kModes) {
    if (NameOf(mode) == name) return mode;
  }
  return std::nullopt;
}

std::optional<v1::Unit> UnitNamed(absl::string_view name) {
  for (const auto unit : {v1::UNIT_EPISODES, v1::UNIT_CHILDREN, v1::UNIT_FAMILIES}) {
    if (NameOf(unit) == name) return unit;
  }
  return std::nullopt;
}

absl::string_view ShorthandOf(v1::FigureStatus status) {
  switch (status) {
    case v1::FIGURE_STATUS_SHOWN:
      return "";
    case v1::FIGURE_STATUS_SUPPRESSED:
      return "[c]";
    case v1::FIGURE_STATUS_NOT_APPLICABLE:
      return "[z]";
    case v1::FIGURE_STATUS_LOW:
      return "[low]";
    case v1::FIGURE_STATUS_ABSENT:
      return "[absent]";
    case v1::FIGURE_STATUS_TOO_FEW:
      return "[few]";
    default:
      return "[x]";
  }
}

v1::FigureStatus FigureStatusOf(v1::CellStatus status) {
  switch (status) {
    case v1::CELL_STATUS_SHOWN:
      return v1::FIGURE_STATUS_SHOWN;
    case v1::CELL_STATUS_SUPPRESSED:
      return v1::FIGURE_STATUS_SUPPRESSED;
    case v1::CELL_STATUS_NOT_APPLICABLE:
      return v1::FIGURE_STATUS_NOT_APPLICABLE;
    case v1::CELL_STATUS_LOW:
      return v1::FIGURE_STATUS_LOW;
    default:
      return v1::FIGURE_STATUS_NOT_AVAILABLE;
  }
}

}  // namespace waymark::contract

// Exact figures from a council's journeys. Nothing here knows of release: node/disclose decides what may
// leave.
#ifndef WAYMARK_NODE_MEASURE_MEASURER_H_
#define WAYMARK_NODE_MEASURE_MEASURER_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "base/period.h"
#include "base/working_days.h"
#include "catalogue/figures.h"
#include "node/journey/journeys.h"
#include "proto/contract/table.h"
#include "waymark/v1/catalogue.pb.h"

namespace waymark::node {

// Whether a table may be called finished.
enum class Completeness {
  kComplete,
  kPartial,       // follow-up not ended for part of the period: for the council's eyes only
  kNotYet,        // follow-up has not ended for any of it
  kNotCovered,    // the records do not reach back far enough
  kNotAvailable,  // the sources do not carry a field that the metric needs
};

// "complete", "partial", "not yet", "not covered", "not available".
absl::string_view NameOf(Completeness completeness);

// Keeps of each member what the entry's most_moves allow, and at most `members` cohort members of one family
// (of one child where there are no families): those with the smallest rank. `rank` is a keyed hash of (family
// id, member id), so that the choice depends on no value. It is asked by several threads at once.
struct ContributionLimit {
  std::uint32_t members = 0;
  std::function<std::uint64_t(absl::string_view)> rank;
};

// What a limit left out of one period and window, whatever the breakdown and unit. For the council's eyes
// only.
struct LeftOut {
  std::uint64_t families = 0;  // with more members than the limit
  std::uint64_t members = 0;   // of theirs, beyond it
  // TRANSITION: members with more moves than the entry's most_moves, followed to the day before the next.
  std::uint64_t cut_short = 0;
  bool any() const { return families > 0 || cut_short > 0; }
  friend bool operator==(const LeftOut&, const LeftOut&) = default;
};

struct SurveyAnswers;

// Whether the entry sets a standard in working days, beside which a council may have its own.
inline bool HasStandard(const v1::Metric& metric) {
  return metric.outcomes_size() == 1 && metric.outcomes(0).has_working_days();
}

struct MeasureRequest {
  const v1::Metric* metric = nullptr;
  Period period = {};
  std::vector<std::string> breakdowns = {};     // beside "all"; "sex", "sex|age_band"
  std::vector<std::uint32_t> window_days = {};  // empty: all of the entry's
  std::vector<v1::Unit> units = {};             // empty: all of the entry's
  std::optional<ContributionLimit> limit = {};
  // For entries that count working days, which are not covered without; it must outlive the call.
  const WorkingDays* calendar = nullptr;
  const SurveyAnswers* answers = nullptr;  // SURVEY: the council's own, of the entry's questionnaire
};

struct Measured {
  contract::Table table;  // exact; never leaves
  Completeness completeness = Completeness::kComplete;
  std::string reason;  // in words, where not complete: "social care is covered from 2023-04-01 only"
  // The figures at home: as catalogue::FiguresOf the table, but durations and survival from whole days, not
  // bins.
  std::vector<catalogue::RowFigure> figures;
  LeftOut left_out = {};  // by the request's limit
};

// What some requests look at, beside persons and their rows.
Extras ExtrasOf(absl::Span<const MeasureRequest> requests);

// One Measured for each breakdown × window × unit, in that order, "all" first. INVALID_ARGUMENT on a
// breakdown, window or unit that the entry does not have, naming those it has. A table that cannot be
// computed is there, empty of rows, with its completeness and reason. Thread-safe: journeys are only read.
absl::StatusOr<std::vector<Measured>> Measure(const Journeys& journeys, const MeasureRequest& request);

// The same of each request, from one pass over the records: what differs in the period, window, breakdown or
// unit alone costs little more.
// FAILED_PRECONDITION where the journeys' records lack something of ExtrasOf.
absl::StatusOr<std::vector<std::vector<Measured>>> MeasureAll(const Journeys& journeys,
                                                              absl::Span<const MeasureRequest> requests);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_MEASURE_MEASURER_H_

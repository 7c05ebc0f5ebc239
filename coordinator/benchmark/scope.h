// What of figures and rounds a caller may see.
#ifndef WAYMARK_COORDINATOR_BENCHMARK_SCOPE_H_
#define WAYMARK_COORDINATOR_BENCHMARK_SCOPE_H_

#include <google/protobuf/repeated_field.h>

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "catalogue/library.h"

namespace waymark::coordinator {

// One that nobody filled in sees nothing.
struct Scope {
  using Words = std::vector<std::string>;
  std::optional<Words> regions = Words();  // codes; nullopt: every region
  std::optional<Words> metrics = Words();  // ids; nullopt: every metric

  static Scope Everything() { return {.regions = std::nullopt, .metrics = std::nullopt}; }

  // A text that no other scope has, nor begins with.
  std::string Key() const;

  bool SeesMetric(absl::string_view metric) const;
  // Of a region, or a council of one.
  bool SeesPlace(absl::string_view code, const catalogue::Library& library) const;
  // Of what asked the councils of these regions, or everyone where it names none: whether some of it, and
  // whether its figure of all participants, which tells of every region that was asked.
  using Asked = google::protobuf::RepeatedPtrField<std::string>;
  bool SeesSomeOf(const Asked& regions) const;
  bool SeesParticipantsOf(const Asked& regions) const;
};

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_BENCHMARK_SCOPE_H_

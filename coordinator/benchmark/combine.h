// A round's answers into the figures that are published: each council's own, each region's, and those of all
// participants, with intervals and the spread over councils. Pure: no store, no clock. docs/protocol.md has
// the flow, coordinator/benchmark/README.md the arithmetic.
#ifndef WAYMARK_COORDINATOR_BENCHMARK_COMBINE_H_
#define WAYMARK_COORDINATOR_BENCHMARK_COMBINE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "catalogue/library.h"
#include "proto/contract/release.h"
#include "proto/contract/round_spec.h"
#include "waymark/v1/benchmark.pb.h"
#include "waymark/v1/catalogue.pb.h"

namespace waymark::coordinator {

inline constexpr absl::string_view kParticipantsCode = "participants";
inline constexpr absl::string_view kParticipantsName = "All participants";

// The councils of one part of the roster, whose tables came as one sum.
struct SummedPart {
  std::string code;                       // a region's, or kParticipantsCode: everybody in one part
  std::vector<std::string> contributors;  // councils, sorted
  std::vector<contract::ProtectedTable> tables;
  std::vector<contract::ProtectedTable> bands{};    // catalogue/council_bands.h: how many of them are in each
  std::vector<contract::ProtectedTable> moments{};  // catalogue/deprivation_moments.h
};

struct CombineInput {
  const contract::RoundSpec& spec;
  const v1::Catalogue& definitions;         // of every item
  const catalogue::Library& library;        // for areas
  const std::vector<std::string>& members;  // councils' codes, sorted
  const std::vector<contract::Release>&
      answers;                          // of members, each checked (rounds/release_check.h), one a council
  const std::vector<SummedPart>& sums;  // of a secure round, instead of answers
};

struct CombinedItem {
  v1::ListPublishedResponse::Entry entry;
  std::vector<v1::Figure> figures;
  std::vector<v1::QueryResponse::Contributor> coverage;  // every member, by code
};

// One entry an item of the spec, in order. INTERNAL where a definition is missing.
absl::StatusOr<std::vector<CombinedItem>> Combine(const CombineInput& input);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_BENCHMARK_COMBINE_H_

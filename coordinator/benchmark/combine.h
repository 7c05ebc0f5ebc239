// A round's answers into the figures that are published: each council's own, each region's, and those of all
// participants, with intervals and the spread over councils. Pure: no store, no clock. docs/protocol.md has
// the flow, coordinator/benchmark/README.md the arithmetic.
#ifndef WAYMARK_COORDINATOR_BENCHMARK_COMBINE_H_
#define WAYMARK_COORDINATOR_BENCHMARK_COMBINE_H_

#include <cstddef>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "catalogue/library.h"
#include "coordinator/benchmark/series.h"
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

// A council's answer, read again whenever it is asked for: so only a few of them are in memory at a time.
// With the tables of these items; it may have others too. Called from one thread at a time, but from others
// than the caller's.
using AnswerSource = std::function<absl::StatusOr<contract::Release>(
    const std::string& council, absl::Span<const contract::RoundItem> items)>;

// Told of what each member gave to each item, as it came: members in their order, one thread at a time.
// Nothing where it gave none.
using GivenSink = std::function<void(std::size_t item, const std::string& council,
                                     absl::Span<const contract::ProtectedTable* const> tables)>;

// What has to be known of all answers before any is combined.
struct AnswerHeads {
  std::vector<contract::Release> releases;  // without their tables, in the order asked for
  std::vector<std::size_t> most_cells;      // by item: of one council's tables
};
// Errors of `answers`.
absl::StatusOr<AnswerHeads> ReadHeads(const contract::RoundSpec& spec,
                                      const std::vector<std::string>& councils, const AnswerSource& answers);

struct CombineInput {
  const contract::RoundSpec& spec;
  const v1::Catalogue& definitions;         // of every item
  const catalogue::Library& library;        // for areas
  const std::vector<std::string>& members;  // councils' codes, in the order in which they are given out
  const AnswerHeads& heads;             // of members, each checked (rounds/release_check.h), one a council
  const AnswerSource& answers;          // of those
  const std::vector<SummedPart>& sums;  // of a secure round, instead of answers
  std::map<std::string, v1::Absence> declines{};  // by council: why it gave nothing, where it said so
  const std::set<std::string>* own = nullptr;     // councils whose own figures are made; null: all
  GivenSink given = nullptr;                      // of answers
};

struct CombinedItem {
  v1::ListPublishedResponse::Entry entry;
  std::vector<v1::QueryResponse::Contributor> coverage;  // every member, in their order
};

// Takes figures of the item with this number, as they are ready: of one geography those of one breakdown come
// by window and unit. It may change them and take them away. What it returns other than OK ends the
// combining.
using FigureSink = std::function<absl::Status(std::size_t item, Figures& figures)>;

// One entry an item of the spec, in order. Items whose tables have few cells are combined together, those
// with many each in a pass of its own over the answers. INTERNAL where a definition is missing; errors of
// `answers` and `sink`.
absl::StatusOr<std::vector<CombinedItem>> Combine(const CombineInput& input, const FigureSink& sink);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_BENCHMARK_COMBINE_H_

// What became of councils that merged, split or were renamed: on a day some ended, and others took over what
// they did. On a roster the officers sign it (roster.h); of cases that are public anyway the catalogue has
// it. A council begins at most once and ends at most once, and begins before it ends, so following
// predecessors or successors comes to an end. Pure; thread-safe.
#ifndef WAYMARK_PROTO_CONTRACT_SUCCESSION_H_
#define WAYMARK_PROTO_CONTRACT_SUCCESSION_H_

#include <google/protobuf/repeated_field.h>

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/day.h"
#include "waymark/v1/succession.pb.h"

namespace waymark::contract {

inline constexpr std::size_t kMaxSuccessions = 1000;
inline constexpr std::size_t kMaxPredecessors = 100;

enum class SuccessionKind {
  kRecoded,  // one by one: another name or code
  kMerged,   // several by one: what it is, they were together
  kSplit,    // by several: no one of them is what was before, or a known share of it
};

struct Succession {
  Day day = kNoDay;  // the successors' first
  std::vector<std::string> before;
  std::vector<std::string> after;

  SuccessionKind kind() const {
    if (after.size() > 1) return SuccessionKind::kSplit;
    return before.size() > 1 ? SuccessionKind::kMerged : SuccessionKind::kRecoded;
  }
  friend bool operator==(const Succession&, const Succession&) = default;
};
// Sorted by day, then by their first predecessor.
using Successions = std::vector<Succession>;

// INVALID_ARGUMENT, naming the council: a day or code that is none, out of order, a council that begins or
// ends twice, on both sides, or ends before it begins.
absl::StatusOr<Successions> SuccessionsFromProto(
    const google::protobuf::RepeatedPtrField<v1::Succession>& messages);
void SuccessionsToProto(const Successions& successions,
                        google::protobuf::RepeatedPtrField<v1::Succession>& messages);

// Null where it did not begin, or end, in any.
const Succession* BeginningOf(const Successions& successions, absl::string_view council);
const Succession* EndOf(const Successions& successions, absl::string_view council);

// All whose work the council took over, with those before them, each once, nearest first.
std::vector<std::string> PredecessorsOf(const Successions& successions, absl::string_view council);

// "E10000006 split on 2023-04-01 into E06000063, E06000064".
std::string Describe(const Succession& succession);

}  // namespace waymark::contract

#endif  // WAYMARK_PROTO_CONTRACT_SUCCESSION_H_

// The words by which people and files know the contract's enumerations. One table each; every program,
// document and export uses these.
#ifndef WAYMARK_PROTO_CONTRACT_NAMES_H_
#define WAYMARK_PROTO_CONTRACT_NAMES_H_

#include <optional>

#include "absl/strings/string_view.h"
#include "waymark/v1/benchmark.pb.h"
#include "waymark/v1/catalogue.pb.h"
#include "waymark/v1/release.pb.h"
#include "waymark/v1/round.pb.h"

namespace waymark::contract {

absl::string_view NameOf(v1::Mode mode);             // "thresholded", "noised", "secure-sum"
absl::string_view NameOf(v1::Unit unit);             // "episodes", "children", "families"
absl::string_view NameOf(v1::MetricKind kind);       // "proportion", …
absl::string_view NameOf(v1::Direction direction);   // "high", "low", "neutral"
absl::string_view NameOf(v1::Absence absence);       // "no response", "not released", …
absl::string_view NameOf(v1::FigureStatus status);   // "shown", "suppressed", …
absl::string_view NameOf(v1::GeographyLevel level);  // "council", "region", "participants"
absl::string_view NameOf(v1::RoundState state);      // "open", "published"
// "late return", …; and in one word, as commands take it.
absl::string_view NameOf(v1::RevisionReason reason);
absl::string_view WordOf(v1::RevisionReason reason);

std::optional<v1::Mode> ModeNamed(absl::string_view name);
std::optional<v1::Unit> UnitNamed(absl::string_view name);

// The shorthand of published tables where a figure is not shown: "[c]" suppressed, "[z]" not applicable,
// "[x]" not available, "[low]" rounds to zero, "[absent]" no table from the council, "[few]" too few
// councils; "" for shown.
absl::string_view ShorthandOf(v1::FigureStatus status);
v1::FigureStatus FigureStatusOf(v1::CellStatus status);

}  // namespace waymark::contract

#endif  // WAYMARK_PROTO_CONTRACT_NAMES_H_

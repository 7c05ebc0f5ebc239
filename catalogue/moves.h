// Moves between states of help, as entries' quantities name them: those of a TRANSITION ("none>early_help"),
// and the classes of a MIX of step-downs ("cla_cp"). Pure; thread-safe.
#ifndef WAYMARK_CATALOGUE_MOVES_H_
#define WAYMARK_CATALOGUE_MOVES_H_

#include <optional>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "waymark/v1/catalogue.pb.h"

namespace waymark::catalogue {

// From where, to where; nothing where a quantity is no move.
std::optional<std::pair<std::string, std::string>> MoveOf(absl::string_view quantity);

// "Early help"; the id itself of a state that is not known.
std::string StateLabel(absl::string_view id);
// From no help (0) to most, which is how a diagram is read from top to bottom; unknown ones come last.
int StatePlace(absl::string_view id);

// Whether every quantity of the entry is a move.
bool IsOfMoves(const v1::Metric& metric);

}  // namespace waymark::catalogue

#endif  // WAYMARK_CATALOGUE_MOVES_H_

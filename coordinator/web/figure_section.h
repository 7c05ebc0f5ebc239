// Published figures as the sections of a page: for each quantity, window and unit a table, what it says in a
// sentence, and what a chart reads from it. Pure; thread-safe.
#ifndef WAYMARK_COORDINATOR_WEB_FIGURE_SECTION_H_
#define WAYMARK_COORDINATOR_WEB_FIGURE_SECTION_H_

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "waymark/v1/benchmark.pb.h"
#include "waymark/v1/catalogue.pb.h"

namespace waymark::coordinator {

// How a row of a table is called.
enum class RowName { kPlace, kCategory };

// `own`: the place that the page is about. `metric`: null where its version is not in the library any more.
nlohmann::ordered_json FigureSections(const std::vector<v1::Figure>& figures, const v1::Metric* metric,
                                      absl::string_view own, RowName row_name);

// A figure's cells: value in words and as a number, interval, state, counts.
nlohmann::ordered_json FigureCells(const v1::Figure& figure);

// What must be said of these figures: the shorthand that stands among them, their interval, how they are
// protected.
std::vector<std::string> FigureNotes(const std::vector<v1::Figure>& figures);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_WEB_FIGURE_SECTION_H_

// A query's answer as a table for a terminal, as CSV and as JSON. Pure functions; thread-safe.
#ifndef WAYMARK_COORDINATOR_CLI_FIGURE_OUTPUT_H_
#define WAYMARK_COORDINATOR_CLI_FIGURE_OUTPUT_H_

#include <string>

#include "waymark/v1/benchmark.pb.h"
#include "waymark/v1/catalogue.pb.h"

namespace waymark::coordinator {

// "Metric 1, version 1: Re-referral …" and what the answer is about, over the tables. `metric` may be null:
// then there are no titles.
std::string HeadingText(const v1::QueryResponse& response, const v1::Metric* metric);

// A table for each window and unit, at most 100 columns wide, then notes.
std::string FigureTables(const v1::QueryResponse& response, const v1::Metric* metric);

// One header line, snake_case columns that stay as they are from version to version (new ones come last), one
// line a figure. No value: the cell is empty, and status and shorthand say why.
std::string FigureCsv(const v1::QueryResponse& response);

// An object with round_id, published, figures and coverage.
std::string FigureJson(const v1::QueryResponse& response);

// An object with geography, series (figures, latest, slope, runs), breaks, left_out and coverage.
std::string TrendJson(const v1::TrendResponse& trend);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_CLI_FIGURE_OUTPUT_H_

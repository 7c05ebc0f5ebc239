// What pages are made of: texts, tables and sections as the templates take them (http/templates.h: all text
// but integers, every row with all its names), and numbers in words. Pure; thread-safe.
#ifndef WAYMARK_NODE_PAGES_CONTEXT_H_
#define WAYMARK_NODE_PAGES_CONTEXT_H_

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "catalogue/figures.h"
#include "node/measure/measurer.h"
#include "node/quality/page.h"
#include "node/site/figure_rows.h"

namespace waymark::node {

// A table as a template shows it: headings that begin with '>' are of numbers; `links`, where there are any,
// are the addresses behind the rows' first cells.
nlohmann::ordered_json TableContext(const PageTable& table, const std::vector<std::string>& links = {});
// {id, heading, paragraphs, tables}; tables without rows are left out.
nlohmann::ordered_json SectionContext(const PageSection& section);

// "23.4%", "£1,204", "112 days", "2.31 per 10,000".
std::string AmountText(double value, absl::string_view unit);
// A figure's value, or in words why there is none: no two reasons alike.
std::string FigureText(const FigureRow& row);
// "21.0 to 25.1"; "" where there is no interval.
std::string SpanText(const std::optional<double>& lower, const std::optional<double>& upper);
// "1,204"; "" where there is none.
std::string CountText(const std::optional<double>& count);
// Why a figure is not there: "suppressed: too few to be published", …; "" of one that is shown.
std::string WhyNoFigure(v1::FigureStatus status);

// "all", or "team Team A, sex female".
std::string BreakdownText(const FigureRow& row);

// "23 November 2025, 02:10" on the clocks of London.
std::string MomentText(absl::Time time);
// "31 March 2025".
std::string DayText(Day day);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_PAGES_CONTEXT_H_

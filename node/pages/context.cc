#include "node/pages/context.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "base/london_time.h"
#include "proto/contract/names.h"

namespace waymark::node {
namespace {

using Json = nlohmann::ordered_json;

// "1204" → "1,204", of what begins with digits.
std::string Grouped(const std::string& digits) {
  const std::size_t begin = absl::StartsWith(digits, "-") ? 1 : 0;
  const std::size_t end = std::min(digits.find('.'), digits.size());
  std::string grouped;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > begin && i < end && (end - i) % 3 == 0) grouped.push_back(',');
    grouped.push_back(digits[i]);
  }
  return grouped;
}

}  // namespace

Json TableContext(const PageTable& table, const std::vector<std::string>& links) {
  Json header = Json::array(), rows = Json::array();
  std::vector<bool> is_number;
  for (absl::string_view name : table.header) {
    is_number.push_back(absl::ConsumePrefix(&name, ">"));
    header.push_back({{"text", std::string(name)}, {"is_number", static_cast<bool>(is_number.back())}});
  }
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    Json cells = Json::array();
    for (std::size_t k = 0; k < table.header.size(); ++k) {
      const bool has_cell = k < table.rows[i].size();
      cells.push_back({{"text", has_cell ? table.rows[i][k] : ""},
                       {"is_number", static_cast<bool>(is_number[k])},
                       {"is_head", k == 0},
                       {"href", k == 0 && i < links.size() ? links[i] : ""}});
    }
    rows.push_back({{"cells", std::move(cells)}});
  }
  return {{"caption", table.caption},
          {"label", table.caption},
          {"header", std::move(header)},
          {"rows", std::move(rows)}};
}

Json SectionContext(const PageSection& section) {
  Json tables = Json::array();
  for (const PageTable& table : section.tables) {
    if (table.rows.empty()) continue;
    PageTable named = table;
    if (named.caption.empty()) named.caption = section.heading;
    Json& context = tables.emplace_back(TableContext(named));
    // A page may have many tables of one caption, and who hears their names alone must tell them apart.
    if (named.caption != section.heading)
      context["label"] = absl::StrCat(section.heading, ": ", named.caption);
  }
  return {{"id", section.id},
          {"heading", section.heading},
          {"paragraphs", section.paragraphs},
          {"tables", std::move(tables)}};
}

std::string AmountText(double value, absl::string_view unit) {
  const bool is_money = absl::StartsWith(unit, "£");
  const int decimals = is_money || std::fabs(value) >= 1000 ? 0 : unit == "%" ? 1 : 2;
  const std::string number = Grouped(NumberText(value, decimals));
  if (unit == "%") return number + "%";
  if (is_money)
    return absl::StartsWith(number, "-") ? absl::StrCat("-£", number.substr(1)) : absl::StrCat("£", number);
  return unit.empty() ? number : absl::StrCat(number, " ", unit);
}

std::string WhyNoFigure(v1::FigureStatus status) {
  switch (status) {
    case v1::FIGURE_STATUS_SHOWN:
      return "";
    case v1::FIGURE_STATUS_SUPPRESSED:
      return "suppressed: too few to be published";
    case v1::FIGURE_STATUS_NOT_APPLICABLE:
      return "does not apply here";
    case v1::FIGURE_STATUS_LOW:
      return "rounds to zero";
    case v1::FIGURE_STATUS_ABSENT:
      return "the council gave no figure";
    case v1::FIGURE_STATUS_TOO_FEW:
      return "too few councils to be published";
    default:
      return "not available";
  }
}

std::string FigureText(const FigureRow& row) {
  if (row.figure.value) {
    const std::string amount = AmountText(*row.figure.value, row.unit);
    return row.completeness == Completeness::kPartial ? amount + " so far" : amount;
  }
  const std::string why = row.completeness == Completeness::kComplete ? WhyNoFigure(row.figure.status)
                                                                      : std::string(NameOf(row.completeness));
  return row.reason.empty() ? why : absl::StrCat(why, ": ", row.reason);
}

std::string SpanText(const std::optional<double>& lower, const std::optional<double>& upper) {
  if (!lower && !upper) return "";
  if (!upper) return absl::StrCat(Grouped(NumberText(lower, 1)), " or more");
  if (!lower) return absl::StrCat(Grouped(NumberText(upper, 1)), " or less");
  return absl::StrCat(Grouped(NumberText(lower, 1)), " to ", Grouped(NumberText(upper, 1)));
}

std::string CountText(const std::optional<double>& count) {
  return count ? Grouped(NumberText(count, 2)) : "";
}

std::string BreakdownText(const FigureRow& row) {
  if (row.breakdown.empty()) return "all";
  return absl::StrJoin(row.breakdown, ", ", [](std::string* out, const auto& pair) {
    absl::StrAppend(out, pair.second.empty() ? "(blank)" : pair.second);
  });
}

std::string MomentText(absl::Time time) {
  const absl::StatusOr<absl::TimeZone> zone = London();
  return absl::FormatTime("%-d %B %Y, %H:%M", time, zone.ok() ? *zone : absl::UTCTimeZone());
}

std::string DayText(Day day) {
  if (day == kNoDay) return "";
  return absl::FormatTime("%-d %B %Y", absl::UnixEpoch() + absl::Hours(24) * day, absl::UTCTimeZone());
}

}  // namespace waymark::node

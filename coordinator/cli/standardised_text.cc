#include "coordinator/cli/standardised_text.h"

#include <cstdio>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/text_table.h"
#include "coordinator/cli/figure_text.h"
#include "coordinator/cli/output.h"
#include "proto/contract/names.h"

namespace waymark::coordinator {
namespace {

constexpr std::size_t kNameWidth = 24;

// The standardised value as a figure, so that it looks like one.
v1::Figure AsFigure(const v1::Figure& figure) {
  const v1::Standardisation& standardised = figure.standardised();
  v1::Figure made;
  made.set_display_unit(figure.display_unit());
  made.set_status(standardised.has_value()                     ? v1::FIGURE_STATUS_SHOWN
                  : figure.status() != v1::FIGURE_STATUS_SHOWN ? figure.status()
                  : standardised.suppressed() > 0              ? v1::FIGURE_STATUS_SUPPRESSED
                                                               : v1::FIGURE_STATUS_NOT_AVAILABLE);
  made.set_value(standardised.value());
  if (standardised.has_lower()) made.set_lower(standardised.lower());
  if (standardised.has_upper()) made.set_upper(standardised.upper());
  return made;
}

std::string PartText(std::uint32_t strata, double percent) {
  if (strata == 0) return "";
  char text[32];
  std::snprintf(text, sizeof text, "%u (%.0f%%)", strata, percent);
  return text;
}

}  // namespace

std::string StandardisedText(const v1::QueryResponse& response) {
  std::map<std::pair<std::uint32_t, int>, TextTable> tables;
  std::set<std::string> standards;
  std::vector<std::string> missing;
  for (const v1::Figure& figure : response.figures()) {
    if (!figure.has_standardised()) continue;
    const v1::Standardisation& standardised = figure.standardised();
    standards.insert(standardised.standard());
    const v1::Figure value = AsFigure(figure);
    const auto [table, is_new] = tables.try_emplace(
        {figure.window_days(), figure.unit()}, TextTable({"Where", "Figure", ">As it is", ">Standardised",
                                                          "95% interval", ">Strata", ">[c]", ">Empty"}));
    table->second.AddRow({Shorten(Printable(figure.geography_name()), kNameWidth),
                          Shorten(figure.quantity(), kNameWidth), ValueText(figure), ValueText(value),
                          IntervalText(value), absl::StrCat(standardised.strata()),
                          PartText(standardised.suppressed(), standardised.percent_suppressed()),
                          PartText(standardised.empty(), standardised.percent_empty())});
    if (!standardised.missing().empty()) {
      missing.push_back(absl::StrCat(Printable(figure.geography_name()), ", ", figure.quantity(), ": ",
                                     standardised.missing()));
    }
  }
  std::string text;
  for (const auto& [key, table] : tables) {
    absl::StrAppend(&text, "\nStandardised: ", contract::NameOf(static_cast<v1::Unit>(key.second)),
                    key.first == 0 ? "" : absl::StrCat(", within ", key.first, " days"), "\n",
                    table.Render());
  }
  if (tables.empty()) return text;
  text += "\n";
  for (const std::string& standard : standards) {
    text += Wrap(
        absl::StrCat("Standardised: as it would be had every place the mix of ", Printable(standard),
                     " (direct standardisation). [c] and Empty: strata that are suppressed, or without "
                     "members here, and their part of the standard; the interval has suppressed strata as "
                     "anything at all, and strata without members are left out of the standard."));
  }
  for (const std::string& one : missing) text += Wrap(absl::StrCat("Not standardised: ", one, "."));
  return text;
}

}  // namespace waymark::coordinator

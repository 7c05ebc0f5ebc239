#include "catalogue/explain.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "base/text_table.h"
#include "catalogue/vocabulary.h"
#include "catalogue/wording.h"
#include "proto/contract/names.h"

namespace waymark::catalogue {
namespace {

constexpr std::size_t kColumns = 100;

// Words of `text` in lines of at most kColumns, each after `indent`; the first after `first` in its stead.
std::string Wrapped(absl::string_view text, absl::string_view first, absl::string_view indent) {
  std::string out;
  std::string line(first);
  bool empty = true;
  for (const absl::string_view word : absl::StrSplit(text, ' ', absl::SkipEmpty())) {
    if (!empty && line.size() + 1 + word.size() > kColumns) {
      absl::StrAppend(&out, line, "\n");
      line = std::string(indent);
      empty = true;
    }
    absl::StrAppend(&line, empty ? "" : " ", word);
    empty = false;
  }
  absl::StrAppend(&out, line, "\n");
  return out;
}

void Field(absl::string_view name, absl::string_view text, std::string& out) {
  if (text.empty()) return;
  constexpr std::size_t kNameColumns = 15;
  std::string first(name);
  first.resize(std::max(first.size() + 1, kNameColumns), ' ');
  absl::StrAppend(&out, Wrapped(text, first, std::string(kNameColumns, ' ')));
}

void List(absl::string_view name, const std::vector<std::string>& items, std::string& out) {
  if (items.empty()) return;
  absl::StrAppend(&out, "\n", name, "\n");
  for (const std::string& item : items) absl::StrAppend(&out, Wrapped(item, "  - ", "    "));
}

std::vector<std::string> OutcomeLines(const v1::Metric& metric) {
  std::vector<std::string> lines;
  for (const v1::Outcome& outcome : metric.outcomes()) {
    lines.push_back(
        absl::StrCat(outcome.id(), ": ", outcome.title(), " (", OutcomeInWords(metric, outcome), ")"));
  }
  return lines;
}

std::vector<std::string> Questions(const v1::Metric& metric) {
  std::vector<std::string> texts;
  for (const std::string& name : metric.questions()) texts.emplace_back(QuestionText(name));
  return texts;
}

}  // namespace

std::string ListText(const Library& library) {
  TextTable table({"id", "title", "shown in", "windows", "direction", "may leave"});
  for (const v1::Metric& metric : library.metrics()) {
    table.AddRow({metric.id(), metric.title(), metric.display_unit(),
                  metric.window_days().empty() ? "" : WindowsInWords(metric),
                  std::string(contract::NameOf(metric.direction())), ModesInWords(metric)});
  }
  return absl::StrCat(table.Render(), "\n`waymark metrics ID` explains one.\n");
}

std::string ExplainText(const v1::Metric& metric) {
  std::string out =
      absl::StrCat(metric.id(), "  ", metric.title(), "\n\n", Wrapped(metric.definition(), "", ""), "\n");
  Field("counted", DenominatorInWords(metric), out);
  Field(metric.kind() == v1::METRIC_KIND_SURVIVAL ? "read at" : "window", WindowsInWords(metric), out);
  Field("kind", contract::NameOf(metric.kind()), out);
  Field("shown in", metric.display_unit(), out);
  Field("direction", DirectionInWords(metric.direction()), out);
  Field("units", absl::StrJoin(UnitNamesOf(metric), ", "), out);
  Field("breakdowns", absl::StrJoin(metric.breakdowns(), ", "), out);
  Field("fields needed", absl::StrJoin(metric.fields_needed(), ", "), out);
  Field("bins (days)", absl::StrJoin(metric.bins(), ", "), out);
  Field("may leave", ModesInWords(metric), out);
  if (metric.kind() != v1::METRIC_KIND_PUBLISHED) {
    Field("a family",
          absl::StrCat("counts with at most ", metric.contribution_bound(), " members in a noised table",
                       FollowedInWords(metric)),
          out);
    Field("linked with",
          absl::StrCat("entries of the group ", metric.linkage_group(), ": one way to leave a period"), out);
  }
  Field("version", absl::StrCat(metric.version(), metric.headline() ? "; headline" : ""), out);
  Field("source", metric.source(), out);
  List("Outcomes", OutcomeLines(metric), out);
  List("Helps to answer", Questions(metric), out);
  List("What this figure cannot show", {metric.caveats().begin(), metric.caveats().end()}, out);
  return out;
}

}  // namespace waymark::catalogue

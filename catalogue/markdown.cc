#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "catalogue/explain.h"
#include "catalogue/vocabulary.h"
#include "catalogue/wording.h"
#include "proto/contract/names.h"

namespace waymark::catalogue {
namespace {

// Text inside a paragraph or a cell of a table.
std::string Escaped(absl::string_view text) {
  return absl::StrReplaceAll(text, {{"|", "\\|"}, {"<", "&lt;"}, {"*", "\\*"}, {"_", "\\_"}});
}

std::string Code(absl::string_view text) {
  return absl::StrCat("`", text, "`");
}

template <typename Items>
std::string Codes(const Items& items) {
  return absl::StrJoin(items, ", ",
                       [](std::string* out, const auto& item) { absl::StrAppend(out, "`", item, "`"); });
}

std::string Anchor(const v1::Metric& metric) {
  return absl::StrCat("metric-", metric.id());
}

void Overview(const Library& library, std::string& out) {
  absl::StrAppend(&out, "## The entries\n\n",
                  "| Metric | Title | Shown in | Windows | Direction | May leave |\n",
                  "|---|---|---|---|---|---|\n");
  for (const v1::Metric& metric : library.metrics()) {
    absl::StrAppend(&out, "| [", metric.id(), "](#", Anchor(metric), ") | ", Escaped(metric.title()), " | ",
                    metric.display_unit(), " | ", metric.window_days().empty() ? "" : WindowsInWords(metric),
                    " | ", contract::NameOf(metric.direction()), " | ", ModesInWords(metric), " |\n");
  }
  absl::StrAppend(&out, "\n");
}

void Row(absl::string_view name, absl::string_view text, std::string& out) {
  if (!text.empty()) absl::StrAppend(&out, "| ", name, " | ", text, " |\n");
}

std::string BinsInWords(const v1::Metric& metric) {
  constexpr int kFew = 20;
  if (metric.bins_size() <= kFew) return absl::StrJoin(metric.bins(), ", ");
  return absl::StrCat(metric.bins_size() + 1, " bins: ", metric.bins(0), ", ", metric.bins(1), ", ",
                      metric.bins(2), ", … ", metric.bins(metric.bins_size() - 1), " days");
}

std::string QuestionsInWords(const v1::Metric& metric) {
  return absl::StrJoin(metric.questions(), " ", [](std::string* out, const std::string& name) {
    absl::StrAppend(out, QuestionText(name));
  });
}

void Entry(const v1::Metric& metric, std::string& out) {
  absl::StrAppend(&out, "<a id=\"", Anchor(metric), "\"></a>\n\n## ", metric.id(), ": ",
                  Escaped(metric.title()), "\n\n", Escaped(metric.definition()), "\n\n");
  if (!metric.outcomes().empty()) {
    absl::StrAppend(&out, "| Outcome | In words | Rule |\n|---|---|---|\n");
    for (const v1::Outcome& outcome : metric.outcomes()) {
      absl::StrAppend(&out, "| ", Code(outcome.id()), " | ", Escaped(outcome.title()), " | ",
                      Escaped(OutcomeInWords(metric, outcome)), " |\n");
    }
    absl::StrAppend(&out, "\n");
  }
  absl::StrAppend(&out, "| | |\n|---|---|\n");
  Row("Kind", contract::NameOf(metric.kind()), out);
  Row(metric.kind() == v1::METRIC_KIND_TRANSITION ? "Divided by" : "Counted",
      Escaped(DenominatorInWords(metric)), out);
  if (!metric.window_days().empty()) {
    Row(metric.kind() == v1::METRIC_KIND_SURVIVAL ? "Read at" : "Window", WindowsInWords(metric), out);
  }
  Row("Bins, upper edges in days", BinsInWords(metric), out);
  Row("Shown in", metric.display_unit(), out);
  Row("Direction", DirectionInWords(metric.direction()), out);
  Row("Units", absl::StrJoin(UnitNamesOf(metric), ", "), out);
  Row("Breakdowns", absl::StrReplaceAll(Codes(metric.breakdowns()), {{"|", "\\|"}}), out);
  Row("Fields needed", Codes(metric.fields_needed()), out);
  Row("May leave", absl::StrCat(ModesInWords(metric), metric.headline() ? " (headline)" : ""), out);
  if (metric.kind() != v1::METRIC_KIND_PUBLISHED) {
    Row("A family counts with",
        absl::StrCat("at most ", metric.contribution_bound(), " members in a noised table",
                     FollowedInWords(metric)),
        out);
    Row("Linked entries", Code(metric.linkage_group()), out);
  }
  Row("Version", absl::StrCat(metric.version()), out);
  Row("Helps to answer", QuestionsInWords(metric), out);
  Row("Source", Escaped(metric.source()), out);
  absl::StrAppend(&out, "\nWhat this figure cannot show:\n\n");
  for (const std::string& caveat : metric.caveats()) absl::StrAppend(&out, "- ", Escaped(caveat), "\n");
  absl::StrAppend(&out, "\n");
}

}  // namespace

std::string MetricsMarkdown(const Library& library) {
  std::string out = ConventionsMarkdown();
  Overview(library, out);
  for (const v1::Metric& metric : library.metrics()) Entry(metric, out);
  out.pop_back();  // one line break ends the file
  return out;
}

}  // namespace waymark::catalogue

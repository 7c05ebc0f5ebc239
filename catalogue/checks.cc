#include "catalogue/checks.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "base/nearest.h"
#include "catalogue/bases.h"
#include "catalogue/columns.h"
#include "catalogue/vocabulary.h"
#include "proto/contract/names.h"
#include "proto/contract/table.h"

namespace waymark::catalogue {
namespace {

constexpr std::uint32_t kLastNumber = 43;
constexpr std::uint32_t kLongestWindow = 3660;
constexpr std::uint32_t kLongestDuration = 36'600;
constexpr std::uint32_t kMostContributions = 1000;
// With more, one member may make the same move twice, and touch its cell by two.
constexpr std::uint32_t kMostMoves = 2;

bool Known(absl::string_view word, const std::vector<absl::string_view>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// "; did you mean …?" or the list.
std::string Hint(absl::string_view word, const std::vector<absl::string_view>& known) {
  const std::string nearest = Nearest(word, known);
  if (!nearest.empty()) return absl::StrCat("; did you mean \"", nearest, "\"?");
  if (known.empty()) return "; there are none here";
  return absl::StrCat("; one of ", absl::StrJoin(known, ", "));
}

void CheckId(const v1::Metric& metric, const Located& at) {
  const std::string& id = metric.id();
  if (id.empty()) return at.Fail("id", "no id: add a unique one of [a-z0-9-]");
  const bool fits = id.size() <= 64 && std::all_of(id.begin(), id.end(), [](char c) {
                      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
                    });
  if (!fits) at.Fail("id", absl::StrCat("id \"", id, "\": expected 1 to 64 of [a-z0-9-]"));
}

void CheckTexts(const v1::Metric& metric, const Located& at) {
  CheckProse(at, "title", metric.title(), kLongestTitle, "a short name");
  CheckProse(at, "definition", metric.definition(), kLongestProse,
             "what is counted, whole, in plain English");
  CheckProse(at, "source", metric.source(), kLongestProse, "who defined or asked for it");
  CheckProse(at, "display_unit", metric.display_unit(), 64, "what the figure is shown in, \"%\" or \"days\"");
  if (metric.caveats().empty()) at.Fail("caveats", "no caveats: say what this figure cannot show");
  for (int i = 0; i < metric.caveats_size(); ++i) {
    if (metric.caveats(i).empty() || metric.caveats(i).size() > kLongestProse) {
      at.Fail(
          "caveats", i,
          absl::StrCat("a caveat of ", metric.caveats(i).size(), " bytes: expected 1 to ", kLongestProse));
    }
  }
}

void CheckNumbers(const v1::Metric& metric, const Located& at) {
  if (metric.number() < 1 || metric.number() > kLastNumber) {
    at.Fail("number", absl::StrCat("number ", metric.number(), ": expected 1 to ", kLastNumber));
  }
  if (metric.version() == 0) at.Fail("version", "version 0: versions begin at 1");
  if (metric.direction() == v1::DIRECTION_UNSPECIFIED) {
    at.Fail("direction",
            "no direction: DIRECTION_HIGH_IS_BETTER, DIRECTION_LOW_IS_BETTER or DIRECTION_NEUTRAL");
  }
}

// Kinds of which one member touches any number of cells.
bool IsSpread(v1::MetricKind kind) {
  return kind == v1::METRIC_KIND_TRANSITION || kind == v1::METRIC_KIND_QUALITY;
}

// Kinds that count moves, records, pairs or answers, and not children or families.
bool CountsOneUnit(v1::MetricKind kind) {
  return IsSpread(kind) || kind == v1::METRIC_KIND_SCORE_CHANGE || kind == v1::METRIC_KIND_SURVEY;
}

void CheckUnits(const v1::Metric& metric, const Located& at) {
  if (metric.units().empty()) at.Fail("units", "no units: UNIT_EPISODES, UNIT_CHILDREN, UNIT_FAMILIES");
  std::set<int> seen;
  for (int i = 0; i < metric.units_size(); ++i) {
    const v1::Unit unit = metric.units(i);
    if (unit == v1::UNIT_UNSPECIFIED) {
      at.Fail("units", i, "unit UNIT_UNSPECIFIED: name one");
    } else if (!seen.insert(unit).second) {
      at.Fail("units", i, absl::StrCat("unit ", contract::NameOf(unit), " is given twice"));
    } else if (unit != v1::UNIT_EPISODES && CountsOneUnit(metric.kind())) {
      at.Fail("units", i,
              absl::StrCat("unit ", contract::NameOf(unit), ": a ", contract::NameOf(metric.kind()),
                           " counts moves, records, pairs or answers, which are UNIT_EPISODES"));
    }
  }
}

// What is said of records that leave.
void CheckLeaving(const v1::Metric& metric, const Located& at) {
  CheckProse(at, "linkage_group", metric.linkage_group(), 64,
             "the name that entries over the same or linked cells share");
  if (metric.contribution_bound() < 1 || metric.contribution_bound() > kMostContributions) {
    at.Fail("contribution_bound", absl::StrCat("contribution_bound ", metric.contribution_bound(),
                                               ": expected 1 to ", kMostContributions, " members a family"));
  }
}

void CheckModes(const v1::Metric& metric, const Located& at) {
  if (metric.most_moves() > (metric.kind() == v1::METRIC_KIND_TRANSITION ? kMostMoves : 0)) {
    at.Fail("most_moves", absl::StrCat("most_moves ", metric.most_moves(), ": expected at most ", kMostMoves,
                                       " of a transition, and none of another kind"));
  }
  std::set<int> seen;  // none: it stays at home
  for (int i = 0; i < metric.modes_size(); ++i) {
    const v1::Mode mode = metric.modes(i);
    if (mode == v1::MODE_UNSPECIFIED) {
      at.Fail("modes", i, "mode MODE_UNSPECIFIED: name one");
    } else if (!seen.insert(mode).second) {
      at.Fail("modes", i, absl::StrCat("mode ", contract::NameOf(mode), " is given twice"));
    } else if (metric.kind() == v1::METRIC_KIND_QUALITY) {
      // Two answers would differ by what changed between two extracts.
      at.Fail("modes", i, "modes: a quality counts whole extracts, whatever the period; it stays at home");
    } else if ((mode == v1::MODE_STATED) != (metric.kind() == v1::METRIC_KIND_SURVEY)) {
      at.Fail("modes", i,
              absl::StrCat(v1::Mode_Name(mode),
                           ": a council states its answers to a questionnaire, and they leave in "
                           "no other mode; nothing else is stated"));
    } else if (mode != v1::MODE_STATED && IsMadeAtHomeOnly(metric.cohort().base())) {
      at.Fail("modes", i,
              absl::StrCat("modes: this edition makes ", v1::Cohort::Base_Name(metric.cohort().base()),
                           " at home only; leave them out"));
    } else if (mode != v1::MODE_THRESHOLDED && metric.kind() == v1::METRIC_KIND_TRANSITION &&
               metric.most_moves() == 0) {
      at.Fail("modes", i,
              absl::StrCat(v1::Mode_Name(mode),
                           ": no most_moves, so one family touches any number of cells "
                           "of a ",
                           contract::NameOf(metric.kind()),
                           " and no noise can cover it; add most_moves: ", kMostMoves));
    }
  }
}

// Days that must rise within 1 to `most`.
template <typename Days>
void CheckRising(const Located& at, absl::string_view field, const Days& days, std::uint32_t most) {
  for (int i = 0; i < days.size(); ++i) {
    if (days[i] < 1 || days[i] > most) {
      at.Fail(field, i, absl::StrCat(field, ": ", days[i], " days, expected 1 to ", most));
    } else if (i > 0 && days[i] <= days[i - 1]) {
      at.Fail(field, i, absl::StrCat(field, ": ", days[i], " after ", days[i - 1], ", expected rising days"));
    }
  }
}

bool UsesWindow(const v1::Metric& metric) {
  const v1::Cohort& cohort = metric.cohort();
  if (cohort.post_closure() || cohort.preceded_by().window()) return true;
  return std::any_of(metric.outcomes().begin(), metric.outcomes().end(), [](const v1::Outcome& outcome) {
    return outcome.follow_up().window() || outcome.preceded_by().window();
  });
}

void CheckWindows(const v1::Metric& metric, const Located& at) {
  CheckRising(at, "window_days", metric.window_days(), kLongestWindow);
  const bool survival = metric.kind() == v1::METRIC_KIND_SURVIVAL;
  if (metric.window_days().empty()) {
    if (survival) at.Fail("window_days", "no window_days: name the days at which the curve is read");
    if (UsesWindow(metric))
      at.Fail("window_days", "no window_days, but the cohort or an outcome asks for a window");
    return;
  }
  if (!survival && !UsesWindow(metric)) {
    at.Fail("window_days", "window_days, but neither the cohort nor an outcome asks for a window");
  }
  for (int i = 0; survival && i < metric.window_days_size(); ++i) {
    if (std::find(metric.bins().begin(), metric.bins().end(), metric.window_days(i)) == metric.bins().end()) {
      at.Fail("window_days", i,
              absl::StrCat("window_days: ", metric.window_days(i),
                           " is the edge of no bin, so the curve is not known there"));
    }
  }
}

void CheckBins(const v1::Metric& metric, const Located& at) {
  CheckRising(at, "bins", metric.bins(), kLongestDuration);
  const bool binned = metric.kind() == v1::METRIC_KIND_DURATION || metric.kind() == v1::METRIC_KIND_SURVIVAL;
  if (binned && metric.bins().empty()) at.Fail("bins", "no bins: name their upper edges in days");
  if (!binned && !metric.bins().empty()) {
    at.Fail("bins", absl::StrCat("bins: a ", contract::NameOf(metric.kind()), " has none"));
  }
  if (ColumnsOf(metric).size() > contract::kMaxColumns) {
    at.Fail("bins", absl::StrCat("too many bins: ", ColumnsOf(metric).size(), " columns, at most ",
                                 contract::kMaxColumns));
  }
}

void CheckBreakdowns(const v1::Metric& metric, const Located& at) {
  const std::vector<absl::string_view> known = BreakdownsOf(metric.cohort().base());
  std::set<std::string> seen;
  for (int i = 0; i < metric.breakdowns_size(); ++i) {
    std::vector<std::string> parts = absl::StrSplit(metric.breakdowns(i), '|');
    for (const std::string& part : parts) {
      if (!Known(part, known)) {
        at.Fail("breakdowns", i,
                absl::StrCat("breakdown \"", part, "\" is unknown for this cohort", Hint(part, known)));
      }
    }
    if (parts.size() > 2) at.Fail("breakdowns", i, "a breakdown of more than two dimensions");
    std::sort(parts.begin(), parts.end());
    if (parts.size() == 2 && parts[0] == parts[1]) {
      at.Fail("breakdowns", i,
              absl::StrCat("breakdown \"", metric.breakdowns(i), "\" crosses a dimension with itself"));
    }
    if (!seen.insert(absl::StrJoin(parts, "|")).second) {
      at.Fail("breakdowns", i, absl::StrCat("breakdown \"", metric.breakdowns(i), "\" is given twice"));
    }
  }
}

// Both quantities of a RATIO, and a breakdown that both have.
void CheckRatio(const v1::Metric& metric, const Located& at) {
  if (metric.kind() != v1::METRIC_KIND_RATIO) {
    if (metric.has_ratio()) {
      at.Fail("ratio", absl::StrCat("ratio: a ", contract::NameOf(metric.kind()), " has none"));
    }
    return;
  }
  if (metric.ratio().numerator() == v1::Ratio::QUANTITY_UNSPECIFIED ||
      metric.ratio().denominator() == v1::Ratio::QUANTITY_UNSPECIFIED) {
    return at.Fail("ratio", "a ratio needs a numerator and a denominator");
  }
  for (int i = 0; i < metric.breakdowns_size(); ++i) {
    for (const v1::Ratio::Quantity quantity : {metric.ratio().numerator(), metric.ratio().denominator()}) {
      const std::vector<absl::string_view> known = BreakdownsOf(quantity);
      if (Known(metric.breakdowns(i), known)) continue;
      at.Fail("breakdowns", i,
              absl::StrCat("breakdown \"", metric.breakdowns(i), "\": ", v1::Ratio::Quantity_Name(quantity),
                           " has none such", Hint(metric.breakdowns(i), known)));
    }
  }
}

void CheckWords(const v1::Metric& metric, const Located& at) {
  const auto check = [&](absl::string_view field, const auto& words,
                         const std::vector<absl::string_view>& known) {
    std::set<std::string> seen;
    for (int i = 0; i < words.size(); ++i) {
      if (!Known(words[i], known)) {
        at.Fail(field, i, absl::StrCat(field, ": \"", words[i], "\" is unknown", Hint(words[i], known)));
      } else if (!seen.insert(words[i]).second) {
        at.Fail(field, i, absl::StrCat(field, ": \"", words[i], "\" is given twice"));
      }
    }
  };
  check("fields_needed", metric.fields_needed(), NeededFields());
  check("questions", metric.questions(), QuestionNames());
}

}  // namespace

void CheckProse(const Located& at, absl::string_view field, absl::string_view value, std::size_t longest,
                absl::string_view what) {
  if (value.empty()) {
    at.Fail(field, absl::StrCat("no ", field, ": add ", what));
  } else if (value.size() > longest) {
    at.Fail(field, absl::StrCat(field, ": expected at most ", longest, " bytes, got ", value.size()));
  }
}

void CheckMetric(const v1::Metric& metric, const Located& at) {
  CheckId(metric, at);
  CheckTexts(metric, at);
  CheckNumbers(metric, at);
  CheckFormula(metric, at);
  if (metric.kind() == v1::METRIC_KIND_PUBLISHED) return CheckWords(metric, at);
  CheckLeaving(metric, at);
  CheckUnits(metric, at);
  CheckModes(metric, at);
  CheckCohort(metric, at);
  if (metric.cohort().base() != v1::Cohort::BASE_UNSPECIFIED) CheckBreakdowns(metric, at);
  CheckWords(metric, at);
  if (metric.kind() == v1::METRIC_KIND_UNSPECIFIED) {
    return at.Fail("kind", "no kind: METRIC_KIND_PROPORTION, METRIC_KIND_MIX, …");
  }
  if (metric.kind() == v1::METRIC_KIND_RATE || metric.kind() == v1::METRIC_KIND_PUBLISHED) {
    return at.Fail("kind", absl::StrCat("kind ", contract::NameOf(metric.kind()),
                                        " is not supported by this edition yet"));
  }
  CheckRatio(metric, at);
  CheckOutcomes(metric, at);
  CheckWindows(metric, at);
  CheckBins(metric, at);
}

void CheckArea(const v1::Area& area, const Located& at) {
  const auto check_code = [&](absl::string_view field, const std::string& code) {
    const bool fits = code.size() == 9 && code[0] == 'E' &&
                      std::all_of(code.begin() + 1, code.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (!fits) at.Fail(field, absl::StrCat(field, " \"", code, "\": expected E and eight digits"));
  };
  check_code("code", area.code());
  check_code("region_code", area.region_code());
  CheckProse(at, "name", area.name(), kLongestTitle, "the authority's name");
  CheckProse(at, "region_name", area.region_name(), kLongestTitle, "the region's name");
  if (area.old_code() < 100 || area.old_code() > 999) {
    at.Fail("old_code", absl::StrCat("old_code ", area.old_code(), ": expected three digits"));
  }
}

}  // namespace waymark::catalogue

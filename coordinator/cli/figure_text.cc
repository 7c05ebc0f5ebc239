#include "coordinator/cli/figure_text.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "coordinator/cli/output.h"
#include "coordinator/export/figure_cells.h"
#include "proto/contract/names.h"

namespace waymark::coordinator {
namespace {

std::string CoverageText(const v1::QueryResponse& response) {
  std::vector<std::string> absent;
  for (const auto& council : response.coverage()) {
    if (council.absence() == v1::ABSENCE_UNSPECIFIED) continue;
    absent.push_back(absl::StrCat(Printable(council.name()), " (", contract::NameOf(council.absence()), ")"));
  }
  const auto members = static_cast<std::size_t>(response.coverage_size());
  return absl::StrCat("Coverage: ", members - absent.size(), " of ", members, " councils.",
                      absent.empty() ? "" : absl::StrCat(" Absent: ", absl::StrJoin(absent, ", "), "."));
}

}  // namespace

void Notes::See(const v1::Figure& figure) {
  seen_.insert(figure.status());
  suppressed_parts_ |= figure.suppressed_parts() > 0;
  unbounded_parts_ |= figure.unbounded_parts() > 0;
  intervals_ |= figure.has_lower();
  mode_ = figure.mode();
}

std::string Notes::Text(const v1::QueryResponse& response) const {
  std::string text = Wrap(CoverageText(response));
  std::vector<std::string> shorthand;
  for (const v1::FigureStatus status : seen_) {
    if (const absl::string_view meaning = MeaningOf(status); !meaning.empty())
      shorthand.emplace_back(meaning);
  }
  if (!shorthand.empty()) text += Wrap(absl::StrCat("Shorthand: ", absl::StrJoin(shorthand, "; "), "."));
  if (intervals_) {
    text += Wrap(absl::StrCat("Interval: 95%, of chance in sampling joined with what protection hides (",
                              mode_ == v1::MODE_THRESHOLDED ? "suppression and rounding" : "noise", ")."));
  }
  if (mode_ == v1::MODE_NOISED) {
    text += Wrap("Noised: random noise was added to every council's counts before they left it.");
  } else if (mode_ == v1::MODE_SECURE_SUM) {
    text += Wrap(
        "Secure sum: councils added up their counts under masks, so that nobody, the coordinator included, "
        "saw one"
        " council's; each added a share of random noise.");
  } else if (mode_ == v1::MODE_THRESHOLDED) {
    text += Wrap(absl::StrCat(
        "Thresholded: small counts were suppressed and others rounded before they left a council;"
        " counts above a council are rounded to the nearest 10.",
        suppressed_parts_ ? " Sums are of the shown cells." : "",
        unbounded_parts_ ? " Some councils show nothing from which to tell how much they suppressed: "
                           "intervals leave them out."
                         : ""));
  }
  return text;
}

std::string Shorten(const std::string& text, std::size_t width) {
  std::vector<std::size_t> starts;  // of characters
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) starts.push_back(i);
  }
  if (starts.size() <= width || width < 2) return text;
  const std::size_t tail = std::min<std::size_t>(6, (width - 1) / 2);
  return absl::StrCat(text.substr(0, starts[width - 1 - tail]), "…",
                      text.substr(starts[starts.size() - tail]));
}

std::size_t WidthOf(const std::string& rendered) {
  std::size_t widest = 0;
  for (const absl::string_view line : absl::StrSplit(rendered, '\n')) {
    std::size_t characters = 0;
    for (const char c : line) characters += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1 : 0;
    widest = std::max(widest, characters);
  }
  return widest;
}

std::string Wrap(const std::string& text) {
  std::string out;
  std::size_t width = 0;
  for (const absl::string_view word : absl::StrSplit(text, ' ', absl::SkipEmpty())) {
    if (width > 0 && width + 1 + word.size() > kMostColumns) {
      out += "\n  ";
      width = 2;
    } else if (width > 0) {
      out += ' ';
      ++width;
    }
    absl::StrAppend(&out, word);
    width += word.size();
  }
  return out + "\n";
}

}  // namespace waymark::coordinator

#include "coordinator/cli/guide_text.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "base/text_table.h"
#include "coordinator/benchmark/combine.h"
#include "coordinator/cli/figure_text.h"
#include "coordinator/cli/output.h"
#include "proto/contract/names.h"

namespace waymark::coordinator {
namespace {

constexpr std::size_t kQuestionWidth = 34;
constexpr double kUnusual = 0.05;

std::string QuestionText(const GuideQuestion& one) {
  return Shorten(absl::StrCat(one.question->text(), one.question->reversed() ? " (reversed)" : ""),
                 kQuestionWidth);
}

std::string ShareText(const Guide& guide, const GuideQuestion& one, const GuideCounts& counts) {
  if (counts.status != v1::FIGURE_STATUS_SHOWN) return std::string(contract::ShorthandOf(counts.status));
  const std::optional<double> share = MatureShare(*guide.questionnaire, *one.question, counts);
  return share ? absl::StrFormat("%.1f%%", *share) : "none";
}

std::string ProbabilityText(double p) {
  return p < 0.001 ? "<0.001" : absl::StrFormat("%.3f", p);
}

// One table a section.
std::string AnswersText(const Guide& guide, std::size_t place) {
  std::vector<std::string> header = {"", "Question"};
  for (const v1::Answer& answer : guide.questionnaire->answers())
    header.push_back(absl::StrCat(">", answer.title()));
  header.emplace_back(">No answer");
  std::string text;
  for (const v1::Section& section : guide.questionnaire->sections()) {
    TextTable table(header);
    for (const GuideQuestion& one : guide.questions) {
      if (one.section != &section) continue;
      const GuideCounts& counts = one.counts[place];
      const std::string otherwise(contract::ShorthandOf(counts.status));
      std::vector<std::string> row = {one.question->id(), QuestionText(one)};
      for (std::size_t i = 0; i < static_cast<std::size_t>(guide.questionnaire->answers_size()); ++i) {
        row.push_back(i < counts.answered.size() ? absl::StrCat(counts.answered[i]) : otherwise);
      }
      row.push_back(counts.status == v1::FIGURE_STATUS_SHOWN ? absl::StrCat(counts.unanswered) : otherwise);
      table.AddRow(std::move(row));
    }
    absl::StrAppend(&text, "\n", section.title(), "\n", table.Render());
  }
  return text;
}

std::string ChangeText(const Guide& guide, std::size_t all) {
  if (guide.before_round_id.empty()) {
    return absl::StrCat(
        "\n", Wrap(guide.before_period.empty() ? "This period has no year before it."
                                               : absl::StrCat("Nothing is published of ", guide.before_period,
                                                              ": what changed is not known.")));
  }
  TextTable table({"", "Question", absl::StrCat(">", guide.before_period), absl::StrCat(">", guide.period),
                   ">Up", ">Down", ">Same", ">p"});
  for (const GuideQuestion& one : guide.questions) {
    std::vector<std::string> row = {one.question->id(), QuestionText(one), ShareText(guide, one, one.before),
                                    ShareText(guide, one, one.counts[all])};
    if (one.moves) {
      const GuideMoves& moves = *one.moves;
      for (const std::uint32_t councils : {moves.up, moves.down, moves.same})
        row.push_back(absl::StrCat(councils));
      row.push_back(absl::StrCat(ProbabilityText(moves.p), moves.p_together < kUnusual ? " *" : ""));
    }
    table.AddRow(std::move(row));
  }
  return absl::StrCat("\nSince ", guide.before_period, ", all participants\n", table.Render(),
                      Wrap("Shares are of the councils that answered, with one of the more mature half of "
                           "the answers. Up, down, "
                           "same: named councils that answered in both years; p: sign test, * below 0.05 "
                           "over all questions together "
                           "(Holm)."));
}

std::string AlikeText(const Guide& guide) {
  TextTable table({"Theme", "Region", ">Councils", ">Alike", ">By chance", ">p", ">Together"});
  for (const GuideAlike& one : guide.alike) {
    std::vector<std::string> row = {Shorten(one.section->title(), kQuestionWidth),
                                    Shorten(one.region.name, 24), absl::StrCat(one.councils)};
    if (one.agreement) {
      row.push_back(absl::StrFormat("%.0f%%", 100 * one.agreement->within));
      row.push_back(absl::StrFormat("%.0f%%", 100 * one.agreement->expected));
      row.push_back(absl::StrCat(one.agreement->exact ? "" : "~", ProbabilityText(one.agreement->p)));
      row.push_back(absl::StrCat(ProbabilityText(one.p_together), one.p_together < kUnusual ? " *" : ""));
    } else {
      row.emplace_back(one.councils < kLeastAlike ? "[few]" : "[x]");
    }
    table.AddRow(std::move(row));
  }
  return absl::StrCat("\nThemes in which a region's councils are alike\n", table.Render(),
                      Wrap("Alike: of all pairs of the region's named councils and all questions of the "
                           "theme that both answered, those "
                           "with the same answer; by chance: of any as many named councils. p: how often "
                           "those agree as much (~: of "
                           "10,000 drawn); together: of all themes and regions (Holm), * below 0.05."));
}

std::string GuideHeading(const Guide& guide, std::size_t place) {
  std::vector<std::string> absent;
  for (const auto& council : guide.coverage) {
    if (council.absence() == v1::ABSENCE_UNSPECIFIED) continue;
    absent.push_back(absl::StrCat(Printable(council.name()), " (", contract::NameOf(council.absence()), ")"));
  }
  return absl::StrCat(guide.metric->id(), " ", guide.metric->title(), ", version ", guide.version, "\n",
                      guide.period, ", ", Printable(guide.places[place].name), "; round ", guide.round_id,
                      ", published ", FormatTime(guide.published_unix_s), "\n",
                      Wrap(absl::StrCat(guide.coverage.size() - absent.size(), " of ", guide.coverage.size(),
                                        " councils handed it in.", absent.empty() ? "" : " Absent: ",
                                        absl::StrJoin(absent, ", "), absent.empty() ? "" : ".")));
}

// Of what is not a number in the tables.
std::string ShorthandText(const Guide& guide, std::size_t place) {
  const auto has = [&](v1::FigureStatus status) {
    return std::any_of(guide.questions.begin(), guide.questions.end(), [&](const GuideQuestion& one) {
      return one.counts[place].status == status || one.before.status == status;
    });
  };
  std::vector<std::string> words;
  if (has(v1::FIGURE_STATUS_SUPPRESSED)) {
    words.emplace_back("[c] hidden, since it would tell what a council without a name answered");
  }
  if (has(v1::FIGURE_STATUS_TOO_FEW)) words.emplace_back("[few] too few councils");
  if (has(v1::FIGURE_STATUS_NOT_AVAILABLE)) words.emplace_back("[x] not asked");
  return words.empty() ? "" : Wrap(absl::StrCat("Shorthand: ", absl::StrJoin(words, "; "), "."));
}

}  // namespace

absl::StatusOr<std::string> GuideText(const Guide& guide, const std::string& geography) {
  std::vector<std::string> codes;
  for (const GuidePlace& place : guide.places) codes.push_back(place.code);
  if (codes.empty()) return absl::NotFoundError("no region that you may see took part");
  const auto at = geography.empty() ? codes.end() - 1 : std::find(codes.begin(), codes.end(), geography);
  if (at == codes.end()) {
    return absl::InvalidArgumentError(
        absl::StrCat("geography: \"", geography, "\" is none of ", absl::StrJoin(codes, ", ")));
  }
  const auto place = static_cast<std::size_t>(at - codes.begin());
  std::string text = absl::StrCat(GuideHeading(guide, place), AnswersText(guide, place));
  if (*at == kParticipantsCode) text += ChangeText(guide, place);
  if (!guide.alike.empty()) text += AlikeText(guide);
  return absl::StrCat(text, ShorthandText(guide, place));
}

}  // namespace waymark::coordinator

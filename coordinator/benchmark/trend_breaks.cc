#include "coordinator/benchmark/trend_breaks.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "coordinator/benchmark/combine.h"
#include "proto/contract/names.h"
#include "proto/contract/revision.h"

namespace waymark::coordinator {
namespace {

constexpr std::size_t kMostNames = 12;

// The councils whose figures make the place's, by code; those without a name apart.
struct Contributors {
  std::map<std::string, const v1::QueryResponse::Contributor*> named;
  std::size_t unnamed = 0;
};

// A former council's by its successors', which are in the same one; "" where it is not known.
std::string RegionOf(const std::string& council, const Lineages& lineages) {
  if (const v1::Area* const area = lineages.library.FindAreaEver(council)) return area->region_code();
  const contract::Succession* const end = contract::EndOf(lineages.successions, council);
  return end == nullptr ? "" : RegionOf(end->after[0], lineages);
}

Contributors ContributorsOf(const v1::QueryResponse& answer, const std::string& geography,
                            const Lineages& lineages) {
  Contributors contributors;
  for (const auto& council : answer.coverage()) {
    if (council.absence() != v1::ABSENCE_UNSPECIFIED) continue;
    const std::string region = RegionOf(council.council(), lineages);
    if (region.empty()) {
      ++contributors.unnamed;
    } else if (geography == kParticipantsCode || geography == region || geography == council.council()) {
      contributors.named[council.council()] = &council;
    }
  }
  return contributors;
}

std::string Listed(const std::vector<std::string>& names) {
  if (names.size() <= kMostNames) return absl::StrJoin(names, ", ");
  return absl::StrCat(absl::StrJoin(names.begin(), names.begin() + kMostNames, ", "), " and ",
                      names.size() - kMostNames, " more");
}

class Breaks {
 public:
  Breaks(std::string period, v1::TrendResponse& response) : period_(std::move(period)), response_(response) {}

  void Add(absl::string_view what, std::string note, bool is_incomparable = false) {
    v1::TrendResponse::Break& added = *response_.add_breaks();
    added.set_period(period_);
    added.set_what(std::string(what));
    added.set_note(std::move(note));
    added.set_is_incomparable(is_incomparable);
  }

  // Where the place's figures come of other councils from this period on, or of its own.
  void AddSuccession(const PeriodAnswer& before, const PeriodAnswer& after,
                     const contract::Successions& known) {
    if (!after.gap.empty()) {
      Add("succession", absl::StrCat("nothing of before: ", after.gap), true);
    } else if (!(before.origin == after.origin) && !before.origin.councils.empty()) {
      const bool is_split = before.origin.kind == Origin::Kind::kBefore;
      const auto* end = contract::EndOf(known, before.origin.councils[0]);
      Add("succession",
          absl::StrCat(
              end == nullptr ? absl::StrJoin(before.origin.councils, ", ") : contract::Describe(*end),
              is_split ? "; figures of before are of what split, and of no part of it"
                       : "; figures of before go on under the new name"),
          is_split);
    }
  }

  // Councils that ended, all of whose successors are there, and the other way round: they did not join or
  // leave.
  void AddSuccessions(const contract::Successions& known, Contributors& before, Contributors& after) {
    const auto all_only_in = [](const std::vector<std::string>& codes, const Contributors& in,
                                const Contributors& not_in) {
      return std::all_of(codes.begin(), codes.end(), [&](const std::string& code) {
        return in.named.contains(code) && !not_in.named.contains(code);
      });
    };
    std::vector<std::string> notes;
    for (const contract::Succession& one : known) {
      if (!all_only_in(one.before, before, after) || !all_only_in(one.after, after, before)) continue;
      notes.push_back(contract::Describe(one));
      for (const std::string& code : one.before) before.named.erase(code);
      for (const std::string& code : one.after) after.named.erase(code);
    }
    if (!notes.empty()) Add("succession", absl::StrJoin(notes, "; "));
  }

  void AddCouncils(const Contributors& before, const Contributors& after) {
    std::vector<std::string> joined;
    std::vector<std::string> left;
    std::vector<std::string> rescoped;
    for (const auto& [code, council] : after.named) {
      const auto earlier = before.named.find(code);
      if (earlier == before.named.end()) {
        joined.push_back(council->name());
      } else if (earlier->second->scope().SerializeAsString() != council->scope().SerializeAsString()) {
        rescoped.push_back(council->name());
      }
    }
    for (const auto& [code, council] : before.named) {
      if (!after.named.contains(code)) left.push_back(council->name());
    }
    std::vector<std::string> notes;
    if (!joined.empty()) notes.push_back(absl::StrCat("now with ", Listed(joined)));
    if (!left.empty()) notes.push_back(absl::StrCat("no longer with ", Listed(left)));
    if (before.unnamed != after.unnamed) {
      notes.push_back(
          absl::StrCat("councils that are not named: ", after.unnamed, ", before ", before.unnamed));
    }
    if (!notes.empty()) Add("councils", absl::StrJoin(notes, "; "));
    if (!rescoped.empty()) {
      Add("scope", absl::StrCat("what the figures include changed at ", Listed(rescoped)));
    }
  }

 private:
  const std::string period_;
  v1::TrendResponse& response_;
};

}  // namespace

void AddBreaks(const std::vector<PeriodAnswer>& answers, const std::string& geography,
               const Lineages& lineages, v1::TrendResponse& response) {
  if (!answers.empty() && !answers[0].gap.empty())
    Breaks(answers[0].period.label, response).AddSuccession({}, answers[0], lineages.successions);
  for (const PeriodAnswer& one : answers) {
    const std::string text = contract::EditionText(one.answer.editions(), one.answer.round_id());
    if (!text.empty()) Breaks(one.period.label, response).Add("edition", text);
  }
  for (std::size_t i = 1; i < answers.size(); ++i) {
    const v1::QueryResponse& before = answers[i - 1].answer;
    const v1::QueryResponse& after = answers[i].answer;
    Breaks breaks(answers[i].period.label, response);
    if (!before.figures().empty() && !after.figures().empty()) {
      const v1::Figure& old_one = before.figures(0);
      const v1::Figure& new_one = after.figures(0);
      if (old_one.version() != new_one.version()) {
        breaks.Add("definition",
                   absl::StrCat("version ", new_one.version(), ", before version ", old_one.version()), true);
      }
      if (old_one.mode() != new_one.mode()) {
        breaks.Add("protection", absl::StrCat(contract::NameOf(new_one.mode()), ", before ",
                                              contract::NameOf(old_one.mode())));
      }
    }
    breaks.AddSuccession(answers[i - 1], answers[i], lineages.successions);
    const bool is_succeeded = !(answers[i - 1].origin == answers[i].origin);
    if (is_succeeded) continue;
    Contributors earlier = ContributorsOf(before, geography, lineages);
    Contributors later = ContributorsOf(after, geography, lineages);
    breaks.AddSuccessions(lineages.successions, earlier, later);
    breaks.AddCouncils(earlier, later);
  }
}

}  // namespace waymark::coordinator

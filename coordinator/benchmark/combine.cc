#include "coordinator/benchmark/combine.h"

#include <algorithm>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "coordinator/benchmark/ahead.h"
#include "coordinator/benchmark/reconcile.h"
#include "coordinator/benchmark/series_combiner.h"
#include "proto/contract/modes.h"

namespace waymark::coordinator {
namespace {

// Cells of one council's tables that are combined in one pass; a bound on memory, which is some ten times the
// sums of as many cells. The councils' own values, from which quartiles are taken, are bounded too: the more
// councils, the fewer cells at once.
constexpr std::size_t kCellsAtOnce = 20'000;
constexpr std::size_t kOwnValuesAtOnce = 2'000'000;
// How many councils' answers may wait to be added.
constexpr std::size_t kAnswersAhead = 3;

// Every member as the item sees it, without its tables.
std::vector<Council> CouncilsOf(const CombineInput& input, std::size_t item) {
  std::map<std::string, const contract::Release*> answered;
  for (const contract::Release& head : input.heads.releases) answered[head.council] = &head;
  std::vector<Council> councils;
  for (const std::string& code : input.members) {
    Council council{.code = code, .name = code, .region_code = "", .region_name = ""};
    if (const v1::Area* area = input.library.FindAreaEver(code)) {
      council.name = area->name();
      council.region_code = area->region_code();
      council.region_name = area->region_name();
    }
    const auto declined = input.declines.find(code);
    council.absence = declined == input.declines.end() ? v1::ABSENCE_NO_RESPONSE : declined->second;
    if (const auto found = answered.find(code); found != answered.end()) {
      council.release = found->second;
      council.absence = v1::ABSENCE_UNSPECIFIED;
      for (const contract::AbsentItem& absent : council.release->absent) {
        if (absent.item == item) council.absence = absent.absence;
      }
    }
    councils.push_back(std::move(council));
  }
  return councils;
}

// A summed part as if it were one council that stands for many; `releases` keeps what they point to.
std::vector<Council> PartsOf(const CombineInput& input, std::vector<contract::Release>& releases) {
  releases.reserve(input.sums.size());
  std::vector<Council> parts;
  for (const SummedPart& sum : input.sums) {
    releases.emplace_back().tables = sum.tables;
    Council part{.code = sum.code,
                 .name = sum.code,
                 .region_code = sum.code == kParticipantsCode ? "" : sum.code,
                 .region_name = "",
                 .release = &releases.back(),
                 .stands_for = static_cast<std::uint32_t>(sum.contributors.size()),
                 .bands = &sum.bands,
                 .moments = &sum.moments};
    for (const std::string& council : sum.contributors) {
      const v1::Area* area = input.library.FindAreaEver(council);
      if (area != nullptr && area->region_code() == sum.code) part.region_name = area->region_name();
    }
    parts.push_back(std::move(part));
  }
  return parts;
}

// Who is in the sums, for the coverage.
void MarkContributors(const CombineInput& input, std::vector<Council>& councils) {
  for (Council& council : councils) {
    const bool is_in = std::any_of(input.sums.begin(), input.sums.end(), [&](const SummedPart& sum) {
      return std::binary_search(sum.contributors.begin(), sum.contributors.end(), council.code);
    });
    if (is_in) council.absence = v1::ABSENCE_UNSPECIFIED;
  }
}

// Regions by code, then all participants.
std::vector<Group> GroupsOf(const std::vector<Council>& councils) {
  std::map<std::string, Group> regions;
  for (const Council& council : councils) {
    if (council.region_code.empty()) continue;
    regions[council.region_code] = {v1::GEOGRAPHY_LEVEL_REGION, council.region_code, council.region_name};
  }
  std::vector<Group> groups;
  for (auto& [code, region] : regions) groups.push_back(std::move(region));
  groups.push_back({v1::GEOGRAPHY_LEVEL_ALL, std::string(kParticipantsCode), std::string(kParticipantsName)});
  return groups;
}

void DescribeItem(const CombineInput& input, const contract::RoundItem& item,
                  const std::vector<Council>& councils, CombinedItem& combined) {
  v1::ListPublishedResponse::Entry& entry = combined.entry;
  entry.set_metric(item.metric);
  entry.set_version(item.version);
  entry.set_period(item.period);
  entry.set_mode(item.mode);
  entry.set_round_id(input.spec.round_id);
  entry.mutable_geographies()->Assign(input.spec.geographies.begin(), input.spec.geographies.end());
  entry.mutable_breakdowns()->Assign(item.breakdowns.begin(), item.breakdowns.end());
  for (const Council& council : councils) {
    v1::QueryResponse::Contributor contributor;
    contributor.set_council(council.code);
    contributor.set_name(council.name);
    contributor.set_absence(council.absence);
    if (council.release != nullptr)
      contract::ScopeToProto(council.release->scope, *contributor.mutable_scope());
    combined.coverage.push_back(std::move(contributor));
  }
}

// One item while councils are added to it.
struct ItemInWork {
  std::size_t number = 0;
  const v1::Metric* metric = nullptr;
  std::vector<Council> councils;  // or parts of a secure round
  std::vector<Group> groups;
  std::deque<SeriesCombiner> series;
};

class Combination {
 public:
  Combination(const CombineInput& input, const FigureSink& sink)
      : input_(input),
        sink_(sink),
        is_secure_(contract::IsSecure(input.spec)),
        parts_(PartsOf(input, sums_)) {}

  absl::StatusOr<std::vector<CombinedItem>> Run() {
    std::vector<CombinedItem> combined(input_.spec.items.size());
    const std::size_t at_once =
        std::min(kCellsAtOnce, kOwnValuesAtOnce / std::max<std::size_t>(1, input_.members.size()));
    std::size_t first = 0;
    while (first < combined.size()) {
      std::size_t end = first;
      for (std::size_t cells = 0; end < combined.size(); ++end) {
        cells += end < input_.heads.most_cells.size() ? input_.heads.most_cells[end] : 0;
        if (end > first && cells > at_once) break;
      }
      RETURN_IF_ERROR(Pass(first, end, combined));
      first = end;
    }
    return combined;
  }

 private:
  // Over items [first, end).
  absl::Status Pass(std::size_t first, std::size_t end, std::vector<CombinedItem>& combined) {
    std::vector<std::unique_ptr<ItemInWork>> items;
    for (std::size_t i = first; i < end; ++i) {
      ASSIGN_OR_RETURN(items.emplace_back(), Begin(i, combined[i]));
    }
    const std::size_t councils = items.empty() ? 0 : items[0]->councils.size();
    const auto asked = absl::MakeConstSpan(input_.spec.items).subspan(first, end - first);
    Ahead<Prepared> answers(councils, kAnswersAhead, [&](std::size_t i) { return Read(i, asked, items); });
    for (std::size_t i = 0; i < councils; ++i) {
      ASSIGN_OR_RETURN(const std::unique_ptr<Answer> answer, answers.Next());
      RETURN_IF_ERROR(Add(*answer, items));
    }
    for (const auto& item : items) {
      for (SeriesCombiner& series : item->series) RETURN_IF_ERROR(GiveGroups(item->number, series));
    }
    return absl::OkStatus();
  }

  // Group by group, so that few figures are there at once.
  absl::Status GiveGroups(std::size_t item, SeriesCombiner& series) {
    for (std::size_t group = 0; group < series.groups(); ++group) {
      figures_.Clear();
      series.AppendGroup(group, figures_);
      if (!figures_.empty()) RETURN_IF_ERROR(sink_(item, figures_));
    }
    return absl::OkStatus();
  }

  absl::StatusOr<std::unique_ptr<ItemInWork>> Begin(std::size_t number, CombinedItem& combined) {
    const contract::RoundItem& item = input_.spec.items[number];
    const auto& metrics = input_.definitions.metrics();
    const auto metric = std::find_if(metrics.begin(), metrics.end(),
                                     [&](const v1::Metric& one) { return one.id() == item.metric; });
    if (metric == metrics.end()) {
      return absl::InternalError(
          absl::StrCat("no definition of metric ", item.metric, " came with the round"));
    }
    auto made = std::make_unique<ItemInWork>();
    made->number = number;
    made->metric = &*metric;
    made->councils = CouncilsOf(input_, number);
    if (is_secure_) MarkContributors(input_, made->councils);
    DescribeItem(input_, item, made->councils, combined);
    if (is_secure_) {
      for (contract::Release& sum : sums_) ReconcileMargins(*made->metric, item, sum.tables);
      made->councils = parts_;
    }
    made->groups = GroupsOf(made->councils);
    for (Series& series : SeriesOf(item, *metric)) {
      made->series.emplace_back(input_.spec, item, *metric, std::move(series), made->groups, radii_);
    }
    return made;
  }

  // What a council gave to the items of a pass, or a part's sums of them, ready to be added.
  struct Answer {
    std::optional<contract::Release> release;                // none: it did not answer, or is a part
    std::vector<TableBounds> bounds;                         // by item, of thresholded ones
    std::vector<Council> councils;                           // by item
    std::vector<std::vector<SeriesCombiner::Given>> series;  // by item and series
  };
  using Prepared = absl::StatusOr<std::unique_ptr<Answer>>;

  // On a thread of its own.
  Prepared Read(std::size_t number, absl::Span<const contract::RoundItem> asked,
                const std::vector<std::unique_ptr<ItemInWork>>& items) const {
    auto answer = std::make_unique<Answer>();
    answer->bounds.resize(items.size());
    const Council& member = items[0]->councils[number];
    if (!is_secure_ && member.release != nullptr) {
      ASSIGN_OR_RETURN(answer->release, input_.answers(member.code, asked));
    }
    for (std::size_t i = 0; i < items.size(); ++i) {
      const ItemInWork& item = *items[i];
      Council& council = answer->councils.emplace_back(item.councils[number]);
      if (!is_secure_) Complete(item, asked[i], *answer, council);
      std::vector<SeriesCombiner::Given>& given = answer->series.emplace_back();
      for (const SeriesCombiner& series : item.series) given.push_back(series.Prepare(council));
    }
    return answer;
  }

  // Makes an answer's tables of the item ready.
  void Complete(const ItemInWork& item, const contract::RoundItem& asked, Answer& answer,
                Council& council) const {
    const std::vector<const contract::ProtectedTable*> tables = TablesOf(asked, answer.release);
    if (input_.given != nullptr) input_.given(item.number, council.code, tables);
    if (!answer.release) return;
    council.release = &*answer.release;
    if (contract::HasNoise(asked.mode)) {
      ReconcileMargins(*item.metric, asked, answer.release->tables);
    } else if (asked.mode == v1::MODE_THRESHOLDED) {
      TableBounds& bounds = answer.bounds[answer.councils.size() - 1];
      bounds = BoundsOfTables(*item.metric, tables);
      council.bounds = &bounds;
    }
  }

  // To all of the pass's items.
  absl::Status Add(const Answer& answer, const std::vector<std::unique_ptr<ItemInWork>>& items) {
    for (std::size_t i = 0; i < items.size(); ++i) {
      const Council& council = answer.councils[i];
      const bool has_own = !is_secure_ && (input_.own == nullptr || input_.own->contains(council.code));
      figures_.Clear();
      for (std::size_t series = 0; series < items[i]->series.size(); ++series) {
        items[i]->series[series].Add(council, answer.series[i][series], has_own ? &figures_ : nullptr);
      }
      if (!figures_.empty()) RETURN_IF_ERROR(sink_(items[i]->number, figures_));
    }
    return absl::OkStatus();
  }

  static std::vector<const contract::ProtectedTable*> TablesOf(
      const contract::RoundItem& asked, const std::optional<contract::Release>& release) {
    std::vector<const contract::ProtectedTable*> tables;
    if (!release) return tables;
    for (const contract::ProtectedTable& given : release->tables) {
      if (IsOfItem(given.table, asked)) tables.push_back(&given);
    }
    return tables;
  }

  const CombineInput& input_;
  const FigureSink& sink_;
  const bool is_secure_;
  std::vector<contract::Release> sums_;  // what the parts of a secure round point to
  const std::vector<Council> parts_;
  NoiseRadii radii_;
  Figures figures_;  // used again and again
};

}  // namespace

absl::StatusOr<AnswerHeads> ReadHeads(const contract::RoundSpec& spec,
                                      const std::vector<std::string>& councils, const AnswerSource& answers) {
  AnswerHeads heads{.releases = {}, .most_cells = std::vector<std::size_t>(spec.items.size())};
  for (const std::string& council : councils) {
    ASSIGN_OR_RETURN(contract::Release answer, answers(council, spec.items));
    for (std::size_t i = 0; i < spec.items.size(); ++i) {
      const contract::RoundItem& item = spec.items[i];
      std::size_t cells = 0;
      for (const contract::ProtectedTable& given : answer.tables) {
        if (IsOfItem(given.table, item)) cells += given.table.values.size();
      }
      heads.most_cells[i] = std::max(heads.most_cells[i], cells);
    }
    answer.tables = {};
    heads.releases.push_back(std::move(answer));
  }
  return heads;
}

absl::StatusOr<std::vector<CombinedItem>> Combine(const CombineInput& input, const FigureSink& sink) {
  return Combination(input, sink).Run();
}

}  // namespace waymark::coordinator

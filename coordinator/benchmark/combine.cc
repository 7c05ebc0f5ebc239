#include "coordinator/benchmark/combine.h"

#include <algorithm>
#include <deque>
#include <map>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "coordinator/benchmark/reconcile.h"
#include "coordinator/benchmark/series_combiner.h"

namespace waymark::coordinator {
namespace {

// Cells of one council's tables that are combined in one pass; a bound on memory, which is some ten times the
// sums of as many cells. The councils' own values, from which quartiles are taken, are bounded too: the more
// councils, the fewer cells at once.
constexpr std::size_t kCellsAtOnce = 50'000;
constexpr std::size_t kOwnValuesAtOnce = 2'000'000;

// Every member as the item sees it, without its tables.
std::vector<Council> CouncilsOf(const CombineInput& input, std::size_t item) {
  std::map<std::string, const contract::Release*> answered;
  for (const contract::Release& head : input.heads.releases) answered[head.council] = &head;
  std::vector<Council> councils;
  for (const std::string& code : input.members) {
    Council council{.code = code, .name = code, .region_code = "", .region_name = ""};
    if (const v1::Area* area = input.library.FindArea(code)) {
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
      const v1::Area* area = input.library.FindArea(council);
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
    for (std::size_t i = 0; !items.empty() && i < items[0]->councils.size(); ++i) {
      RETURN_IF_ERROR(AddCouncil(i, items));
    }
    for (const auto& item : items) {
      figures_.Clear();
      for (SeriesCombiner& series : item->series) series.AppendGroups(figures_);
      RETURN_IF_ERROR(sink_(item->number, figures_));
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
      for (contract::Release& sum : sums_) Reconcile(*made, sum);
      made->councils = parts_;
    }
    made->groups = GroupsOf(made->councils);
    for (Series& series : SeriesOf(item, *metric)) {
      made->series.emplace_back(input_.spec, item, *metric, std::move(series), made->groups, radii_);
    }
    return made;
  }

  // The council or part with this number, in all of the pass's items.
  absl::Status AddCouncil(std::size_t number, const std::vector<std::unique_ptr<ItemInWork>>& items) {
    contract::Release answer;
    const bool has_answer = !is_secure_ && items[0]->councils[number].release != nullptr;
    if (has_answer) {
      ASSIGN_OR_RETURN(answer, input_.answers(items[0]->councils[number].code));
    }
    for (const auto& item : items) {
      Council council = item->councils[number];
      TableBounds bounds;
      if (has_answer) {
        Reconcile(*item, answer);
        council.release = &answer;
        if (input_.spec.items[item->number].mode == v1::MODE_THRESHOLDED) {
          bounds = BoundsOf(*item, answer);
          council.bounds = &bounds;
        }
      }
      figures_.Clear();
      const bool has_own = !is_secure_ && (input_.own == nullptr || input_.own->contains(council.code));
      for (SeriesCombiner& series : item->series) series.Add(council, has_own ? &figures_ : nullptr);
      if (!figures_.empty()) RETURN_IF_ERROR(sink_(item->number, figures_));
    }
    return absl::OkStatus();
  }

  // Of a thresholded item.
  TableBounds BoundsOf(const ItemInWork& item, const contract::Release& release) const {
    const contract::RoundItem& asked = input_.spec.items[item.number];
    std::vector<const contract::ProtectedTable*> tables;
    for (const contract::ProtectedTable& given : release.tables) {
      if (IsOfItem(given.table, asked)) tables.push_back(&given);
    }
    return BoundsOfTables(*item.metric, tables);
  }

  void Reconcile(const ItemInWork& item, contract::Release& release) const {
    const contract::RoundItem& asked = input_.spec.items[item.number];
    if (asked.mode != v1::MODE_THRESHOLDED) ReconcileMargins(*item.metric, asked, release.tables);
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
    ASSIGN_OR_RETURN(contract::Release answer, answers(council));
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

#include "coordinator/benchmark/combine.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "coordinator/benchmark/series_combiner.h"

namespace waymark::coordinator {
namespace {

std::vector<Council> CouncilsOf(const CombineInput& input, std::size_t item) {
  std::vector<Council> councils;
  for (const std::string& code : input.members) {
    Council council{.code = code, .name = code, .region_code = "", .region_name = ""};
    if (const v1::Area* area = input.library.FindArea(code)) {
      council.name = area->name();
      council.region_code = area->region_code();
      council.region_name = area->region_name();
    }
    council.absence = v1::ABSENCE_NO_RESPONSE;
    for (const contract::Release& answer : input.answers) {
      if (answer.council != code) continue;
      council.release = &answer;
      council.absence = v1::ABSENCE_UNSPECIFIED;
      for (const contract::AbsentItem& absent : answer.absent) {
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
  Group all{v1::GEOGRAPHY_LEVEL_ALL, std::string(kParticipantsCode), std::string(kParticipantsName), {}};
  for (std::size_t i = 0; i < councils.size(); ++i) {
    all.councils.push_back(i);
    if (councils[i].region_code.empty()) continue;
    Group& region = regions[councils[i].region_code];
    region.level = v1::GEOGRAPHY_LEVEL_REGION;
    region.code = councils[i].region_code;
    region.name = councils[i].region_name;
    region.councils.push_back(i);
  }
  std::vector<Group> groups;
  for (auto& [code, region] : regions) groups.push_back(std::move(region));
  groups.push_back(std::move(all));
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

}  // namespace

absl::StatusOr<std::vector<CombinedItem>> Combine(const CombineInput& input) {
  std::vector<CombinedItem> combined(input.spec.items.size());
  NoiseRadii radii;
  for (std::size_t i = 0; i < input.spec.items.size(); ++i) {
    const contract::RoundItem& item = input.spec.items[i];
    const auto& metrics = input.definitions.metrics();
    const auto metric = std::find_if(metrics.begin(), metrics.end(),
                                     [&](const v1::Metric& one) { return one.id() == item.metric; });
    if (metric == metrics.end()) {
      return absl::InternalError(
          absl::StrCat("no definition of metric ", item.metric, " came with the round"));
    }
    std::vector<Council> councils = CouncilsOf(input, i);
    const bool is_secure = contract::IsSecure(input.spec);
    if (is_secure) MarkContributors(input, councils);
    DescribeItem(input, item, councils, combined[i]);
    std::vector<contract::Release> releases;
    if (is_secure) councils = PartsOf(input, releases);
    const std::vector<Group> groups = GroupsOf(councils);
    for (const Series& series : SeriesOf(item, *metric)) {
      SeriesCombiner combiner(input.spec, item, *metric, series, councils, radii);
      for (const Group& group : groups) combiner.AppendGroup(group, combined[i].figures);
      if (!is_secure) combiner.AppendCouncils(combined[i].figures);
    }
  }
  return combined;
}

}  // namespace waymark::coordinator

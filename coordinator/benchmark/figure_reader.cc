#include "coordinator/benchmark/figure_reader.h"

#include <algorithm>
#include <deque>
#include <iterator>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status.h"
#include "coordinator/benchmark/recombined.h"
#include "coordinator/benchmark/reconcile.h"
#include "coordinator/benchmark/series_combiner.h"
#include "coordinator/benchmark/stored.h"
#include "coordinator/benchmark/stored_answers.h"
#include "proto/contract/modes.h"

namespace waymark::coordinator {
namespace {

absl::Status Damaged(absl::string_view what) {
  return absl::DataLossError(absl::StrCat("stored ", what, " are damaged; restore a backup"));
}

// About as much memory as they take.
std::size_t MemoryOf(const contract::Release& release) {
  constexpr std::size_t kOfCell = 32;
  constexpr std::size_t kOfRow = 48;
  std::size_t bytes = sizeof release;
  for (const contract::ProtectedTable& given : release.tables) {
    bytes += sizeof given + kOfCell * given.table.values.size() + kOfRow * given.table.rows.size();
  }
  return bytes;
}

}  // namespace

std::size_t FigureReader::BytesOfAsked(const Asked& asked) {
  constexpr std::size_t kOfSource = 200;
  return sizeof asked + asked.metric.SpaceUsedLong() + kOfSource * asked.sources.size();
}

absl::StatusOr<std::vector<v1::Figure>> FigureReader::Stored(const PublishedItem& item,
                                                             const std::string& breakdown,
                                                             const std::vector<std::string>& geographies) {
  ASSIGN_OR_RETURN(const std::vector<std::string> stored,
                   store_.Figures(item.round_id, item.item, breakdown, geographies));
  std::vector<v1::Figure> figures;
  for (const std::string& bytes : stored) {
    if (!figures.emplace_back().ParseFromString(bytes)) return Damaged("figures");
  }
  return figures;
}

absl::StatusOr<std::map<std::string, FigureReader::Source>> FigureReader::SourcesOf(
    const PublishedItem& item) {
  ASSIGN_OR_RETURN(std::vector<StoredSource> stored, store_.FigureSources(item.round_id));
  std::map<std::string, Source> sources;
  if (stored.empty()) return sources;
  for (StoredSource& one : stored) {
    sources[one.council] = {.release_id = std::move(one.release_id), .name = {}};
  }
  ASSIGN_OR_RETURN(const std::vector<StoredContributor> contributors,
                   store_.Contributors(item.round_id, item.item));
  for (const StoredContributor& one : contributors) {
    v1::QueryResponse::Contributor contributor;
    if (!contributor.ParseFromString(one.bytes)) return Damaged("contributors");
    const auto found = sources.find(one.council);
    if (found == sources.end()) continue;
    found->second.name = contributor.name();
    found->second.absence = contributor.absence();
  }
  return sources;
}

absl::StatusOr<FigureReader::Asked> FigureReader::Read(const PublishedItem& item) {
  Asked asked;
  ASSIGN_OR_RETURN(asked.sources, SourcesOf(item));
  if (asked.sources.empty()) return asked;
  ASSIGN_OR_RETURN(asked.spec, SpecOfPublished(item, store_));
  asked.item = std::move(asked.spec.items[static_cast<std::size_t>(item.item)]);
  asked.spec.items.clear();
  ASSIGN_OR_RETURN(asked.metric, PublishedDefinition(store_, item));
  return asked;
}

absl::StatusOr<FigureReader::Given> FigureReader::ReadGiven(const Asked& asked, const std::string& council,
                                                            const std::string& release_id) {
  ASSIGN_OR_RETURN(const StoredTables stored, ReadTables(store_, release_id, council));
  Given given;
  ASSIGN_OR_RETURN(given.release, stored.With({&asked.item, 1}));
  if (contract::HasNoise(asked.item.mode)) {
    ReconcileMargins(asked.metric, asked.item, given.release.tables);
    return given;
  }
  std::vector<const contract::ProtectedTable*> tables;
  for (const contract::ProtectedTable& one : given.release.tables) tables.push_back(&one);
  given.bounds = BoundsOfTables(asked.metric, tables);
  return given;
}

absl::StatusOr<std::vector<v1::Figure>> FigureReader::Of(const PublishedItem& item,
                                                         const std::string& breakdown,
                                                         const std::vector<std::string>& geographies) {
  if (geographies.empty()) return Stored(item, breakdown, {});
  ASSIGN_OR_RETURN(const std::string mark, store_.PublishedMark());
  const std::string key = absl::StrCat(item.round_id, "/", item.item);
  ASSIGN_OR_RETURN(const std::shared_ptr<const Asked> asked,
                   asked_.Get(
                       mark, key, [&] { return Read(item); }, BytesOfAsked));
  if (asked->sources.empty()) return Stored(item, breakdown, geographies);
  const std::vector<Group> nobody;
  NoiseRadii radii;
  std::deque<SeriesCombiner> wanted;
  for (Series& series : SeriesOf(asked->item, asked->metric)) {
    if (absl::StrJoin(series.dimensions, "|") != breakdown) continue;
    wanted.emplace_back(asked->spec, asked->item, asked->metric, std::move(series), nobody, radii);
  }
  std::vector<v1::Figure> figures;
  Figures own;
  for (const std::string& geography : geographies) {
    const auto source = asked->sources.find(geography);
    if (source == asked->sources.end()) {
      ASSIGN_OR_RETURN(std::vector<v1::Figure> stored, Stored(item, breakdown, {geography}));
      std::move(stored.begin(), stored.end(), std::back_inserter(figures));
      continue;
    }
    std::shared_ptr<const Given> given;
    if (!source->second.release_id.empty()) {
      ASSIGN_OR_RETURN(given, given_.Get(
                                  mark, absl::StrCat(key, "/", geography),
                                  [&] { return ReadGiven(*asked, geography, source->second.release_id); },
                                  [](const Given& one) { return MemoryOf(one.release); }));
    }
    const Council council{.code = geography,
                          .name = source->second.name,
                          .region_code = "",
                          .region_name = "",
                          .release = given == nullptr ? nullptr : &given->release,
                          .absence = source->second.absence,
                          .bounds = given == nullptr || given->bounds.empty() ? nullptr : &given->bounds};
    own.Clear();
    for (SeriesCombiner& series : wanted) series.Add(council, series.Prepare(council), &own);
    figures.insert(figures.end(), std::make_move_iterator(own.begin()), std::make_move_iterator(own.end()));
  }
  return figures;
}

}  // namespace waymark::coordinator

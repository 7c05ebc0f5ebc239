#include "coordinator/benchmark/published_board.h"

#include <filesystem>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "base/day.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "published/figures.h"
#include "published/representation.h"
#include "published/scorecard.h"

namespace waymark::coordinator {
namespace {

constexpr std::size_t kMostName = 200;

}  // namespace

absl::StatusOr<published::Collection> ImportPublished(const std::vector<std::string>& paths, bool alone,
                                                      const published::Mapping& mapping, const Clock& clock,
                                                      Store& store) {
  std::vector<published::NamedText> texts;
  ASSIGN_OR_RETURN(published::Collection collection, published::Collection::Read(paths, mapping, &texts));
  const std::int64_t now_unix_s = absl::ToUnixSeconds(clock.Now());
  std::vector<StoredPublishedFile> files;
  std::set<std::string> names;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (collection.files()[i].layout.empty()) continue;
    StoredPublishedFile file{.name = std::filesystem::path(texts[i].name).filename().string(),
                             .hash = crypto::Sha256(texts[i].text),
                             .bytes = std::move(texts[i].text),
                             .imported_unix_s = now_unix_s};
    if (!names.insert(file.name).second) {
      return absl::InvalidArgumentError(absl::StrCat(texts[i].name, ": another file of the name ", file.name,
                                                     " is given; each is kept by its name: rename one"));
    }
    files.push_back(std::move(file));
  }
  RETURN_IF_ERROR(store.PutPublishedFiles(files, alone));
  return collection;
}

absl::StatusOr<std::shared_ptr<const published::Collection>> PublishedBoard::Current() {
  ASSIGN_OR_RETURN(const std::vector<StoredPublishedFile> listed, store_.ListPublishedFiles());
  std::string hashes;
  for (const StoredPublishedFile& file : listed) absl::StrAppend(&hashes, file.name, "\n", file.hash);
  if (listed.empty()) {
    return absl::FailedPreconditionError(
        "no published statistics were imported here; the operator does it with `waymark-coordinator "
        "import-published`, or read files of your own with `--published`");
  }
  // One at a time: whoever waits finds it read.
  absl::MutexLock lock(&mutex_);
  if (collection_ != nullptr && hashes == hashes_) return collection_;
  ASSIGN_OR_RETURN(std::vector<StoredPublishedFile> files, store_.PublishedFiles());
  hashes.clear();
  std::vector<published::NamedText> texts;
  for (StoredPublishedFile& file : files) {
    absl::StrAppend(&hashes, file.name, "\n", file.hash);
    texts.push_back({.name = std::move(file.name), .text = std::move(file.bytes)});
  }
  ASSIGN_OR_RETURN(published::Collection collection, published::Collection::ReadTexts(texts, mapping_));
  // Both or neither: what could not be read is read again at the next call.
  collection_ = std::make_shared<const published::Collection>(std::move(collection));
  hashes_ = std::move(hashes);
  return collection_;
}

absl::StatusOr<v1::RepresentationResponse> PublishedBoard::Represented(const v1::QueryResponse& answer,
                                                                       const Scope& scope) {
  ASSIGN_OR_RETURN(const std::shared_ptr<const published::Collection> collection, Current());
  std::set<std::string> participants, regions;
  for (const auto& council : answer.coverage()) {
    if (council.absence() != v1::ABSENCE_UNSPECIFIED) continue;
    const v1::Area* area = library_.FindAreaEver(council.council());
    if (area == nullptr) {
      return absl::FailedPreconditionError(absl::StrCat(
          "round ", answer.round_id(), " does not name its councils, so what they are like cannot be told"));
    }
    // A former council is none of the authorities that are counted and described, which are today's.
    participants.insert(area->code());
    regions.insert(area->region_code());
  }
  const published::Sources sources{.library = library_, .mapping = mapping_, .collection = *collection};
  v1::RepresentationResponse response;
  response.set_round_id(answer.round_id());
  // Who sees some regions alone is told of their councils alone.
  if (!scope.regions)
    *response.add_places() = published::RepresentationOf(sources, participants, mapping_.Nation());
  for (const std::string& region : regions)
    *response.add_places() = published::RepresentationOf(sources, participants, region);
  return response;
}

absl::StatusOr<v1::Scorecard> PublishedBoard::Scorecard(const v1::ScorecardRequest& request,
                                                        const Scope& scope) {
  if (request.authority().empty() || request.authority().size() > kMostName) {
    return absl::InvalidArgumentError(absl::StrCat(
        "authority: expected a name, an ONS code or a number, of 1 to ", kMostName, " characters"));
  }
  Day until = kNoDay;
  if (!request.until().empty()) {
    const std::optional<Day> day = ParseIsoDay(request.until());
    if (!day.has_value()) return absl::InvalidArgumentError("until: expected a day as 2025-03-31");
    until = *day;
  }
  ASSIGN_OR_RETURN(const std::shared_ptr<const published::Collection> collection, Current());
  ASSIGN_OR_RETURN(
      v1::Scorecard card,
      published::ScorecardFor({.library = library_, .mapping = mapping_, .collection = *collection},
                              request.authority(), until));
  for (int i = card.rows_size(); i-- > 0;) {
    if (!scope.SeesMetric(card.rows(i).metric())) card.mutable_rows()->DeleteSubrange(i, 1);
  }
  return card;
}

absl::StatusOr<PublishedBoard::Expectations> PublishedBoard::Expected(const Scope& scope) {
  ASSIGN_OR_RETURN(const std::shared_ptr<const published::Collection> collection, Current());
  const v1::Metric* metric = nullptr;
  for (const v1::Metric& each : library_.metrics()) {
    if (each.published().has_expected() && scope.SeesMetric(each.id())) metric = &each;
  }
  if (metric == nullptr) return absl::PermissionDeniedError("this token sees no metric of what was expected");
  Expectations all{
      .metric = metric->id(), .title = metric->title(), .unit = metric->display_unit(), .authorities = {}};
  const published::Sources sources{.library = library_, .mapping = mapping_, .collection = *collection};
  for (const v1::Area& area : library_.areas()) {
    Expectation& one = all.authorities.emplace_back();
    one.code = area.code();
    one.name = area.name();
    for (const catalogue::RowFigure& figure :
         published::FiguresFor(sources, *metric, area.code(), kNoDay).figures) {
      if (figure.quantity == "actual") one.actual = figure.value;
      if (figure.quantity == "expected") one.expected = figure.value;
    }
  }
  return all;
}

}  // namespace waymark::coordinator

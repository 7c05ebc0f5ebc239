#include "catalogue/library.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/file.h"
#include "base/nearest.h"
#include "base/status.h"
#include "catalogue/checks.h"
#include "catalogue/successions.h"
#include "catalogue/text_proto.h"

namespace waymark::catalogue {
namespace {

constexpr std::size_t kLargestFile = 4 << 20;

// Where each id was first given.
using Places = std::map<std::string, std::string>;

void CheckUnique(const std::string& id, absl::string_view field, const Located& at, Places& places) {
  if (id.empty()) return;
  const auto [place, first] = places.emplace(id, at.Where());
  if (!first) at.Fail(field, absl::StrCat(field, " \"", id, "\" is given twice; first at ", place->second));
}

absl::Status LoadMetrics(const std::string& path, const std::vector<v1::Questionnaire>& questionnaires,
                         Places& places, Faults& faults, std::vector<v1::Metric>& metrics) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path, kLargestFile));
  v1::Catalogue catalogue;
  LocationTree locations;
  if (!ParseTextProto(text, path, catalogue, locations, faults)) return absl::OkStatus();
  const Located file(path, catalogue, &locations, 1, faults);
  if (catalogue.metrics().empty() && faults.empty())
    file.Fail("metrics", "no metrics: expected `metrics { … }`");
  for (int i = 0; i < catalogue.metrics_size(); ++i) {
    const Located at = file.Nested("metrics", i);
    CheckMetric(catalogue.metrics(i), at);
    CheckSurvey(catalogue.metrics(i), questionnaires, at);
    CheckUnique(catalogue.metrics(i).id(), "id", at, places);
    metrics.push_back(std::move(*catalogue.mutable_metrics(i)));
  }
  return absl::OkStatus();
}

absl::Status LoadQuestionnaires(const std::string& path, Places& places, Faults& faults,
                                std::vector<v1::Questionnaire>& questionnaires) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path, kLargestFile));
  v1::Questionnaires read;
  LocationTree locations;
  if (!ParseTextProto(text, path, read, locations, faults)) return absl::OkStatus();
  const Located file(path, read, &locations, 1, faults);
  if (read.questionnaires().empty() && faults.empty())
    file.Fail("questionnaires", "no questionnaires: expected `questionnaires { … }`");
  for (int i = 0; i < read.questionnaires_size(); ++i) {
    const Located at = file.Nested("questionnaires", i);
    CheckQuestionnaire(read.questionnaires(i), at);
    CheckUnique(read.questionnaires(i).id(), "id", at, places);
    questionnaires.push_back(std::move(*read.mutable_questionnaires(i)));
  }
  return absl::OkStatus();
}

absl::Status LoadAreas(const std::string& path, Faults& faults, std::vector<v1::Area>& areas) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path, kLargestFile));
  v1::Areas read;
  LocationTree locations;
  if (!ParseTextProto(text, path, read, locations, faults)) return absl::OkStatus();
  const Located file(path, read, &locations, 1, faults);
  if (read.areas().empty() && faults.empty()) file.Fail("areas", "no areas: expected `areas { … }`");
  Places codes;
  Places old_codes;
  for (int i = 0; i < read.areas_size(); ++i) {
    const Located at = file.Nested("areas", i);
    CheckArea(read.areas(i), at);
    CheckUnique(read.areas(i).code(), "code", at, codes);
    CheckUnique(absl::StrCat(read.areas(i).old_code()), "old_code", at, old_codes);
    areas.push_back(read.areas(i));
  }
  return absl::OkStatus();
}

const v1::Area* FindIn(const std::vector<v1::Area>& areas, absl::string_view code) {
  const auto found =
      std::lower_bound(areas.begin(), areas.end(), code,
                       [](const v1::Area& area, absl::string_view key) { return area.code() < key; });
  return found != areas.end() && found->code() == code ? &*found : nullptr;
}

}  // namespace

absl::StatusOr<Library> Library::Load(const std::string& directory) {
  ASSIGN_OR_RETURN(const std::vector<std::string> paths, TextProtosIn(PathUnder(directory, "metrics")));
  Library library;
  Faults faults;
  Places asked;
  std::error_code no_error;
  if (const std::string folder = PathUnder(directory, "questionnaires");
      std::filesystem::is_directory(folder, no_error)) {
    ASSIGN_OR_RETURN(const std::vector<std::string> files, TextProtosIn(folder));
    for (const std::string& path : files) {
      RETURN_IF_ERROR(LoadQuestionnaires(path, asked, faults, library.questionnaires_));
    }
  }
  Places places;
  for (const std::string& path : paths) {
    RETURN_IF_ERROR(LoadMetrics(path, library.questionnaires_, places, faults, library.metrics_));
  }
  RETURN_IF_ERROR(LoadAreas(PathUnder(directory, "areas.textproto"), faults, library.areas_));
  RETURN_IF_ERROR(LoadFormerAreas(PathUnder(directory, "former_areas.textproto"), library.areas_, faults,
                                  library.former_areas_, library.successions_));
  RETURN_IF_ERROR(faults.ToStatus());
  const std::string holidays = PathUnder(directory, "bank-holidays.txt");
  if (FileExists(holidays)) {
    ASSIGN_OR_RETURN(library.working_days_, WorkingDays::Load(holidays));
  }
  std::sort(library.metrics_.begin(), library.metrics_.end(), [](const v1::Metric& a, const v1::Metric& b) {
    return std::make_pair(a.number(), absl::string_view(a.id())) <
           std::make_pair(b.number(), absl::string_view(b.id()));
  });
  std::sort(library.areas_.begin(), library.areas_.end(),
            [](const v1::Area& a, const v1::Area& b) { return a.code() < b.code(); });
  std::sort(library.questionnaires_.begin(), library.questionnaires_.end(),
            [](const v1::Questionnaire& a, const v1::Questionnaire& b) { return a.id() < b.id(); });
  return library;
}

const v1::Metric* Library::Find(absl::string_view id) const {
  for (const v1::Metric& metric : metrics_) {
    if (metric.id() == id) return &metric;
  }
  return nullptr;
}

const v1::Area* Library::FindArea(absl::string_view code) const {
  return FindIn(areas_, code);
}

const v1::Area* Library::FindAreaEver(absl::string_view code) const {
  const v1::Area* const todays = FindArea(code);
  return todays != nullptr ? todays : FindIn(former_areas_, code);
}

const v1::Questionnaire* Library::FindQuestionnaire(absl::string_view id) const {
  const auto found =
      std::find_if(questionnaires_.begin(), questionnaires_.end(),
                   [id](const v1::Questionnaire& questionnaire) { return questionnaire.id() == id; });
  return found == questionnaires_.end() ? nullptr : &*found;
}

absl::StatusOr<std::vector<const v1::Metric*>> Library::Select(absl::string_view selector) const {
  std::vector<bool> chosen(metrics_.size());
  for (absl::string_view part : absl::StrSplit(selector, ',')) {
    part = absl::StripAsciiWhitespace(part);
    std::uint32_t number = 0;
    const bool by_number = absl::SimpleAtoi(part, &number);
    bool found = false;
    for (std::size_t i = 0; i < metrics_.size(); ++i) {
      if (part == "all" || (by_number ? metrics_[i].number() == number : metrics_[i].id() == part)) {
        chosen[i] = found = true;
      }
    }
    if (found) continue;
    std::vector<std::string> ids;
    for (const v1::Metric& metric : metrics_) ids.push_back(metric.id());
    const std::string nearest = Nearest(part, ids);
    return absl::NotFoundError(
        absl::StrCat("metric \"", part, "\" is not in the catalogue",
                     nearest.empty() ? "" : absl::StrCat("; did you mean ", nearest, "?"),
                     "; `waymark metrics` lists all"));
  }
  std::vector<const v1::Metric*> selected;
  for (std::size_t i = 0; i < metrics_.size(); ++i) {
    if (chosen[i]) selected.push_back(&metrics_[i]);
  }
  return selected;
}

}  // namespace waymark::catalogue

#include "coordinator/benchmark/scope.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace waymark::coordinator {
namespace {

bool Holds(const std::optional<Scope::Words>& words, absl::string_view word) {
  return !words || std::find(words->begin(), words->end(), word) != words->end();
}

}  // namespace

std::string Scope::Key() const {
  std::string key;
  for (const std::optional<Words>& words : {regions, metrics}) {
    if (!words.has_value()) {
      key += "*;";
      continue;
    }
    for (const std::string& word : *words) absl::StrAppend(&key, word.size(), ":", word);
    key += ";";
  }
  return key;
}

bool Scope::SeesMetric(absl::string_view metric) const {
  return Holds(metrics, metric);
}

bool Scope::SeesPlace(absl::string_view code, const catalogue::Library& library) const {
  const v1::Area* const area = library.FindAreaEver(code);
  return Holds(regions, area == nullptr ? code : absl::string_view(area->region_code()));
}

bool Scope::SeesSomeOf(const Asked& asked) const {
  if (asked.empty()) return !regions || !regions->empty();
  return std::any_of(asked.begin(), asked.end(),
                     [&](const std::string& code) { return Holds(regions, code); });
}

bool Scope::SeesParticipantsOf(const Asked& asked) const {
  return SeesSomeOf(asked) && std::all_of(asked.begin(), asked.end(),
                                          [&](const std::string& code) { return Holds(regions, code); });
}

}  // namespace waymark::coordinator

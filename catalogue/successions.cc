#include "catalogue/successions.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "base/status.h"
#include "catalogue/checks.h"
#include "waymark/v1/succession.pb.h"

namespace waymark::catalogue {
namespace {

constexpr std::size_t kLargestFile = 1 << 20;

using Regions = std::map<std::string, std::string>;  // of authorities, by code

// All of one region. False: some authority is not known.
bool IsOfThese(const contract::Succession& one, const Regions& regions, const Located& at) {
  std::vector<std::string> all = one.before;
  all.insert(all.end(), one.after.begin(), one.after.end());
  for (const std::string& code : all) {
    if (!regions.contains(code)) return false;
  }
  for (const std::string& code : all) {
    if (regions.at(code) != regions.at(all[0]))
      at.Fail("after", absl::StrCat(code, " is not in the region of ", all[0]));
  }
  return true;
}

}  // namespace

absl::Status LoadFormerAreas(const std::string& path, const std::vector<v1::Area>& areas, Faults& faults,
                             std::vector<v1::Area>& former, contract::Successions& successions) {
  if (!FileExists(path)) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path, kLargestFile));
  v1::FormerAreas read;
  LocationTree locations;
  if (!ParseTextProto(text, path, read, locations, faults)) return absl::OkStatus();
  const Located file(path, read, &locations, 1, faults);
  Regions regions;
  for (const v1::Area& area : areas) regions[area.code()] = area.region_code();
  for (int i = 0; i < read.former_size(); ++i) {
    const v1::Area& area = read.former(i);
    const Located at = file.Nested("former", i);
    CheckArea(area, at);
    if (!regions.emplace(area.code(), area.region_code()).second)
      at.Fail("code", absl::StrCat(area.code(), " is there twice, or one of today's authorities"));
    former.push_back(area);
  }
  std::sort(former.begin(), former.end(),
            [](const v1::Area& a, const v1::Area& b) { return a.code() < b.code(); });
  absl::StatusOr<contract::Successions> all = contract::SuccessionsFromProto(read.successions());
  if (!all.ok()) file.Fail("successions", std::string(all.status().message()));
  for (std::size_t i = 0; all.ok() && i < all->size(); ++i) {
    contract::Succession& one = (*all)[i];
    if (IsOfThese(one, regions, file.Nested("successions", static_cast<int>(i))))
      successions.push_back(std::move(one));
  }
  return absl::OkStatus();
}

}  // namespace waymark::catalogue

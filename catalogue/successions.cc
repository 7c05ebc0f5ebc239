#include "catalogue/successions.h"

#include <map>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "base/status.h"
#include "catalogue/checks.h"
#include "catalogue/text_proto.h"
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

absl::StatusOr<contract::Successions> LoadSuccessions(const std::string& directory, const Library& library) {
  const std::string path = PathUnder(directory, "former_areas.textproto");
  if (!FileExists(path)) return contract::Successions();
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path, kLargestFile));
  v1::FormerAreas read;
  LocationTree locations;
  Faults faults;
  if (!ParseTextProto(text, path, read, locations, faults)) return faults.ToStatus();
  const Located file(path, read, &locations, 1, faults);
  Regions regions;
  for (const v1::Area& area : library.areas()) regions[area.code()] = area.region_code();
  for (int i = 0; i < read.former_size(); ++i) {
    const v1::Area& area = read.former(i);
    const Located at = file.Nested("former", i);
    CheckArea(area, at);
    if (!regions.emplace(area.code(), area.region_code()).second)
      at.Fail("code", absl::StrCat(area.code(), " is there twice, or one of today's authorities"));
  }
  absl::StatusOr<contract::Successions> successions = contract::SuccessionsFromProto(read.successions());
  if (!successions.ok()) file.Fail("successions", std::string(successions.status().message()));
  contract::Successions known;
  for (std::size_t i = 0; successions.ok() && i < successions->size(); ++i) {
    contract::Succession& one = (*successions)[i];
    if (IsOfThese(one, regions, file.Nested("successions", static_cast<int>(i))))
      known.push_back(std::move(one));
  }
  RETURN_IF_ERROR(faults.ToStatus());
  return known;
}

}  // namespace waymark::catalogue

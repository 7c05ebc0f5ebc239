#include "coordinator/rounds/asked.h"

#include <algorithm>

namespace waymark::coordinator {

bool IsPartAsked(const contract::RoundSpec& spec, absl::string_view part) {
  return spec.geographies.empty() ||
         std::binary_search(spec.geographies.begin(), spec.geographies.end(), part);
}

bool IsAsked(const contract::RoundSpec& spec, absl::string_view council, const catalogue::Library& library) {
  if (spec.geographies.empty()) return true;
  const v1::Area* const area = library.FindArea(council);
  return area != nullptr && IsPartAsked(spec, area->region_code());
}

std::vector<std::string> AskedOf(const contract::RoundSpec& spec, const std::vector<Member>& members,
                                 const catalogue::Library& library) {
  std::vector<std::string> asked;
  for (const Member& member : members) {
    if (IsAsked(spec, member.council, library)) asked.push_back(member.council);
  }
  return asked;
}

}  // namespace waymark::coordinator

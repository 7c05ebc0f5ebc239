#include "coordinator/federation/areas.h"

#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/nearest.h"

namespace waymark::coordinator {

absl::StatusOr<const v1::Area*> RequireArea(const catalogue::Library& library, absl::string_view code) {
  if (const v1::Area* area = library.FindArea(code)) return area;
  if (const v1::Area* former = library.FindAreaEver(code)) {
    const contract::Succession* const end = contract::EndOf(library.successions(), code);
    return absl::NotFoundError(absl::StrCat(
        former->name(), " (", code, ") is no local authority any more",
        end == nullptr
            ? ""
            : absl::StrCat(": ", contract::Describe(*end), "; give ", absl::StrJoin(end->after, " or "))));
  }
  std::vector<std::string> codes;
  std::vector<std::string> names;
  for (const v1::Area& area : library.areas()) {
    codes.push_back(area.code());
    names.push_back(absl::AsciiStrToLower(area.name()));
  }
  // "Hartlepool" is meant as a name; "E0600001" as a code.
  const std::string name = Nearest(absl::AsciiStrToLower(code), names);
  const std::string nearest = Nearest(code, codes);
  for (const v1::Area& area : library.areas()) {
    const bool by_name = !name.empty() && absl::AsciiStrToLower(area.name()) == name;
    if (by_name || (name.empty() && area.code() == nearest)) {
      return absl::NotFoundError(absl::StrCat("no English local authority has the code \"", code,
                                              "\"; did you mean ", area.code(), " (", area.name(), ")?"));
    }
  }
  return absl::NotFoundError(absl::StrCat("no English local authority has the code \"", code,
                                          "\"; give an ONS code, as E06000001 (Hartlepool)"));
}

}  // namespace waymark::coordinator

#include "catalogue/part_checks.h"

#include <algorithm>
#include <set>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/nearest.h"
#include "catalogue/bases.h"
#include "catalogue/vocabulary.h"

namespace waymark::catalogue {

void CheckDays(const Located& at, absl::string_view field, int days) {
  if (days < -kFarthestDay || days > kFarthestDay) {
    at.Fail(field, absl::StrCat(field, ": ", days, ", expected -", kFarthestDay, " to ", kFarthestDay));
  }
}

void CheckCodes(const Located& at, absl::string_view list, absl::string_view field, v1::Cohort::Base base,
                const google::protobuf::RepeatedPtrField<std::string>& codes) {
  const std::vector<absl::string_view> known = CodesOf(field, base);
  std::set<std::string> seen;
  for (int i = 0; i < codes.size(); ++i) {
    if (std::find(known.begin(), known.end(), codes[i]) == known.end()) {
      at.Fail(list, i,
              absl::StrCat(list, ": \"", codes[i], "\" is no code of ", field, "; one of ",
                           absl::StrJoin(known, ", ")));
    } else if (!seen.insert(codes[i]).second) {
      at.Fail(list, i, absl::StrCat(list, ": \"", codes[i], "\" is given twice"));
    }
  }
}

void CheckFieldTest(const v1::FieldTest& test, v1::Cohort::Base base, const Located& at) {
  const std::vector<absl::string_view> known = FieldsOf(base);
  if (std::find(known.begin(), known.end(), test.field()) == known.end()) {
    const std::string nearest = Nearest(test.field(), known);
    return at.Fail("field",
                   absl::StrCat("field \"", test.field(), "\" is unknown for this cohort",
                                nearest.empty() ? absl::StrCat("; one of ", absl::StrJoin(known, ", "))
                                                : absl::StrCat("; did you mean \"", nearest, "\"?")));
  }
  if (test.any_of().empty() == test.none_of().empty()) {
    at.Fail("field", "a field test needs either any_of or none_of, and not both");
  }
  CheckCodes(at, "any_of", test.field(), base, test.any_of());
  CheckCodes(at, "none_of", test.field(), base, test.none_of());
}

void CheckAnchor(const Located& at, absl::string_view field, v1::Anchor anchor, v1::Cohort::Base base) {
  if (anchor == v1::ANCHOR_END && OfEpisodes(base) && !OfClosures(base)) {
    at.Fail(field,
            absl::StrCat(field, " ANCHOR_END: these episodes may have no end; count from ANCHOR_START"));
  }
  if (anchor == v1::ANCHOR_REFERRAL && !OfSteps(base)) {
    at.Fail(field, absl::StrCat(field, " ANCHOR_REFERRAL: only steps belong to a referral"));
  }
}

void CheckOpen(const v1::Cohort::NoneOpen& open, v1::Cohort::Base base, absl::string_view what,
               const Located& at) {
  if (open.level() == v1::LEVEL_UNSPECIFIED) at.Fail("level", absl::StrCat(what, " without level"));
  if (open.anchor() == v1::ANCHOR_UNSPECIFIED) {
    at.Fail("anchor", absl::StrCat(what, " without anchor"));
  } else {
    CheckAnchor(at, "anchor", open.anchor(), base);
  }
  CheckDays(at, "from_days", open.from_days());
  CheckDays(at, "to_days", open.to_days());
  if (open.from_days() > open.to_days()) {
    at.Fail("to_days", absl::StrCat("to_days ", open.to_days(), " is before from_days ", open.from_days()));
  }
}

void CheckLookBack(const v1::LookBack& look_back, v1::Cohort::Base base, const Located& at) {
  if (look_back.record() == v1::LookBack::RECORD_UNSPECIFIED)
    at.Fail("record", "preceded_by without record: RECORD_REFERRAL, …");
  const bool of_families = look_back.record() == v1::LookBack::RECORD_FAMILY_SPELL;
  if (of_families != (base == v1::Cohort::BASE_FAMILY_SPELLS_STARTED)) {
    at.Fail("record", "a family's spells come before a family's spells, and nothing else does");
  }
  if (look_back.window() && look_back.days() > 0) at.Fail("days", "days beside window: one or the other");
  if (look_back.days() > kFarthestDay) {
    at.Fail("days", absl::StrCat("days: ", look_back.days(), ", expected at most ", kFarthestDay));
  }
  if (look_back.has_recorded()) CheckFieldTest(look_back.recorded(), base, at.Nested("recorded", -1));
  if (look_back.has_recorded_not()) {
    CheckFieldTest(look_back.recorded_not(), base, at.Nested("recorded_not", -1));
  }
}

}  // namespace waymark::catalogue

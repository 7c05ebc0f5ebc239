#include "tests/unit/catalogue/catalogue_folder.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

namespace waymark::catalogue {

const char kSoundEntry[] = R"(metrics {
  id: "m"
  number: 7
  version: 1
  title: "A share"
  definition: "What is counted."
  kind: METRIC_KIND_PROPORTION
  cohort {
    base: BASE_EARLY_HELP_ENDED
    post_closure: true
    none_open {
      level: LEVEL_SOCIAL_CARE
      anchor: ANCHOR_END
      from_days: 0
      to_days: 1
    }
    fields {
      field: "end_reason"
      any_of: ["moved", "nfa"]
    }
  }
  outcomes {
    id: "any"
    title: "returned"
    follow_up {
      events: EVENT_EARLY_HELP_START
      from_anchor: ANCHOR_END
      to_anchor: ANCHOR_END
      window: true
      source_any_of: "1C"
      source_from_contact_days: 90
    }
  }
  window_days: [183, 365]
  units: [UNIT_EPISODES, UNIT_CHILDREN]
  breakdowns: ["sex", "sex|age_band"]
  fields_needed: "early_help"
  display_unit: "%"
  direction: DIRECTION_LOW_IS_BETTER
  contribution_bound: 3
  modes: [MODE_THRESHOLDED, MODE_NOISED]
  linkage_group: "group"
  questions: "difference"
  source: "Somebody"
  caveats: "It does not show everything."
}
)";

const char kSoundArea[] = R"(areas {
  code: "E09000033"
  name: "Westminster"
  region_code: "E12000007"
  region_name: "London"
  old_code: 213
}
)";

CatalogueFolder::CatalogueFolder() {
  std::string name = ::testing::TempDir() + "waymark_catalogue_XXXXXX";
  if (mkdtemp(name.data()) == nullptr) ADD_FAILURE() << "no temporary folder " << name;
  path_ = name;
  std::filesystem::create_directory(path_ + "/metrics");
  Areas(kSoundArea);
}

CatalogueFolder::~CatalogueFolder() {
  std::filesystem::remove_all(path_);
}

void CatalogueFolder::File(const std::string& name, const std::string& text) const {
  std::ofstream(path_ + "/" + name) << text;
}

void CatalogueFolder::Metrics(const std::string& name, const std::string& text) const {
  File("metrics/" + name + ".textproto", text);
}

void CatalogueFolder::Areas(const std::string& text) const {
  File("areas.textproto", text);
}

void CatalogueFolder::Questionnaires(const std::string& name, const std::string& text) const {
  std::filesystem::create_directory(path_ + "/questionnaires");
  std::ofstream(path_ + "/questionnaires/" + name + ".textproto") << text;
}

int LineOf(const std::string& text, absl::string_view part) {
  const std::vector<std::string> lines = absl::StrSplit(text, '\n');
  int found = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (!absl::StrContains(lines[i], part)) continue;
    EXPECT_EQ(found, 0) << "two lines hold " << part;
    found = static_cast<int>(i) + 1;
  }
  EXPECT_NE(found, 0) << "no line holds " << part;
  return found;
}

std::string WithLine(const std::string& text, absl::string_view part, absl::string_view line) {
  std::vector<std::string> lines = absl::StrSplit(text, '\n');
  const int number = LineOf(text, part);
  if (number > 0) lines[static_cast<std::size_t>(number) - 1] = std::string(line);
  return absl::StrJoin(lines, "\n");
}

}  // namespace waymark::catalogue

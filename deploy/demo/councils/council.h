// One made-up council: its families' ways through early help and social care, and the true figures of them.
// Nothing is taken from a real council, and no one has a name.
#ifndef WAYMARK_DEPLOY_DEMO_COUNCILS_COUNCIL_H_
#define WAYMARK_DEPLOY_DEMO_COUNCILS_COUNCIL_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "base/day.h"
#include "base/period.h"

namespace waymark::demo {

// How things go in a council.
struct Profile {
  const char* code;  // in the range E990000.., which the Office for National Statistics does not use
  const char* name;
  const char* region_code;
  const char* region_name;
  int episodes_a_year;    // of early help, a child each
  double returns;         // chance that a family closed is back in early help within a year
  double step_up;         // that early help ends in social care
  double later_referral;  // that a family closed is referred to social care within a year
  double outcomes_met;    // share of the other closures
  double self_referral;   // share of early-help starts
  double nfa;             // share of referrals that end in no further action
  int typical_days;       // median length of early help
};

// Values are the national codes (children in need census) or the words of docs/metrics.md.
struct Child {
  std::string id;
  std::string family;
  Day birth = kNoDay;
  bool birth_recorded = true;
  absl::string_view sex;
  absl::string_view ethnicity;
  bool disabled = false;
  std::size_t area = 0;  // of AreaNames()
};

enum class RecordKind { kContact, kReferral, kEarlyHelp, kCin, kCp, kCla };

struct Record {
  RecordKind kind = RecordKind::kContact;
  std::size_t child = 0;  // index in Council::children
  Day start = 0;     // the day itself for contacts and referrals. kImpossibleDay: a date that does not exist
  Day end = kNoDay;  // kNoDay: open
  absl::string_view source;
  absl::string_view reason;  // why it ended; "" : left blank
  absl::string_view need;
  absl::string_view outcome;  // of a contact: where it led; of a referral: "nfa", "assessed" or "cin"
  int team = 0;               // from 1
  std::string id;
};
inline constexpr Day kImpossibleDay = kNoDay - 1;

// True totals of one period, in episodes, counted from what was made before any mistake was put into the
// files.
struct Truth {
  std::int64_t early_help_closures = 0;
  std::int64_t outcomes_met = 0;
  std::int64_t end_reason_known = 0;
  struct Window {
    int days = 0;
    std::int64_t followed_up = 0;  // closures without a move or an 18th birthday in the window
    std::int64_t returned = 0;     // of those: early help again
    std::int64_t followed_up_not_in_social_care = 0;
    std::int64_t referred = 0;  // of those: to social care
  };
  Window windows[2] = {{.days = 183}, {.days = 365}};
  std::int64_t referrals = 0;
  std::int64_t referrals_nfa = 0;
  std::int64_t contacts = 0;
  std::int64_t contacts_nfa = 0;
  int duration_quartiles[3] = {0, 0, 0};  // days; the smallest with a share of at least 25, 50, 75%
};

struct Council {
  Profile profile;
  std::vector<Child> children;
  std::vector<Record> records;  // with the mistakes that real files have; by start
  Truth truth;
};

inline constexpr int kTeams = 4;
const std::vector<absl::string_view>& AreaNames();
Day CoveredFrom();     // 2021-04-01: records are whole from here
Day ExtractDate();     // 2025-06-30
Period TruthPeriod();  // the financial year 2023-24

// The same council for the same profile and seed.
Council MakeCouncil(const Profile& profile, std::uint64_t seed);

}  // namespace waymark::demo

#endif  // WAYMARK_DEPLOY_DEMO_COUNCILS_COUNCIL_H_

// What the files of the naive reading share. For naive.cc and naive_entries.cc.
#ifndef WAYMARK_TESTS_UNIT_NODE_MEASURE_NAIVE_PARTS_H_
#define WAYMARK_TESTS_UNIT_NODE_MEASURE_NAIVE_PARTS_H_

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/unit/node/measure/naive.h"

namespace waymark::node::naive {

// One thing counted.
struct Item {
  const Child* child = nullptr;
  Day event = 0;
  Day start = 0;
  Texts fields = {};
  std::set<std::string> columns = {};
  int days = 0;
  std::string ended = {};                            // survival: "social_care", "early_help", "censored"
  std::map<std::string, std::int64_t> amounts = {};  // transition
};

struct Needs {
  bool early_help = false, social_care = false, referrals = false, contacts = false;
  std::vector<std::pair<std::string, std::string>> fields = {};  // kind of record, field
  int reach = 0;
  // Days before the period from which each must be whole.
  int early_help_back = 0, social_care_back = 0, contacts_back = 0;
  std::optional<StepKind> steps = {};  // of which there must be some
  bool referral_of_step = false;       // and some must tell their referral
  bool families = false;
  bool stock = false;  // of the period's last day
};

bool IsOpen(const Run& run, Day day);
bool AnyOpen(const std::vector<Run>& runs, Day day);
bool AnyStarts(const std::vector<Run>& runs, Day day);
bool AnyEndsWith(const Child& child, Day day, const std::string& reason);
bool TurnsEighteen(const Child& child, Day day);
int Age(Day birth, Day on);
// Whether a post-closure cohort leaves the child out.
bool IsLeftOut(const Child& child, Day end, int window);
// "<91", "<=7", "+".
std::string BinOf(int days, const std::vector<int>& bins, bool upper_included);

// The metrics of naive_entries.cc: the kind of record that each counts; nothing for another metric.
std::optional<std::string> KindOfEntry(const std::string& metric);
Needs NeedsOfEntry(const std::string& metric, int window);
// What they count in the period, before cutting at the extract date.
std::vector<Item> ItemsOfEntry(const std::vector<Child>& children, const Ask& ask);
// Metrics whose columns are classes, each item in one.
bool IsMix(const Ask& ask);
// Whether the column of an outcome that is that nothing happened.
bool IsOfAll(const std::string& metric, const std::string& column);

}  // namespace waymark::node::naive

#endif  // WAYMARK_TESTS_UNIT_NODE_MEASURE_NAIVE_PARTS_H_

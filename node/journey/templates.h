// What no case system carries: the rows of the plain CSV templates (docs/data-model.md). Rows name children
// and families by the ids that the other sources use. These never leave the node.
#ifndef WAYMARK_NODE_JOURNEY_TEMPLATES_H_
#define WAYMARK_NODE_JOURNEY_TEMPLATES_H_

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/day.h"

namespace waymark::node {

// One tool's score of one child, at the start of help and, where there is one, at its end. Scores are in
// thousandths, so that sums are exact whatever the order of rows.
struct Score {
  std::string person;
  std::string tool;
  bool high_is_better = true;
  Day start = 0;
  std::int64_t start_thousandths = 0;
  Day end = kNoDay;  // kNoDay: no second score
  std::int64_t end_thousandths = 0;
  std::string service;  // "": not known
  friend auto operator<=>(const Score&, const Score&) = default;
};

// Whether one of the ten Supporting Families outcomes was a need of a child's family when help began, and
// whether that need was met when it ended.
inline constexpr int kSupportingFamiliesOutcomes = 10;
struct Need {
  std::string person;
  int outcome = 1;  // 1 to kSupportingFamiliesOutcomes
  Day start = 0;
  bool present = false;
  Day end = kNoDay;         // kNoDay: help goes on
  std::optional<bool> met;  // nothing: blank
  std::string service;
  friend auto operator<=>(const Need&, const Need&) = default;
};

// One family asked in one survey.
enum class Response : std::uint8_t { kNone, kPositive, kNeutral, kNegative };
struct View {
  std::string survey;
  std::string person;  // "": not known; so may be the family
  std::string family;
  Day day = 0;
  bool asked = true;
  bool answered = false;
  Response response = Response::kNone;  // of an answer that says how it was
  std::string service;
  friend auto operator<=>(const View&, const View&) = default;
};

// Full-time equivalents that hold cases, from one day to another.
struct Staffing {
  Day from = 0;
  Day to = kNoDay;  // the last day, included; kNoDay: no end
  std::string team;
  std::string worker;  // "": the team as a whole
  std::int64_t fte_thousandths = 0;
  friend auto operator<=>(const Staffing&, const Staffing&) = default;
};

// What a service cost from one day to another, both included.
struct Cost {
  std::string service;
  Day from = 0;
  Day to = 0;
  std::int64_t pence = 0;
  friend auto operator<=>(const Cost&, const Cost&) = default;
};

// The council's own standard beside a metric's, which is not compared.
struct Standard {
  std::string metric;
  std::int32_t days = 0;
  friend auto operator<=>(const Standard&, const Standard&) = default;
};

// The rows of one template, sorted by every field. Rows that are the same stand once where they name whom
// they are about; two families without an id may well have answered alike.
template <typename Row>
struct TemplateRows {
  std::vector<Row> rows;
  // Of the sources that have the file, the least reach; extract is kNoDay where none has.
  Day covered_from = kNoDay;
  Day extract = kNoDay;

  bool carried() const { return extract != kNoDay; }
};

// Whether equal rows are one.
inline bool NamesItsSubject(const View& view) {
  return !view.person.empty() || !view.family.empty();
}
inline bool NamesItsSubject(const Staffing& staffing) {
  return !staffing.worker.empty();
}
template <typename Row>
bool NamesItsSubject(const Row&) {
  return true;
}

struct Templates {
  TemplateRows<Score> scores;
  TemplateRows<Need> needs;
  TemplateRows<View> views;
  TemplateRows<Staffing> staffing;
  TemplateRows<Cost> costs;
  TemplateRows<Standard> standards;
};

}  // namespace waymark::node

#endif  // WAYMARK_NODE_JOURNEY_TEMPLATES_H_

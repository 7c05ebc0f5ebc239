// Made-up journeys for the benchmarks: seeded, fast, and rich in the cases that the definitions turn on
// (touching and overlapping pieces, returns on the first and the last day of a window, open ends, one-day
// cases, deaths, moves, 18th birthdays, births on 29 February, blank fields). Nothing here resembles a real
// child; shares are invented.
#ifndef WAYMARK_TESTS_BENCH_EPISODE_MODEL_H_
#define WAYMARK_TESTS_BENCH_EPISODE_MODEL_H_

#include <cstdint>
#include <vector>

#include "base/day.h"

namespace waymark::bench {

inline constexpr Day kCoveredFrom = 17622;  // 2018-04-01
inline constexpr Day kExtract = 20178;      // 2025-03-31
inline constexpr Day kFirstStart = kCoveredFrom - 400;

enum class RowLevel : std::uint8_t { kEarlyHelp, kCin, kCp, kCla, kReferral };

// One line of the file. 20 bytes, so that 25 million fit in half a gigabyte.
struct Row {
  std::uint32_t person;
  Day start;
  Day end;  // kNoDay: open
  RowLevel level;
  std::uint8_t source;  // these index the tables of make_episodes.cc
  std::uint8_t end_reason;
  std::uint8_t need;
  std::uint8_t area;
  std::uint8_t team;
  std::uint8_t service;
  std::uint8_t nfa;
};
static_assert(sizeof(Row) == 20);

// What every row of a person repeats.
struct PersonFields {
  std::uint32_t family;  // 0: blank
  Day birth;             // kNoDay: blank
  std::uint8_t sex, ethnicity, disability, area;
};

// SplitMix64 (Steele, Lea, Flood 2014). Not random in any sense that matters for secrets.
class Draws {
 public:
  Draws(std::uint64_t seed, std::uint64_t stream) : state_(seed * 0x9E3779B97F4A7C15U + stream) {
    Next();
    state_ ^= stream << 32U;
  }
  std::uint64_t Next() {
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15U);
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31U);
  }
  // 0 to n - 1.
  std::uint32_t Below(std::uint32_t n) {
    return static_cast<std::uint32_t>((static_cast<unsigned __int128>(Next()) * n) >> 64U);
  }
  bool Chance(std::uint32_t per_thousand) { return Below(1000) < per_thousand; }

 private:
  std::uint64_t state_;
};

// Positions in the end reasons of make_episodes.cc.
enum EndReason : std::uint8_t {
  kBlankReason,
  kOutcomesMet,
  kStepUp,
  kDeclined,
  kDisengaged,
  kNfa,
  kMoved,
  kAgedOut,
  kDied,
  kUnknown,
  kCareClosed,
  kCareMoved,
  kCareDied,
};

PersonFields FieldsOf(std::uint64_t seed, std::uint32_t person);

// Appends one person's rows, 1 to about 15, in no order.
void AppendJourney(std::uint64_t seed, std::uint32_t person, std::vector<Row>& rows);

}  // namespace waymark::bench

#endif  // WAYMARK_TESTS_BENCH_EPISODE_MODEL_H_

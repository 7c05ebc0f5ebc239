#include "tests/bench/episode_model.h"

#include <algorithm>
#include <cstddef>

namespace waymark::bench {
namespace {

constexpr Day kFirstBirth = 11323;  // 2001-01-01
constexpr std::uint32_t kBirthDays = 8700;
constexpr int kLongestJourney = 12;  // spells

// An invented spread of lengths: mostly short, with a long tail; about `mean` days on average.
Day Length(Draws& draws, std::uint32_t mean) {
  const std::uint32_t a = draws.Below(2 * mean) + 1;
  const std::uint32_t b = draws.Below(1024) + 1;
  return static_cast<Day>(a * b / 512 + (draws.Chance(30) ? draws.Below(4 * mean) : 0));
}

std::uint8_t EarlyHelpReason(Draws& draws) {
  static constexpr struct {
    std::uint32_t up_to;
    std::uint8_t reason;
  } kShares[] = {{450, kOutcomesMet}, {550, kStepUp},      {600, kDeclined}, {740, kDisengaged},
                 {820, kNfa},         {855, kMoved},       {875, kAgedOut},  {878, kDied},
                 {940, kUnknown},     {1000, kBlankReason}};
  const std::uint32_t draw = draws.Below(1000);
  for (const auto& share : kShares) {
    if (draw < share.up_to) return share.reason;
  }
  return kBlankReason;
}

std::uint8_t CareReason(Draws& draws) {
  const std::uint32_t draw = draws.Below(1000);
  return draw < 40 ? kCareMoved : draw < 44 ? kCareDied : kCareClosed;
}

// 29 February 2004, 2008, 2012 or 2016.
Day LeapBirth(std::uint32_t which) {
  constexpr Day kDays[] = {12477, 13938, 15399, 16860};
  return kDays[which % 4];
}

// One person's life while it is made up.
class Journey {
 public:
  Journey(std::uint64_t seed, std::uint32_t person, std::vector<Row>& rows)
      : draws_(seed, person), person_(person), area_(FieldsOf(seed, person).area), rows_(rows) {}

  void Live() {
    Day day = kFirstStart + static_cast<Day>(draws_.Below(kExtract - kFirstStart - 20));
    bool early_help = draws_.Chance(900);
    if (!early_help) Refer(day);
    for (int spell = 0; spell < kLongestJourney && day <= kExtract; ++spell) {
      const Row last = early_help ? EarlyHelp(day) : SocialCare(day);
      if (last.end >= kExtract || last.end_reason == kDied || last.end_reason == kCareDied) return;
      if (early_help ? !AfterEarlyHelp(last, day, early_help) : !AfterSocialCare(last, day, early_help))
        return;
    }
  }

 private:
  Row Add(RowLevel level, Day start, Day end, std::uint8_t reason) {
    // Now and then a planned end, which lies after the extract.
    if (end > kExtract && !draws_.Chance(2)) end = kNoDay;
    const bool moved_house = draws_.Chance(50);
    Row row{.person = person_,
            .start = start,
            .end = end,
            .level = level,
            .source = static_cast<std::uint8_t>(draws_.Below(23)),
            .end_reason = end == kNoDay ? static_cast<std::uint8_t>(kBlankReason) : reason,
            .need = static_cast<std::uint8_t>(draws_.Below(11)),
            .area = moved_house ? static_cast<std::uint8_t>(draws_.Below(10)) : area_,
            .team = static_cast<std::uint8_t>(draws_.Below(90)),
            .service = static_cast<std::uint8_t>(std::min(draws_.Below(8), draws_.Below(8))),
            .nfa = 0};
    // One source in four is the family itself, one in twenty the child.
    if (draws_.Chance(250)) row.source = 1;
    if (draws_.Chance(50)) row.source = 3;
    if (start <= kExtract) rows_.push_back(row);
    return row;
  }

  void Refer(Day day, std::uint8_t nfa = 2) {
    const Row row = Add(RowLevel::kReferral, day, kNoDay, kBlankReason);
    if (row.start <= kExtract) rows_.back().nfa = draws_.Chance(60) ? 0 : nfa;
  }

  Row EarlyHelp(Day start) {
    const Day end = draws_.Chance(15) ? start : start + Length(draws_, 150);
    const Row row = Add(RowLevel::kEarlyHelp, start, end, EarlyHelpReason(draws_));
    // A second worker's overlapping piece.
    if (draws_.Chance(30) && row.end != kNoDay && row.end <= kExtract) {
      const Day second = start + static_cast<Day>(draws_.Below(static_cast<std::uint32_t>(end - start) + 2));
      Add(RowLevel::kEarlyHelp, second, second + Length(draws_, 90), EarlyHelpReason(draws_));
    }
    return row;
  }

  Row SocialCare(Day start) {
    const std::uint8_t reason = CareReason(draws_);
    const Row cin = Add(RowLevel::kCin, start, start + Length(draws_, 170), reason);
    const Day length = (cin.end == kNoDay ? kExtract : cin.end) - start;
    if (length < 30 || !draws_.Chance(140)) return cin;
    const Day plan = start + 5 + static_cast<Day>(draws_.Below(static_cast<std::uint32_t>(length)));
    const bool looked_after = draws_.Chance(250);
    const Row higher = Add(looked_after ? RowLevel::kCla : RowLevel::kCp, plan,
                           plan + Length(draws_, looked_after ? 400 : 250), CareReason(draws_));
    return higher.end == kNoDay || (cin.end != kNoDay && higher.end > cin.end) ? higher : cin;
  }

  // What comes next, if anything: its day and kind.
  bool AfterEarlyHelp(const Row& last, Day& day, bool& early_help) {
    if (last.end_reason == kStepUp || draws_.Chance(30)) {
      const Day back = std::min<Day>(static_cast<Day>(draws_.Below(20)), last.end - last.start);
      const Day from = last.end_reason == kStepUp ? last.end - back : last.end;
      day = from + static_cast<Day>(draws_.Below(4)) + (last.end_reason == kStepUp ? 0 : Length(draws_, 200));
      early_help = false;
      Refer(day - (draws_.Chance(300) ? 2 : 0), 2);
      return true;
    }
    if (draws_.Chance(40)) Refer(last.end + 1 + Length(draws_, 200), 1);
    return Return(last.end, day);
  }

  bool AfterSocialCare(const Row& last, Day& day, bool& early_help) {
    if (draws_.Chance(200)) {  // stepped down
      day = last.end + static_cast<Day>(draws_.Below(35));
      early_help = true;
      return true;
    }
    if (!Return(last.end, day)) return false;
    if (day > last.end + 1) Refer(day);
    return true;
  }

  // The same kind of help again: a piece that touches, a return at the edge of a window, or some time later.
  bool Return(Day end, Day& day) {
    static constexpr Day kEdges[] = {2, 182, 183, 184, 364, 365, 366};
    const std::uint32_t draw = draws_.Below(1000);
    if (draw < 110) {
      day = end + static_cast<Day>(draws_.Below(2));
    } else if (draw < 130) {
      day = end + kEdges[draws_.Below(7)];
    } else if (draw < 520) {
      day = end + 1 + Length(draws_, 260);
    } else {
      return false;
    }
    return true;
  }

  Draws draws_;
  std::uint32_t person_;
  std::uint8_t area_;
  std::vector<Row>& rows_;
};

}  // namespace

PersonFields FieldsOf(std::uint64_t seed, std::uint32_t person) {
  // Five neighbours make one to three families.
  constexpr std::uint8_t kFamilies[8][5] = {{0, 0, 1, 1, 1}, {0, 1, 1, 1, 1}, {0, 1, 1, 2, 2},
                                            {0, 0, 0, 0, 0}, {0, 0, 1, 2, 2}, {0, 0, 0, 1, 2},
                                            {0, 1, 2, 2, 2}, {0, 0, 1, 1, 2}};
  Draws house(seed, (std::uint64_t{1} << 40U) + person / 5);
  const std::uint32_t kind = house.Below(8);
  Draws draws(seed, (std::uint64_t{1} << 41U) + person);
  PersonFields fields{.family = person / 5 * 3 + kFamilies[kind][person % 5] + 1,
                      .birth = kFirstBirth + static_cast<Day>(draws.Below(kBirthDays)),
                      .sex = static_cast<std::uint8_t>(draws.Below(2)),
                      .ethnicity = static_cast<std::uint8_t>(std::min(draws.Below(12), draws.Below(12))),
                      .disability = static_cast<std::uint8_t>(draws.Chance(120) ? 0 : 1),
                      .area = static_cast<std::uint8_t>(house.Below(10))};
  if (draws.Chance(30)) fields.family = 0;
  if (draws.Chance(20)) fields.birth = kNoDay;
  if (draws.Chance(5)) fields.birth = LeapBirth(draws.Below(4));
  if (draws.Chance(25)) fields.sex = 2;
  if (draws.Chance(60)) fields.disability = 2;
  return fields;
}

void AppendJourney(std::uint64_t seed, std::uint32_t person, std::vector<Row>& rows) {
  Journey(seed, person, rows).Live();
}

}  // namespace waymark::bench

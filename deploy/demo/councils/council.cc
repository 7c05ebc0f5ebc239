#include "deploy/demo/councils/council.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "deploy/demo/councils/dice.h"
#include "deploy/demo/councils/truth.h"

namespace waymark::demo {
namespace {

constexpr std::array kSources = {"1A", "2A", "3A", "3B", "3E", "4", "5D", "6", "8", "10"};
constexpr std::array kSourceWeights = {.08, .30, .06, .10, .05, .05, .06, .20, .08, .02};
constexpr std::array kNeeds = {"N1", "N2", "N3", "N4", "N5", "N6", "N8", "N0"};
constexpr std::array kNeedWeights = {.22, .10, .12, .18, .26, .06, .03, .03};
constexpr std::array kEthnicities = {"WBRI", "WOTH", "MWBC", "MOTH", "AIND", "APKN", "BAFR", "OOTH", "NOBT"};
constexpr std::array kEthnicityWeights = {.62, .07, .05, .05, .03, .06, .06, .03, .03};
constexpr std::array kOtherReasons = {"disengaged", "declined", "nfa", "moved", "unknown", "", "archived"};
constexpr std::array kOtherReasonWeights = {.40, .15, .18, .10, .06, .09, .02};
constexpr std::array kCinReasons = {"RC1", "RC3", "RC7", "RC9"};
constexpr std::array kAgeWeights = {6., 6., 6., 6., 6., 6., 6., 6., 6., 6., 6., 7., 7., 7., 7., 6., 4., 2.};

// One stretch of a family's way. Social care: a referral, and an episode unless it went no further.
struct Spell {
  bool social_care = false;
  bool no_further_action = false;  // of a referral
  bool assessed_only = false;      // closed after assessment (RC8): no episode either
  Day start = 0;
  Day end = 0;
  absl::string_view source;
  absl::string_view reason;
  absl::string_view need;
  Day cp_start = kNoDay, cp_end = kNoDay, cla_start = kNoDay, cla_end = kNoDay;
};

class Maker {
 public:
  Maker(const Profile& profile, std::uint64_t seed) : profile_(profile), dice_(seed) {
    council_.profile = profile;
  }

  Council Make() {
    const int wanted = profile_.episodes_a_year * (ExtractDate() - CoveredFrom()) / 365;
    while (early_help_ < wanted) MakeFamily();
    TruthCounter truth(TruthPeriod());
    truth.Count(council_.children, council_.records);
    council_.truth = truth.Result();
    AddMistakes();
    std::stable_sort(council_.records.begin(), council_.records.end(),
                     [](const Record& a, const Record& b) { return a.start < b.start; });
    return std::move(council_);
  }

 private:
  absl::string_view Source() {
    return dice_.Chance(profile_.self_referral) ? "1C"
                                                : absl::string_view(kSources[dice_.Pick(kSourceWeights)]);
  }

  void MakeFamily() {
    // The first families come a year before the records are whole, so that the first year starts with open
    // cases.
    const Day arrival = dice_.Between(CoveredFrom() - 365, ExtractDate());
    const std::array kWays = {.30, .45, .25};  // a contact that leads nowhere, early help, social care
    const std::size_t way = dice_.Pick(kWays);
    std::vector<Spell> spells;
    if (way > 0) spells = MakeSpells(arrival, way == 2);
    const int children = 1 + static_cast<int>(dice_.Pick(std::array{.54, .32, .11, .03}));
    const std::string family = absl::StrFormat("F%06d", ++families_);
    const int eldest = static_cast<int>(dice_.Pick(kAgeWeights));
    const std::size_t area = dice_.Pick(std::array{.25, .22, .18, .15, .12, .08});
    const absl::string_view ethnicity = kEthnicities[dice_.Pick(kEthnicityWeights)];
    for (int i = 0; i < children; ++i) {
      Child child;
      child.family = family;
      child.birth = arrival - static_cast<Day>(std::max(0, eldest - 3 * i) * 365.25) - dice_.Between(1, 364);
      child.sex = dice_.Chance(.48) ? "F" : dice_.Chance(.99) ? "M" : "U";
      child.ethnicity = ethnicity;
      child.disabled = dice_.Chance(.09);
      child.area = area;
      AddChild(std::move(child), spells, i == 0, arrival);
    }
  }

  // A family's way, from its first episode to its last.
  std::vector<Spell> MakeSpells(Day day, bool social_care) {
    std::vector<Spell> spells;
    while (day <= ExtractDate() && spells.size() < 12) {
      const Spell spell = social_care ? MakeSocialCare(day) : MakeEarlyHelp(day);
      spells.push_back(spell);
      const bool stepped_up = !social_care && spell.reason == "step_up";
      if (!social_care && !stepped_up && spell.reason == "moved") break;
      if (stepped_up) {
        day = spell.end - dice_.Between(0, 7);
        social_care = true;
      } else if (social_care ? dice_.Chance(.30) : dice_.Chance(profile_.returns)) {
        day = spell.end + (social_care ? dice_.Between(2, 25) : dice_.SoonWithin(2, 365));
        social_care = false;
      } else if (dice_.Chance(profile_.later_referral)) {
        day = spell.end + dice_.SoonWithin(10, 365);
        social_care = true;
      } else if (dice_.Chance(.10)) {
        day = spell.end + dice_.Between(366, 900);
        social_care = false;
      } else {
        break;
      }
    }
    return spells;
  }

  Spell MakeEarlyHelp(Day day) {
    Spell spell;
    spell.start = day;
    spell.end = day + dice_.Days(profile_.typical_days, .75, 21);
    spell.source = Source();
    spell.need = kNeeds[dice_.Pick(kNeedWeights)];
    if (dice_.Chance(profile_.step_up)) {
      spell.reason = "step_up";
    } else if (dice_.Chance(profile_.outcomes_met)) {
      spell.reason = "outcomes_met";
    } else {
      spell.reason = kOtherReasons[dice_.Pick(kOtherReasonWeights)];
    }
    return spell;
  }

  Spell MakeSocialCare(Day day) {
    Spell spell;
    spell.social_care = true;
    spell.start = day;
    spell.source = Source();
    spell.need = kNeeds[dice_.Pick(kNeedWeights)];
    spell.no_further_action = dice_.Chance(profile_.nfa);
    spell.assessed_only = !spell.no_further_action && dice_.Chance(.20);
    if (spell.no_further_action || spell.assessed_only) {
      spell.end = day + dice_.Between(10, 45);
      spell.reason = "RC8";
      return spell;
    }
    spell.end = day + dice_.Days(190, .7, 40);
    spell.reason = kCinReasons[dice_.Pick(std::array{.01, .04, .85, .10})];
    if (dice_.Chance(.2)) {
      spell.cp_start = day + dice_.Between(15, 35);
      spell.cp_end = spell.end;
    }
    if (dice_.Chance(.07)) {
      spell.cla_start = day + dice_.Between(1, 30);
      spell.cla_end = spell.end;
      if (spell.cp_start != kNoDay) spell.cp_end = std::max(spell.cp_start + 1, spell.cla_start);
    }
    return spell;
  }

  // Gives a child its part of the family's way. Nobody stays after the 18th birthday.
  void AddChild(Child child, const std::vector<Spell>& spells, bool eldest, Day arrival) {
    const std::size_t index = council_.children.size();
    const Day leaves = Birthday(child.birth, 18) - dice_.Between(5, 28);
    const std::size_t before = council_.records.size();
    std::vector<Day> closures;
    for (const Spell& spell : spells) {
      // Most brothers and sisters are part of the first spell; a return often concerns one child alone.
      if (!eldest && !dice_.Chance(&spell == &spells.front() ? .8 : .4)) continue;
      if (spell.start >= leaves) break;
      const bool ages_out = spell.end > leaves;
      AddSpell(index, spell, ages_out ? leaves : spell.end, ages_out);
      closures.push_back(ages_out ? leaves : spell.end);
      if (ages_out) break;
    }
    if (spells.empty())
      AddContact(index, arrival, kSources[dice_.Pick(kSourceWeights)], dice_.Chance(.7) ? "nfa" : "other");
    if (council_.records.size() == before) return;
    // Definitions may differ on a birthday that falls on the very edge of a window: there is none.
    const auto on_edge = [&](Day closure) {
      const int days = Birthday(child.birth, 18) - closure;
      return days == 0 || days == 183 || days == 365;
    };
    while (std::any_of(closures.begin(), closures.end(), on_edge)) ++child.birth;
    child.birth_recorded = Birthday(child.birth, 18) < ExtractDate() + 400 || !dice_.Chance(.02);
    child.id = absl::StrFormat("C%07d", index + 1);
    council_.children.push_back(std::move(child));
  }

  void AddSpell(std::size_t child, const Spell& spell, Day end, bool ages_out) {
    const int team = dice_.Between(1, kTeams);
    const auto add = [&](RecordKind kind, Day from, Day to, absl::string_view reason) {
      // What ended before the records begin is not in the extract, nor is what had not happened yet.
      if (from > ExtractDate() || to < CoveredFrom() || from == kNoDay) return false;
      Record record{kind, child, from, to > ExtractDate() ? kNoDay : to, spell.source, "", spell.need,
                    "",   team,  ""};
      if (record.end != kNoDay) record.reason = reason;
      council_.records.push_back(std::move(record));
      return true;
    };
    if (!spell.social_care) {
      AddContact(child, spell.start - dice_.Between(0, 30), spell.source, "early_help");
      if (add(RecordKind::kEarlyHelp, spell.start, end,
              ages_out ? absl::string_view("aged_out") : spell.reason))
        ++early_help_;
      return;
    }
    AddContact(child, spell.start - dice_.Between(0, 2), spell.source, "social_care");
    if (add(RecordKind::kReferral, spell.start, end, spell.reason)) {
      council_.records.back().outcome = spell.no_further_action ? "nfa"
                                        : spell.assessed_only   ? "assessed"
                                                                : "cin";
    }
    if (spell.no_further_action || spell.assessed_only) return;
    add(RecordKind::kCin, spell.start, end, ages_out ? absl::string_view("RC6") : spell.reason);
    if (spell.cp_start < end) add(RecordKind::kCp, spell.cp_start, std::min(spell.cp_end, end), "");
    if (spell.cla_start < end) add(RecordKind::kCla, spell.cla_start, std::min(spell.cla_end, end), "E13");
  }

  void AddContact(std::size_t child, Day day, absl::string_view source, absl::string_view outcome) {
    if (day < CoveredFrom() || day > ExtractDate()) return;
    Record record{RecordKind::kContact, child, day, kNoDay, source, "", "", outcome, 0, ""};
    council_.records.push_back(std::move(record));
  }

  // What real files have. None of it changes a true figure: pieces merge, duplicates are one, and broken rows
  // are extra.
  void AddMistakes() {
    const std::size_t count = council_.records.size();
    for (std::size_t i = 0; i < count; ++i) {
      council_.records[i].id = absl::StrFormat("%07d", ++ids_);
      const Record record = council_.records[i];
      if (record.kind != RecordKind::kEarlyHelp) {
        if (dice_.Chance(.004)) council_.records[i].need = "";
        continue;
      }
      if (dice_.Chance(.004)) {
        council_.records.push_back(record);
      } else if (dice_.Chance(.03) && record.end != kNoDay && record.end - record.start > 20) {
        SplitAtTransfer(i);
      } else if (dice_.Chance(.003)) {
        Record broken = record;
        broken.id = absl::StrFormat("%07d", ++ids_);
        switch (dice_.Between(0, 2)) {
          case 0:
            broken.start = kImpossibleDay;
            break;
          case 1:
            broken.end = record.start - dice_.Between(3, 400);
            break;
          default:
            broken.start = ExtractDate() + dice_.Between(30, 3650);
            broken.end = kNoDay;
        }
        council_.records.push_back(std::move(broken));
      }
    }
  }

  // The case goes to another team: closed one day, opened again that day or the next.
  void SplitAtTransfer(std::size_t i) {
    Record rest = council_.records[i];
    Record& first = council_.records[i];
    first.end = first.start + dice_.Between(5, 15);
    first.reason = "transferred";
    rest.start = first.end + dice_.Between(0, 1);
    rest.team = 1 + rest.team % kTeams;
    rest.id = absl::StrFormat("%07d", ++ids_);
    council_.records.push_back(std::move(rest));
  }

  const Profile profile_;
  Dice dice_;
  Council council_;
  int families_ = 0;
  int early_help_ = 0;
  int ids_ = 0;
};

}  // namespace

const std::vector<absl::string_view>& AreaNames() {
  static const auto* const kNames = new std::vector<absl::string_view>{
      "North", "Harbour", "Castle Hill", "Riverside", "Ch\xC3\xA2teau Green", "Market, East"};
  return *kNames;
}

Day CoveredFrom() {
  return *DayOf({2021, 4, 1});
}
Day ExtractDate() {
  return *DayOf({2025, 6, 30});
}
Period TruthPeriod() {
  return FinancialYearOf(*DayOf({2023, 4, 1}));
}

Council MakeCouncil(const Profile& profile, std::uint64_t seed) {
  return Maker(profile, seed).Make();
}

}  // namespace waymark::demo

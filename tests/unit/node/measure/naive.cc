#include "tests/unit/node/measure/naive.h"

#include <algorithm>
#include <functional>
#include <tuple>

#include "tests/unit/node/measure/naive_parts.h"

namespace waymark::node::naive {
namespace {

const std::set<std::string> kSources = {"1A", "1B", "1C", "1D", "2A", "2B", "3A", "3B", "3C", "3D", "3E",
                                        "3F", "4",  "5A", "5B", "5C", "5D", "6",  "7",  "8",  "9",  "10"};

// 1 January 2021: nothing ends before.
constexpr Day kFirstDay = 18'628;

std::string TextOf(const Records& records, Code code) {
  return code == kNoCode ? "" : records.codes.Text(code);
}

std::string IdOf(const Records& records, RecordId id) {
  return id == kNoRecordId ? "" : std::string(records.record_ids.Text(id));
}

Texts FieldsOf(const Records& records, const Episode& e) {
  return {{"source", TextOf(records, e.source)}, {"end_reason", TextOf(records, e.end_reason)},
          {"need", TextOf(records, e.need)},     {"area", TextOf(records, e.area)},
          {"team", TextOf(records, e.team)},     {"service", TextOf(records, e.service)}};
}

// The order of pieces: by start, id, end, then source, end reason, need, area, team, service.
auto PieceKey(const Records& records, const Episode& e) {
  return std::tuple(e.start, static_cast<int>(e.level), IdOf(records, e.id), e.end, TextOf(records, e.source),
                    TextOf(records, e.end_reason), TextOf(records, e.need), TextOf(records, e.area),
                    TextOf(records, e.team), TextOf(records, e.service));
}

// Every day that a piece touches, its end included; neighbouring days make a run. An open piece touches the
// days up to two after the extract date.
std::vector<Run> RunsOf(const Records& records, const std::vector<Episode>& pieces, Day extract) {
  std::set<Day> touched;
  for (const Episode& piece : pieces) {
    const Day last = piece.end > extract ? extract + 2 : piece.end;
    for (Day day = piece.start; day <= last; ++day) touched.insert(day);
  }
  std::vector<Run> runs;
  for (const Day day : touched) {
    if (runs.empty() || !touched.contains(day - 1)) runs.push_back({.start = day, .end = day, .fields = {}});
    runs.back().end = day;
  }
  for (Run& run : runs) {
    const Episode* first = nullptr;
    const Episode* last = nullptr;
    for (const Episode& piece : pieces) {
      if (piece.start < run.start || piece.start > run.end) continue;
      if (first == nullptr || PieceKey(records, piece) < PieceKey(records, *first)) first = &piece;
      if (piece.end != run.end) continue;
      // Of pieces that end together: the lowest level, then the last in order.
      if (last == nullptr || piece.level < last->level ||
          (piece.level == last->level && PieceKey(records, *last) < PieceKey(records, piece))) {
        last = &piece;
      }
    }
    run.fields = FieldsOf(records, *first);
    if (run.end > extract) {
      run.end = kNoDay;
      run.fields["end_reason"] = "";
    } else {
      run.fields["end_reason"] = TextOf(records, last->end_reason);
    }
  }
  return runs;
}

std::string BandOf(const Child& child, Day on) {
  if (child.birth == kNoDay) return "not known";
  if (on < child.birth) return "unborn";
  const int age = Age(child.birth, on);
  return age < 5 ? "0-4" : age < 10 ? "5-9" : age < 16 ? "10-15" : age < 18 ? "16-17" : "18+";
}

std::string SourceOfReturn(const Child& child, const Run& run) {
  if (kSources.contains(run.fields.at("source"))) return run.fields.at("source");
  for (Day day = run.start; day >= run.start - 90; --day) {
    std::string id, source;
    bool found = false;
    for (const Run& contact : child.contacts) {
      if (contact.start != day || !kSources.contains(contact.fields.at("source"))) continue;
      const auto key = std::pair(contact.fields.at("id"), contact.fields.at("source"));
      if (!found || key > std::pair(id, source)) std::tie(id, source) = key;
      found = true;
    }
    if (found) return source;
  }
  return "";
}

void AddReturn(const Child& child, const Run& closed, int window, Item& item) {
  for (Day day = closed.end + 1; day <= closed.end + window; ++day) {
    for (const Run& run : child.early_help) {
      if (run.start != day) continue;
      item.columns.insert("any");
      const std::string source = SourceOfReturn(child, run);
      if (source == "1A" || source == "1C") item.columns.insert({source, "self"});
      return;
    }
  }
}

void AddStepUp(const Child& child, const Run& closed, int window, Item& item) {
  for (Day day = closed.end + 2; day <= closed.end + window; ++day) {
    if (AnyStarts(child.cin, day)) item.columns.insert({"any", "cin"});
    if (AnyStarts(child.cp, day)) item.columns.insert({"any", "cp"});
    if (AnyStarts(child.cla, day)) item.columns.insert({"any", "cla"});
  }
}

// False where the child was never at risk.
bool Follow(const Child& child, Day end, Day extract, Item& item) {
  if (child.death <= end) return false;
  for (Day day = end;; ++day) {
    if (day > end) {
      if (AnyStarts(child.referrals, day) || AnyStarts(child.social_care, day)) {
        item.ended = "social_care";
      } else if (AnyStarts(child.early_help, day)) {
        item.ended = "early_help";
      }
    }
    const bool over = day == extract || day == child.death || AnyEndsWith(child, day, "moved") ||
                      (day > end && TurnsEighteen(child, day));
    if (item.ended.empty() && over) item.ended = "censored";
    if (item.ended.empty()) continue;
    item.days = day - end;
    return day > end;
  }
}

std::string GroupOf(const std::string& source) {
  static const std::map<std::string, std::string> kGroups = {
      {"1B", "other_individual"}, {"1D", "other_individual"},
      {"2A", "schools"},          {"2B", "education"},
      {"3A", "health"},           {"3B", "health"},
      {"3C", "health"},           {"3D", "health"},
      {"3E", "health"},           {"3F", "health"},
      {"4", "housing"},           {"5A", "local_authority"},
      {"5B", "local_authority"},  {"5C", "local_authority"},
      {"5D", "local_authority"},  {"6", "police"},
      {"7", "other_legal"},       {"8", "other"},
      {"9", "anonymous"}};
  const auto at = kGroups.find(source);
  return at == kGroups.end() ? "not_known" : at->second;
}

void AddSource(const std::string& source, Item& item) {
  if (source == "1A" || source == "1C") {
    item.columns.insert({"self", source});
  } else {
    item.columns.insert(GroupOf(source));
  }
}

std::string StateOf(const Child& child, Day day) {
  if (AnyOpen(child.social_care, day)) return "social_care";
  if (AnyOpen(child.early_help, day)) return "early_help";
  for (const auto* runs : {&child.early_help, &child.social_care}) {
    for (const Run& run : *runs) {
      if (run.end <= day) return "none";
    }
  }
  return "";
}

void AddPersonTime(const Child& child, const Period& period, Day extract, std::vector<Item>& items) {
  Item item{.child = &child, .event = period.first};
  bool grown = child.birth != kNoDay && Age(child.birth, period.first) >= 18;
  std::string before = StateOf(child, period.first - 1);
  for (Day day = period.first; day <= period.last && day <= extract; ++day) {
    grown = grown || TurnsEighteen(child, day);
    if (grown || day >= child.death) break;
    const std::string now = StateOf(child, day);
    if (!now.empty()) {
      ++item.amounts["days:" + now];
      if (!before.empty() && before != now) ++item.amounts[before + ">" + now];
    }
    before = now;
  }
  if (!item.amounts.empty()) items.push_back(item);
}

Needs NeedsOf(const std::string& metric, int window) {
  if (KindOfEntry(metric).has_value()) return NeedsOfEntry(metric, window);
  if (metric == "1") return {.early_help = true, .reach = window};
  if (metric == "2") return {.early_help = true, .social_care = true, .referrals = true, .reach = window};
  if (metric == "4") {
    return {.early_help = true, .social_care = true, .reach = 1};
  }
  if (metric == "5") return {.early_help = true, .social_care = true, .reach = window};
  if (metric == "9" || metric == "9-social-care") {
    return {.early_help = true, .social_care = true, .referrals = true};
  }
  if (metric == "10") return {.early_help = true};
  if (metric == "16" || metric == "16-known" || metric == "17" || metric == "18")
    return {.early_help = true, .fields = {{"early_help", "end_reason"}}};
  if (metric == "19") return {.social_care = true, .referrals = true, .fields = {{"referral", "nfa"}}};
  if (metric == "19-contacts") return {.contacts = true, .fields = {{"contact", "outcome"}}};
  if (metric == "22") return {.social_care = true, .referrals = true, .fields = {{"referral", "source"}}};
  if (metric == "22-starts") return {.early_help = true, .fields = {{"early_help", "source"}}};
  if (metric == "22-contacts") return {.contacts = true, .fields = {{"contact", "source"}}};
  return {.early_help = true, .social_care = true};  // 31
}

std::string KindOf(const std::string& metric) {
  if (const auto kind = KindOfEntry(metric); kind.has_value()) return *kind;
  if (metric == "19" || metric == "22") return "referral";
  if (metric == "19-contacts" || metric == "22-contacts") return "contact";
  return metric == "9-social-care" ? "social_care" : metric == "31" ? "person" : "early_help";
}

const std::map<std::string, StepKind>& StepKinds() {
  static const std::map<std::string, StepKind> kKinds = {
      {"early_help_assessment", StepKind::kEarlyHelpAssessment},
      {"assessment", StepKind::kAssessment},
      {"enquiry", StepKind::kEnquiry},
      {"plan", StepKind::kPlan}};
  return kKinds;
}
std::optional<StepKind> StepKindNamed(const std::string& kind) {
  const auto at = StepKinds().find(kind);
  return at == StepKinds().end() ? std::nullopt : std::optional<StepKind>(at->second);
}

// Early-help assessments may have a source of their own.
Coverage ReachOf(const Records& records, StepKind kind) {
  if (kind != StepKind::kEarlyHelpAssessment) return records.social_care;
  return records.early_help_assessment.from == kNoDay ? records.early_help : records.early_help_assessment;
}

// Whether a field is carried by any record of a kind, or there are no such records.
bool IsCarried(const Records& records, const std::string& kind, const std::string& field) {
  std::vector<Code> codes;
  if (field == "quarter" || field == "step_down") return true;
  if (field == "earlier_social_care") {
    return records.social_care.extract != kNoDay && (records.levels & Only(Level::kCin)) != 0;
  }
  if (field == "age_band") {
    for (const Person& p : records.persons) codes.push_back(p.birth == kNoDay ? kNoCode : 0);
  } else if (field == "sex" || field == "ethnicity" || field == "disability") {
    for (const Person& p : records.persons) {
      codes.push_back(field == "sex" ? p.sex : field == "ethnicity" ? p.ethnicity : p.disability);
    }
  } else if (kind == "referral") {
    for (const Referral& r : records.referrals) {
      if (r.day > records.social_care.extract) continue;
      codes.push_back(field == "source"    ? r.source
                      : field == "nfa"     ? r.nfa
                      : field == "outcome" ? r.outcome
                      : field == "area"    ? r.area
                                           : r.team);
    }
  } else if (kind == "contact") {
    for (const Contact& c : records.contacts) {
      if (c.day > records.contact.extract) continue;
      codes.push_back(field == "source" ? c.source : field == "outcome" ? c.outcome : c.area);
    }
  } else if (StepKindNamed(kind).has_value()) {
    for (const Step& s : records.steps) {
      if (s.kind != *StepKindNamed(kind) || s.end < s.start) continue;
      if (s.start > ReachOf(records, s.kind).extract) continue;
      codes.push_back(field == "outcome" ? s.outcome : field == "area" ? s.area : s.team);
    }
  } else {
    static const std::map<std::string, Level> kLevelNamed = {
        {"cin", Level::kCin}, {"cp", Level::kCp}, {"cla", Level::kCla}};
    const auto level = kLevelNamed.find(kind);
    for (const Episode& e : records.episodes) {
      const bool early_help = e.level == Level::kEarlyHelp;
      if (early_help != (kind == "early_help") || e.end < e.start) continue;
      if (level != kLevelNamed.end() && e.level != level->second) continue;
      if (e.start > (early_help ? records.early_help : records.social_care).extract) continue;
      const std::map<std::string, Code> fields = {{"source", e.source}, {"end_reason", e.end_reason},
                                                  {"need", e.need},     {"area", e.area},
                                                  {"team", e.team},     {"service", e.service}};
      codes.push_back(fields.at(field));
    }
  }
  return codes.empty() || std::any_of(codes.begin(), codes.end(), [](Code code) { return code != kNoCode; });
}

std::vector<Item> ItemsOf(const std::vector<Child>& children, const Ask& ask, Day extract) {
  const std::string& m = ask.metric;
  const int reach = NeedsOf(m, ask.window).reach;
  const auto counted = [&](Day event) { return ask.period.Contains(event) && event + reach <= extract; };
  std::vector<Item> items;
  if (KindOfEntry(m).has_value()) {
    for (const Item& item : ItemsOfEntry(children, ask)) {
      if (counted(item.event)) items.push_back(item);
    }
    return items;
  }
  for (const Child& child : children) {
    if (m == "31") AddPersonTime(child, ask.period, extract, items);
    const std::string kind = KindOf(m);
    const auto& runs = kind == "referral"      ? child.referrals
                       : kind == "contact"     ? child.contacts
                       : kind == "social_care" ? child.social_care
                                               : child.early_help;
    for (const Run& run : runs) {
      const Day event = kind == "referral" || kind == "contact" || m == "22-starts" ? run.start : run.end;
      if (m == "31" || event == kNoDay || !counted(event)) continue;
      Item item{.child = &child, .event = event, .start = run.start, .fields = run.fields};
      if (m == "1" || m == "2" || m == "5") {
        if (IsLeftOut(child, run.end, ask.window)) continue;
        if (m != "1" && AnyOpen(child.social_care, run.end)) continue;
        if (m == "5" && AnyOpen(child.social_care, run.end + 1)) continue;
        if (m == "1") AddReturn(child, run, ask.window, item);
        if (m == "5") AddStepUp(child, run, ask.window, item);
        for (Day day = run.end + 1; m == "2" && day <= run.end + ask.window; ++day) {
          if (AnyStarts(child.referrals, day)) item.columns.insert("any");
        }
      } else if (m == "4") {
        if (AnyOpen(child.social_care, run.start)) continue;
        for (Day day = run.start + 1; day <= run.end + 1; ++day) {
          if (AnyStarts(child.social_care, day)) item.columns.insert("any");
        }
      } else if (m == "9" || m == "9-social-care") {
        if (AnyOpen(m == "9" ? child.social_care : child.early_help, run.end)) continue;
        if (!Follow(child, run.end, extract, item)) continue;
        item.columns = {item.ended + ":" + BinOf(item.days, ask.bins, true)};
      } else if (m == "10") {
        item.days = run.end - run.start;
        item.columns = {BinOf(item.days, ask.bins, false)};
      } else if (m == "16" || m == "16-known") {
        const std::string& reason = run.fields.at("end_reason");
        if (m == "16-known" && (reason.empty() || reason == "unknown")) continue;
        if (reason == "outcomes_met") item.columns.insert("outcomes_met");
      } else if (m == "17") {
        const std::string& reason = run.fields.at("end_reason");
        item.columns = {reason.empty() || reason == "unknown" ? "not_known" : reason};
      } else if (m == "18") {
        if (run.fields.at("end_reason") == "disengaged") item.columns.insert("disengaged");
      } else if (m == "19") {
        if (run.fields.at("nfa") == "yes") item.columns.insert("nfa");
      } else if (m == "19-contacts") {
        if (run.fields.at("outcome") == "nfa") item.columns.insert("nfa");
      } else {
        AddSource(run.fields.at("source"), item);
      }
      items.push_back(item);
    }
  }
  return items;
}

const std::map<std::string, std::set<std::string>>& FixedRows() {
  static const std::map<std::string, std::set<std::string>> kRows = {
      {"age_band", {"unborn", "0-4", "5-9", "10-15", "16-17", "18+", "not known"}},
      {"sex", {"female", "male", "other", "not known"}},
      {"ethnicity", {"white", "mixed", "asian", "black", "other", "not known"}},
      {"disability", {"yes", "no", "not known"}},
      {"earlier_social_care", {"yes", "no", "not known"}},
      {"need", {"N0", "N1", "N2", "N3", "N4", "N5", "N6", "N7", "N8", "N9", "not known"}}};
  return kRows;
}

// "2024-25-Q1".
std::string QuarterOf(Day day) {
  const CivilDate date = CivilDateOf(day);
  const int year = date.month < 4 ? date.year - 1 : date.year;
  const int quarter = date.month < 4 ? 4 : date.month < 7 ? 1 : date.month < 10 ? 2 : 3;
  const std::string next = std::to_string((year + 1) % 100);
  return std::to_string(year) + "-" + (next.size() == 1 ? "0" : "") + next + "-Q" + std::to_string(quarter);
}

std::string CategoryOf(const Item& item, const std::string& field) {
  if (field == "quarter") return QuarterOf(item.event);
  if (field == "age_band") return BandOf(*item.child, item.event);
  const Texts& from = item.child->fields.contains(field) ? item.child->fields : item.fields;
  std::string text = from.at(field);
  std::replace(text.begin(), text.end(), '|', '/');
  const bool known = field == "source" ? kSources.contains(text)
                                       : !FixedRows().contains(field) || FixedRows().at(field).contains(text);
  return text.empty() || !known ? "not known" : text;
}

std::set<std::string> RowsOf(const Period& period, const std::vector<Item>& items, const std::string& field) {
  std::set<std::string> rows;
  for (Day day = period.first; field == "quarter" && day <= period.last; ++day) rows.insert(QuarterOf(day));
  if (field == "source") {
    rows = kSources;
    rows.insert("not known");
  } else if (FixedRows().contains(field)) {
    rows = FixedRows().at(field);
  }
  for (const Item& item : items) rows.insert(CategoryOf(item, field));
  if (rows.empty()) rows.insert("not known");
  return rows;
}

std::vector<std::string> DimensionsOf(const std::string& breakdown) {
  if (breakdown.empty()) return {};
  const std::size_t bar = breakdown.find('|');
  if (bar == std::string::npos) return {breakdown};
  return {breakdown.substr(0, bar), breakdown.substr(bar + 1)};
}

// The levels without whose episodes a metric would show a 0 that nobody has counted.
std::set<Level> LevelsOf(const std::string& m) {
  if (m == "33-cin" || m == "23-social-care") return {Level::kCin};
  if (m == "33-cp") return {Level::kCp};
  if (m == "33-cla") return {Level::kCla};
  if (m == "7" || m == "8-cla-cp" || m == "8-cla-cin" || m == "8-cp-cin")
    return {Level::kEarlyHelp, Level::kCin, Level::kCp, Level::kCla};
  static const std::set<std::string> kBoth = {
      "2", "4", "5", "6", "8-social-care-early-help", "9", "9-social-care", "24", "31", "32"};
  if (kBoth.contains(m)) return {Level::kEarlyHelp, Level::kCin};
  static const std::set<std::string> kEarlyHelp = {
      "1",  "10",        "11", "14", "16",      "16-known",           "17",
      "18", "22-starts", "23", "26", "30-open", "33-early-help-open", "33-early-help-starts"};
  return kEarlyHelp.contains(m) ? std::set<Level>{Level::kEarlyHelp} : std::set<Level>();
}

Verdict Judge(const Records& records, const Ask& ask, Day& extract) {
  const Needs needs = NeedsOf(ask.metric, ask.window);
  const Day first = needs.stock ? ask.period.last : ask.period.first;
  std::vector<std::pair<Coverage, Day>> reaches;
  if (needs.early_help) {
    const bool assessments = needs.steps == StepKind::kEarlyHelpAssessment;
    reaches.emplace_back(assessments ? ReachOf(records, *needs.steps) : records.early_help,
                         first - needs.early_help_back);
  }
  if (needs.social_care) {
    reaches.emplace_back(records.social_care, first - needs.social_care_back);
  }
  if (needs.contacts) reaches.emplace_back(records.contact, first - needs.contacts_back);
  bool covered = true;
  for (const auto& [reach, from] : reaches) {
    if (reach.extract == kNoDay) return Verdict::kNotAvailable;
    covered = covered && reach.from <= from;
    extract = std::min(extract, reach.extract);
  }
  const auto seen = [](const auto& rows, Day until) {
    return std::any_of(rows.begin(), rows.end(), [until](const auto& row) { return row.day <= until; });
  };
  for (const Level level : LevelsOf(ask.metric)) {
    if ((records.levels & Only(level)) == 0) return Verdict::kNotAvailable;
  }
  if (needs.referrals && !seen(records.referrals, records.social_care.extract)) return Verdict::kNotAvailable;
  if (needs.contacts && !seen(records.contacts, records.contact.extract)) return Verdict::kNotAvailable;
  const auto any_step = [&](bool with_referral) {
    return std::any_of(records.steps.begin(), records.steps.end(), [&](const Step& s) {
      return s.kind == *needs.steps && s.end >= s.start && s.start <= ReachOf(records, s.kind).extract &&
             (!with_referral || s.referral != kNoDay);
    });
  };
  if (needs.steps.has_value() && !any_step(needs.referral_of_step)) return Verdict::kNotAvailable;
  if (needs.families && !records.has_families) return Verdict::kNotAvailable;
  for (const auto& [kind, field] : needs.fields) {
    if (!IsCarried(records, kind, field)) return Verdict::kNotAvailable;
  }
  if (!covered) return Verdict::kNotCovered;
  if (ask.period.last + needs.reach <= extract) return Verdict::kComplete;
  if (needs.stock) return Verdict::kNotYet;
  return ask.period.first + needs.reach <= extract ? Verdict::kPartial : Verdict::kNotYet;
}

// The smallest duration that at least p of them do not exceed.
std::optional<double> QuantileOf(const std::vector<Item>& items, double p) {
  for (int days = 0; days < 5000 && !items.empty(); ++days) {
    const auto within =
        std::count_if(items.begin(), items.end(), [days](const Item& i) { return i.days <= days; });
    if (static_cast<double>(within) >= p * static_cast<double>(items.size())) return days;
  }
  return std::nullopt;
}

// Kaplan–Meier and Aalen–Johansen, a day at a time.
void SetCurve(const std::vector<Item>& items, std::map<std::string, std::optional<double>>& figures) {
  double survival = 1, early_help = 0, social_care = 0;
  int last = 0;
  for (const Item& item : items) last = std::max(last, item.days);
  for (const char* name :
       {"survival_183", "survival_365", "median", "incidence_social_care_183", "incidence_social_care_365",
        "incidence_early_help_183", "incidence_early_help_365"}) {
    figures[name] = std::nullopt;
  }
  for (int day = 1; day <= last; ++day) {
    double at_risk = 0, to_early_help = 0, to_social_care = 0;
    for (const Item& item : items) {
      if (item.days >= day) ++at_risk;
      if (item.days == day && item.ended == "early_help") ++to_early_help;
      if (item.days == day && item.ended == "social_care") ++to_social_care;
    }
    early_help += survival * to_early_help / at_risk;
    social_care += survival * to_social_care / at_risk;
    survival *= (at_risk - to_early_help - to_social_care) / at_risk;
    if (survival <= 0.5 + 1e-9 && !figures["median"].has_value()) figures["median"] = day;
    if (day == 183 || day == 365) {
      const std::string at = std::to_string(day);
      figures["survival_" + at] = 100 * survival;
      figures["incidence_social_care_" + at] = 100 * social_care;
      figures["incidence_early_help_" + at] = 100 * early_help;
    }
  }
}

void SetFigures(const Ask& ask, const std::map<std::string, std::vector<Item>>& of_row, Answer& answer) {
  for (const auto& [row, items] : of_row) {
    if (ask.metric == "10" || ask.metric == "14") {
      answer.figures[row] = {{"median", QuantileOf(items, 0.5)},
                             {"lower_quartile", QuantileOf(items, 0.25)},
                             {"upper_quartile", QuantileOf(items, 0.75)}};
    } else if (ask.metric == "9" || ask.metric == "9-social-care") {
      SetCurve(items, answer.figures[row]);
    }
  }
}

Answer Quality(const Records& records, const Ask& ask) {
  Answer answer;
  for (const FieldQuality& field : records.quality) {
    auto& row = answer.cells[ask.breakdown.empty() ? "" : field.field];
    row["complete"] += field.complete;
    row["records"] += field.records;
  }
  return answer;
}

std::string UnitOf(const Ask& ask, const Item& item) {
  return ask.unit == "children" ? item.child->id : item.child->family;
}

// Classes count a child or family by its first item alone.
void KeepFirst(const Ask& ask, std::vector<Item>& items) {
  if (ask.unit == "episodes" || !IsMix(ask)) return;
  const auto key = [](const Item& item) { return std::tuple(item.event, item.start, item.child->id); };
  std::vector<Item> kept;
  for (const Item& item : items) {
    const bool first = std::none_of(items.begin(), items.end(), [&](const Item& other) {
      return UnitOf(ask, other) == UnitOf(ask, item) && key(other) < key(item);
    });
    if (first) kept.push_back(item);
  }
  items = kept;
}

// Counts each unit once a row: a child or family has a column when any of its items in that row has it, or,
// where the column is that nothing happened, when all have.
void CountUnits(const Ask& ask, const std::map<std::string, std::vector<Item>>& of_row, Answer& answer) {
  for (const auto& [row, items] : of_row) {
    std::map<std::string, std::vector<std::set<std::string>>> units;
    auto& cells = answer.cells[row];
    for (const Item& item : items) {
      for (const auto& [column, amount] : item.amounts) cells[column] += amount;
      const std::string unit = ask.unit == "episodes" ? std::to_string(units.size()) : UnitOf(ask, item);
      units[unit].push_back(item.columns);
    }
    for (const auto& [unit, columns_of] : units) {
      std::set<std::string> columns;
      for (const auto& some : columns_of) columns.insert(some.begin(), some.end());
      for (const std::string& column : columns) {
        const bool all = std::all_of(columns_of.begin(), columns_of.end(),
                                     [&](const auto& some) { return some.contains(column); });
        if (all || !IsOfAll(ask.metric, column)) ++cells[column];
      }
      if (ask.metric != "31" && !IsMix(ask)) ++cells["denominator"];
    }
  }
}

}  // namespace

std::vector<Child> ChildrenOf(const Records& records) {
  std::vector<Child> children;
  for (std::uint32_t i = 0; i < records.persons.size(); ++i) {
    const Person& person = records.persons[i];
    Child child{.id = std::string(records.person_ids.Text(i)), .birth = person.birth, .death = person.death};
    child.family = person.family == kNoFamily
                       ? "alone:" + child.id
                       : "family:" + std::string(records.family_ids.Text(person.family));
    child.fields = {{"sex", TextOf(records, person.sex)},
                    {"ethnicity", TextOf(records, person.ethnicity)},
                    {"disability", TextOf(records, person.disability)}};
    const auto runs = [&](const std::set<Level>& levels, Day extract) {
      std::vector<Episode> pieces;
      for (const Episode& e : records.episodes) {
        if (e.person != i || !levels.contains(e.level) || e.end < e.start || e.start > extract) continue;
        pieces.push_back(e);
        if (e.end > extract) pieces.back().end = kNoDay;  // not seen to end
      }
      return RunsOf(records, pieces, extract);
    };
    const Day social_care = records.social_care.extract;
    child.early_help = runs({Level::kEarlyHelp}, records.early_help.extract);
    child.cin = runs({Level::kCin}, social_care);
    child.cp = runs({Level::kCp}, social_care);
    child.cla = runs({Level::kCla}, social_care);
    child.social_care = runs({Level::kCin, Level::kCp, Level::kCla}, social_care);
    for (Run& run : child.early_help) {
      std::string& earlier = run.fields["earlier_social_care"];
      earlier = "no";
      for (Day day = run.start - 365; day < run.start; ++day) {
        const bool seen = records.social_care.from <= day && day <= social_care;
        if (!seen && earlier == "no") earlier = "not known";
        if (day <= social_care && AnyOpen(child.social_care, day)) earlier = "yes";
      }
    }
    for (const Referral& r : records.referrals) {
      if (r.person != i || r.day > social_care) continue;
      child.referrals.push_back({r.day,
                                 r.day,
                                 {{"source", TextOf(records, r.source)},
                                  {"nfa", TextOf(records, r.nfa)},
                                  {"outcome", TextOf(records, r.outcome)},
                                  {"area", TextOf(records, r.area)},
                                  {"team", TextOf(records, r.team)}}});
    }
    for (const Step& step : records.steps) {
      const Day reach = ReachOf(records, step.kind).extract;
      if (step.person != i || step.start > reach || step.end < step.start) continue;
      child.steps[step.kind].push_back({step.start,
                                        step.end > reach ? kNoDay : step.end,
                                        {{"outcome", TextOf(records, step.outcome)},
                                         {"area", TextOf(records, step.area)},
                                         {"team", TextOf(records, step.team)}},
                                        step.referral});
    }
    for (const Contact& c : records.contacts) {
      if (c.person != i || c.day > records.contact.extract) continue;
      child.contacts.push_back({c.day,
                                c.day,
                                {{"source", TextOf(records, c.source)},
                                 {"outcome", TextOf(records, c.outcome)},
                                 {"area", TextOf(records, c.area)},
                                 {"id", IdOf(records, c.id)}}});
    }
    for (Day day = kFirstDay; child.death == kNoDay && day <= social_care + 800; ++day) {
      if (AnyEndsWith(child, day, "died")) child.death = day;
    }
    children.push_back(child);
  }
  return children;
}

Answer AnswerTo(const Records& records, const std::vector<Child>& children, const Ask& ask) {
  if (ask.metric == "43") return Quality(records, ask);
  Answer answer;
  Day extract = kNoDay;
  answer.verdict = Judge(records, ask, extract);
  if (answer.verdict != Verdict::kComplete && answer.verdict != Verdict::kPartial) return answer;
  const std::vector<std::string> dimensions = DimensionsOf(ask.breakdown);
  bool available = ask.unit != "families" || records.has_families;
  for (const std::string& field : dimensions)
    available = available && IsCarried(records, KindOf(ask.metric), field);
  if (!available) return {.verdict = Verdict::kNotAvailable};

  const std::vector<Item> items = ItemsOf(children, ask, extract);
  std::map<std::string, std::vector<Item>> of_row;
  if (dimensions.empty()) {
    of_row[""] = items;
  } else if (dimensions.size() == 1) {
    for (const std::string& row : RowsOf(ask.period, items, dimensions[0])) of_row[row];
    for (const Item& item : items) of_row[CategoryOf(item, dimensions[0])].push_back(item);
  } else {
    for (const std::string& a : RowsOf(ask.period, items, dimensions[0])) {
      for (const std::string& b : RowsOf(ask.period, items, dimensions[1])) of_row[a + "|" + b];
    }
    for (const Item& item : items) {
      of_row[CategoryOf(item, dimensions[0]) + "|" + CategoryOf(item, dimensions[1])].push_back(item);
    }
  }
  for (auto& [row, of] : of_row) KeepFirst(ask, of);
  CountUnits(ask, of_row, answer);
  SetFigures(ask, of_row, answer);
  const bool contacts = std::any_of(records.contacts.begin(), records.contacts.end(),
                                    [&](const Contact& c) { return c.day <= records.contact.extract; });
  const bool source_known =
      IsCarried(records, "early_help", "source") || (contacts && IsCarried(records, "contact", "source"));
  if (ask.metric == "1" && !source_known) answer.unavailable = {"1A", "1C", "self"};
  if (ask.metric == "5" && (records.levels & Only(Level::kCp)) == 0) answer.unavailable.insert("cp");
  if (ask.metric == "5" && (records.levels & Only(Level::kCla)) == 0) answer.unavailable.insert("cla");
  return answer;
}

}  // namespace waymark::node::naive

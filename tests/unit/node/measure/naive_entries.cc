// Metrics 3, 6 to 8, 11 to 15, 20, 21, 23 to 26, 30, 32 and 33, read by hand from the words of
// docs/metrics.md.
#include <algorithm>
#include <tuple>

#include "tests/unit/node/measure/naive_parts.h"

namespace waymark::node::naive {
namespace {

// Bank holidays of 2021 to 2026 as the government listed them.
const std::set<std::string> kHolidays = {
    "2021-01-01", "2021-04-02", "2021-04-05", "2021-05-03", "2021-05-31", "2021-08-30", "2021-12-27",
    "2021-12-28", "2022-01-03", "2022-04-15", "2022-04-18", "2022-05-02", "2022-06-02", "2022-06-03",
    "2022-08-29", "2022-09-19", "2022-12-26", "2022-12-27", "2023-01-02", "2023-04-07", "2023-04-10",
    "2023-05-01", "2023-05-08", "2023-05-29", "2023-08-28", "2023-12-25", "2023-12-26", "2024-01-01",
    "2024-03-29", "2024-04-01", "2024-05-06", "2024-05-27", "2024-08-26", "2024-12-25", "2024-12-26",
    "2025-01-01", "2025-04-18", "2025-04-21", "2025-05-05", "2025-05-26", "2025-08-25", "2025-12-25",
    "2025-12-26", "2026-01-01", "2026-04-03", "2026-04-06", "2026-05-04", "2026-05-25", "2026-08-31",
    "2026-12-25", "2026-12-28"};

// Whether the end is at most so many working days after `from`, walking day by day.
bool InTime(Day from, Day end, int most) {
  static const std::set<Day>* const kDays = [] {
    auto* days = new std::set<Day>();
    for (const std::string& day : kHolidays) days->insert(*ParseIsoDay(day));
    return days;
  }();
  int worked = 0;
  for (Day day = from + 1; day <= end; ++day) {
    const int weekday = (day % 7 + 7) % 7;  // 0: Thursday, 2: Saturday, 3: Sunday
    if (weekday != 2 && weekday != 3 && !kDays->contains(day)) ++worked;
  }
  return worked <= most;
}

bool IsUnder18(const Child& child, Day on) {
  return child.birth == kNoDay || Age(child.birth, on) < 18;
}

// "no episode of one day": open, and open on the next day too, or ending later than `day`.
bool IsInStock(const Run& run, Day day) {
  return run.start <= day && run.end > day;
}

std::string BandOfDays(int days) {
  if (days < 91) return "under_91";
  if (days < 183) return "91_to_182";
  if (days < 365) return "183_to_364";
  return days < 730 ? "365_to_729" : "730_and_more";
}

std::string NeedOf(const Run& run) {
  static const std::set<std::string> kNeeds = {"N0", "N1", "N2", "N3", "N4", "N5", "N6", "N7", "N8", "N9"};
  const std::string& need = run.fields.at("need");
  return kNeeds.contains(need) ? need : "not_known";
}

// Early help that began earlier and was there on a day of [day − days, day].
bool HelpedBefore(const Child& child, Day day, int days) {
  return std::any_of(child.early_help.begin(), child.early_help.end(),
                     [&](const Run& run) { return run.start <= day - 1 && run.end + 0 >= day - days; });
}

bool AnyOpenFrom(const std::vector<Run>& runs, Day first, Day last) {
  for (Day day = first; day <= last; ++day) {
    if (AnyOpen(runs, day)) return true;
  }
  return false;
}
bool AnyStartsFrom(const std::vector<Run>& runs, Day first, Day last) {
  for (Day day = first; day <= last; ++day) {
    if (AnyStarts(runs, day)) return true;
  }
  return false;
}

Item ItemOf(const Child& child, const Run& run, Day event) {
  return {.child = &child, .event = event, .start = run.start, .fields = run.fields};
}

// Every step-down whose end is in the period, with its kind as its column: spells, then plans, then care.
std::vector<Item> StepDowns(const Child& child, const Period& period) {
  std::vector<Item> items;
  const auto add = [&](const Run& run, const std::string& kind) {
    items.push_back(ItemOf(child, run, run.end));
    items.back().columns = {kind};
  };
  for (const Run& run : child.social_care) {
    if (!period.Contains(run.end)) continue;
    const bool helped = AnyOpenFrom(child.early_help, run.end, run.end + 30);
    add(run, helped ? "social_care_early_help" : "social_care_none");
  }
  for (const Run& run : child.cp) {
    if (!period.Contains(run.end) || AnyOpenFrom(child.cla, run.end, run.end + 1)) continue;
    if (AnyOpenFrom(child.cin, run.end, run.end + 1)) add(run, "cp_cin");
  }
  for (const Run& run : child.cla) {
    if (!period.Contains(run.end)) continue;
    if (AnyOpenFrom(child.cp, run.end, run.end + 1)) {
      add(run, "cla_cp");
    } else if (AnyOpenFrom(child.cin, run.end, run.end + 1)) {
      add(run, "cla_cin");
    }
  }
  return items;
}

void AddStepDowns(const Child& child, const Ask& ask, std::vector<Item>& items) {
  static const std::map<std::string, std::string> kKinds = {
      {"8-social-care-early-help", "social_care_early_help"},
      {"8-cla-cp", "cla_cp"},
      {"8-cp-cin", "cp_cin"},
      {"8-cla-cin", "cla_cin"}};
  for (Item& item : StepDowns(child, ask.period)) {
    if (IsLeftOut(child, item.event, ask.window)) continue;
    if (ask.metric != "7") {
      const std::string& kind = kKinds.at(ask.metric);
      if (!item.columns.contains(kind)) continue;
      item.columns.clear();
      const Day from = item.event + 1;
      const Day to = item.event + ask.window;
      const bool returned = kind == "social_care_early_help" ? AnyStartsFrom(child.social_care, from, to)
                            : kind == "cp_cin"
                                ? AnyStartsFrom(child.cp, from, to) || AnyStartsFrom(child.cla, from, to)
                                : AnyStartsFrom(child.cla, from, to);
      if (!returned) item.columns.insert("held");
    }
    items.push_back(item);
  }
}

void AddSteps(const Child& child, const Ask& ask, StepKind kind, std::vector<Item>& items) {
  const auto steps = child.steps.find(kind);
  if (steps == child.steps.end()) return;
  const bool by_start = ask.metric == "25" || ask.metric == "33-section-47";
  for (const Run& run : steps->second) {
    const Day event = by_start ? run.start : run.end;
    if (!ask.period.Contains(event)) continue;
    Item item = ItemOf(child, run, event);
    if (ask.metric == "33-section-47") {
      if (!IsUnder18(child, event)) continue;
      item.columns = {"count"};
    } else if (ask.metric == "25") {
      const std::string& recorded = run.fields.at("outcome");
      const bool earlier = std::any_of(steps->second.begin(), steps->second.end(),
                                       [&](const Run& other) { return other.start < run.start; });
      if (recorded == "repeat" || (recorded != "first" && earlier)) item.columns.insert("repeat");
    } else if (ask.metric == "13-referral") {
      if (run.referral == kNoDay) continue;
      if (InTime(run.referral, run.end, 45)) item.columns.insert("in_time");
    } else if (InTime(run.start, run.end, ask.metric == "15" ? 15 : 45)) {
      item.columns.insert("in_time");
    }
    items.push_back(item);
  }
}

void AddReferrals(const Child& child, const Ask& ask, std::vector<Item>& items) {
  for (const Run& run : child.referrals) {
    if (!ask.period.Contains(run.start)) continue;
    Item item = ItemOf(child, run, run.start);
    if (ask.metric == "3") {
      for (Day day = run.start - 365; day < run.start; ++day) {
        if (AnyStarts(child.referrals, day)) item.columns.insert("any");
      }
    } else if (ask.metric == "20") {
      if (run.fields.at("outcome") == "not_in_need") item.columns.insert("not_in_need");
    } else {
      if (!IsUnder18(child, run.start)) continue;
      item.columns = {"count"};
    }
    items.push_back(item);
  }
}

void AddContacts(const Child& child, const Ask& ask, std::vector<Item>& items) {
  for (const Run& run : child.contacts) {
    if (!ask.period.Contains(run.start)) continue;
    Item item = ItemOf(child, run, run.start);
    const std::string& outcome = run.fields.at("outcome");
    if (ask.metric == "21") {
      if (outcome == "early_help" || outcome == "social_care") item.columns.insert(outcome);
    } else {
      if (!IsUnder18(child, run.start)) continue;
      item.columns = {"count"};
    }
    items.push_back(item);
  }
}

void AddStarts(const Child& child, const Ask& ask, const std::vector<Run>& runs, std::vector<Item>& items) {
  for (const Run& run : runs) {
    if (!ask.period.Contains(run.start)) continue;
    Item item = ItemOf(child, run, run.start);
    if (ask.metric == "14") {
      Day latest = kNoDay;
      for (const Run& contact : child.contacts) {
        const bool near = contact.start <= run.start && contact.start + 90 >= run.start;
        if (!near || contact.fields.at("outcome") != "early_help") continue;
        if (latest == kNoDay || contact.start > latest) latest = contact.start;
      }
      if (latest == kNoDay) continue;
      item.days = run.start - latest;
      item.columns = {BinOf(item.days, ask.bins, false)};
    } else if (ask.metric == "32") {
      if (HelpedBefore(child, run.start, 365)) item.columns.insert("any");
    } else if (ask.metric == "33-early-help-starts") {
      if (!IsUnder18(child, run.start)) continue;
      item.columns = {"count"};
    } else {
      if (ask.metric == "24" && !HelpedBefore(child, run.start, 1)) continue;
      item.columns = {NeedOf(run)};
    }
    items.push_back(item);
  }
}

void AddStock(const Child& child, const Ask& ask, const std::vector<Run>& runs, std::vector<Item>& items) {
  const Day day = ask.period.last;
  for (const Run& run : runs) {
    if (!IsInStock(run, day)) continue;
    if (ask.metric.starts_with("33") && !IsUnder18(child, day)) continue;
    items.push_back(ItemOf(child, run, day));
    items.back().columns = {ask.metric == "11" ? BandOfDays(day - run.start) : "count"};
  }
}

// Families' early help as sets of days, each episode with the 29 days after it; neighbouring days are one
// spell, so that one which starts on the 30th day after an end still belongs.
void AddFamilySpells(const std::vector<Child>& children, const Ask& ask, std::vector<Item>& items) {
  std::map<std::string, std::vector<const Child*>> families;
  for (const Child& child : children) families[child.family].push_back(&child);
  for (const auto& [family, members] : families) {
    Day last = 0;
    for (const Child* child : members) {
      for (const Run& run : child->early_help)
        last = std::max({last, run.start, run.end == kNoDay ? 0 : run.end});
    }
    std::set<Day> touched;  // days of help or within 29 days of it
    for (const Child* child : members) {
      for (const Run& run : child->early_help) {
        for (Day day = run.start; day <= (run.end == kNoDay ? last : run.end) + 29; ++day)
          touched.insert(day);
      }
    }
    Day before = kNoDay;  // the end of the spell before
    for (const Day day : touched) {
      if (touched.contains(day - 1)) continue;
      Day end = day;
      while (touched.contains(end + 1)) ++end;
      if (ask.period.Contains(day)) {
        const Child* opener = nullptr;
        const Run* first = nullptr;
        for (const Child* child : members) {
          for (const Run& run : child->early_help) {
            if (run.start != day || (opener != nullptr && opener->id <= child->id)) continue;
            opener = child;
            first = &run;
          }
        }
        items.push_back(ItemOf(*opener, *first, day));
        if (before != kNoDay && day - before <= 730) items.back().columns.insert("repeat");
      }
      before = end - 29;
    }
  }
}

}  // namespace

std::optional<std::string> KindOfEntry(const std::string& metric) {
  static const std::map<std::string, std::string> kKinds = {{"3", "referral"},
                                                            {"6", "social_care"},
                                                            {"7", "social_care"},
                                                            {"8-social-care-early-help", "social_care"},
                                                            {"8-cla-cp", "social_care"},
                                                            {"8-cp-cin", "social_care"},
                                                            {"8-cla-cin", "social_care"},
                                                            {"11", "early_help"},
                                                            {"12", "early_help_assessment"},
                                                            {"13", "assessment"},
                                                            {"13-referral", "assessment"},
                                                            {"14", "early_help"},
                                                            {"15", "enquiry"},
                                                            {"20", "referral"},
                                                            {"21", "contact"},
                                                            {"23", "early_help"},
                                                            {"23-social-care", "social_care"},
                                                            {"24", "social_care"},
                                                            {"25", "plan"},
                                                            {"26", "early_help"},
                                                            {"30-open", "early_help"},
                                                            {"32", "social_care"},
                                                            {"33-contacts", "contact"},
                                                            {"33-early-help-starts", "early_help"},
                                                            {"33-early-help-open", "early_help"},
                                                            {"33-referrals", "referral"},
                                                            {"33-section-47", "enquiry"},
                                                            {"33-cin", "cin"},
                                                            {"33-cp", "cp"},
                                                            {"33-cla", "cla"}};
  const auto at = kKinds.find(metric);
  return at == kKinds.end() ? std::nullopt : std::optional<std::string>(at->second);
}

Needs NeedsOfEntry(const std::string& metric, int window) {
  if (metric == "3") return {.social_care = true, .referrals = true, .social_care_back = 365};
  if (metric == "6" || metric == "7" || metric.starts_with("8-")) {
    return {.early_help = true, .social_care = true, .reach = window};
  }
  if (metric == "11" || metric == "30-open" || metric == "33-early-help-open") {
    return {.early_help = true, .stock = true};
  }
  if (metric == "12") return {.early_help = true, .steps = StepKind::kEarlyHelpAssessment};
  if (metric == "13") return {.social_care = true, .steps = StepKind::kAssessment};
  if (metric == "13-referral") {
    return {.social_care = true, .steps = StepKind::kAssessment, .referral_of_step = true};
  }
  if (metric == "14") {
    return {.early_help = true, .contacts = true, .fields = {{"contact", "outcome"}}, .contacts_back = 90};
  }
  if (metric == "15" || metric == "33-section-47") return {.social_care = true, .steps = StepKind::kEnquiry};
  if (metric == "20") return {.social_care = true, .referrals = true, .fields = {{"referral", "outcome"}}};
  if (metric == "21") return {.contacts = true, .fields = {{"contact", "outcome"}}};
  if (metric == "23") return {.early_help = true, .fields = {{"early_help", "need"}}};
  if (metric == "23-social-care") return {.social_care = true, .fields = {{"social_care", "need"}}};
  if (metric == "24") {
    return {
        .early_help = true, .social_care = true, .fields = {{"social_care", "need"}}, .early_help_back = 1};
  }
  if (metric == "25") return {.social_care = true, .steps = StepKind::kPlan};
  if (metric == "26") return {.early_help = true, .early_help_back = 730, .families = true};
  if (metric == "32") return {.early_help = true, .social_care = true, .early_help_back = 365};
  if (metric == "33-contacts") return {.contacts = true};
  if (metric == "33-early-help-starts") return {.early_help = true};
  if (metric == "33-referrals") return {.social_care = true, .referrals = true};
  return {.social_care = true, .stock = true};  // 33-cin, 33-cp, 33-cla
}

std::vector<Item> ItemsOfEntry(const std::vector<Child>& children, const Ask& ask) {
  const std::string& m = ask.metric;
  std::vector<Item> items;
  if (m == "26") AddFamilySpells(children, ask, items);
  for (const Child& child : children) {
    if (m == "3" || m == "20" || m == "33-referrals") AddReferrals(child, ask, items);
    if (m == "21" || m == "33-contacts") AddContacts(child, ask, items);
    if (m == "7" || m.starts_with("8-")) AddStepDowns(child, ask, items);
    if (m == "12") AddSteps(child, ask, StepKind::kEarlyHelpAssessment, items);
    if (m == "13" || m == "13-referral") AddSteps(child, ask, StepKind::kAssessment, items);
    if (m == "15" || m == "33-section-47") AddSteps(child, ask, StepKind::kEnquiry, items);
    if (m == "25") AddSteps(child, ask, StepKind::kPlan, items);
    if (m == "14" || m == "23" || m == "33-early-help-starts") AddStarts(child, ask, child.early_help, items);
    if (m == "23-social-care" || m == "24" || m == "32") AddStarts(child, ask, child.social_care, items);
    if (m == "11" || m == "30-open" || m == "33-early-help-open")
      AddStock(child, ask, child.early_help, items);
    if (m == "33-cin") AddStock(child, ask, child.cin, items);
    if (m == "33-cp") AddStock(child, ask, child.cp, items);
    if (m == "33-cla") AddStock(child, ask, child.cla, items);
    for (const Run& run : child.social_care) {
      if (m != "6" || !ask.period.Contains(run.end) || IsLeftOut(child, run.end, 30)) continue;
      items.push_back(ItemOf(child, run, run.end));
      const bool open = AnyOpen(child.early_help, run.end);
      if (open || AnyStartsFrom(child.early_help, run.end, run.end + 30)) items.back().columns.insert("any");
    }
  }
  return items;
}

bool IsMix(const Ask& ask) {
  static const std::set<std::string> kMixes = {"7", "11", "17", "23", "23-social-care", "24"};
  return !ask.bins.empty() || kMixes.contains(ask.metric) || ask.metric == "30-open" ||
         ask.metric.starts_with("33-");
}

bool IsOfAll(const std::string& metric, const std::string& column) {
  return metric.starts_with("8-") && column == "held";
}

}  // namespace waymark::node::naive

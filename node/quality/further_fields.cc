#include "node/quality/further_fields.h"

#include <algorithm>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"

namespace waymark::node {
namespace {

constexpr const char* kStepNames[kStepKinds] = {"early_help_assessment", "assessment", "section_47", "plan"};

class Counter {
 public:
  explicit Counter(const Records& records) : codes_(records.codes) {
    for (const FieldQuality& field : records.quality) required_.insert(field.field);
  }

  template <typename Record, typename Belongs, typename Filled>
  void Count(const std::string& name, const std::vector<Record>& list, const Belongs& belongs,
             const Filled& filled) {
    if (required_.contains(name)) return;
    FieldQuality field{.field = name};
    for (const Record& record : list) {
      if (!belongs(record)) continue;
      ++field.records;
      if (filled(record)) ++field.complete;
    }
    if (field.records > 0) fields_.push_back(std::move(field));
  }

  template <typename Record, typename Belongs>
  void CountCode(const std::string& name, const std::vector<Record>& list, const Belongs& belongs,
                 Code Record::*code) {
    Count(name, list, belongs, [&](const Record& record) { return Told(record.*code); });
  }

  std::vector<FieldQuality> Take() {
    std::sort(fields_.begin(), fields_.end(),
              [](const FieldQuality& a, const FieldQuality& b) { return a.field < b.field; });
    return std::move(fields_);
  }

 private:
  bool Told(Code code) const {
    if (code == kNoCode) return false;
    const std::string& text = codes_.Text(code);
    return !text.empty() && text != "unknown" && text != "not known";
  }

  const Dictionary& codes_;
  std::set<std::string> required_;
  std::vector<FieldQuality> fields_;
};

// Episodes have no id any more when they are counted: once they are in order nothing asks for it.
constexpr auto kHasId = [](const auto& record) { return record.id != kNoRecordId; };

void CountEpisodes(const Records& records, Counter& counter) {
  for (const bool early_help : {true, false}) {
    const std::string kind = early_help ? "early_help." : "social_care.";
    const auto belongs = [=](const Episode& e) { return (e.level == Level::kEarlyHelp) == early_help; };
    const auto ended = [=](const Episode& e) { return belongs(e) && e.end != kNoDay; };
    counter.CountCode(kind + "source", records.episodes, belongs, &Episode::source);
    counter.CountCode(kind + "end_reason", records.episodes, ended, &Episode::end_reason);
    counter.CountCode(kind + "need", records.episodes, belongs, &Episode::need);
    counter.CountCode(kind + "area", records.episodes, belongs, &Episode::area);
    counter.CountCode(kind + "team", records.episodes, belongs, &Episode::team);
    counter.CountCode(kind + "service", records.episodes, belongs, &Episode::service);
    counter.CountCode(kind + "worker", records.episodes, belongs, &Episode::worker);
  }
}

void CountSteps(const Records& records, Counter& counter) {
  for (int i = 0; i < kStepKinds; ++i) {
    const std::string kind = absl::StrCat(kStepNames[i], ".");
    const auto belongs = [i](const Step& step) { return static_cast<int>(step.kind) == i; };
    counter.CountCode(kind + "outcome", records.steps, belongs, &Step::outcome);
    counter.CountCode(kind + "area", records.steps, belongs, &Step::area);
    counter.CountCode(kind + "team", records.steps, belongs, &Step::team);
    counter.Count(kind + "id", records.steps, belongs, kHasId);
    counter.Count(kind + "referral", records.steps, belongs,
                  [](const Step& step) { return step.referral != kNoDay; });
  }
}

}  // namespace

std::vector<FieldQuality> FurtherFields(const Records& records) {
  Counter counter(records);
  const auto all = [](const auto&) { return true; };
  CountEpisodes(records, counter);
  CountSteps(records, counter);
  counter.CountCode("referral.outcome", records.referrals, all, &Referral::outcome);
  counter.CountCode("referral.area", records.referrals, all, &Referral::area);
  counter.CountCode("referral.team", records.referrals, all, &Referral::team);
  counter.Count("referral.id", records.referrals, all, kHasId);
  counter.CountCode("contact.area", records.contacts, all, &Contact::area);
  counter.Count("contact.id", records.contacts, all, kHasId);
  return counter.Take();
}

}  // namespace waymark::node

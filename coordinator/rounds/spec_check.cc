#include "coordinator/rounds/spec_check.h"

#include <algorithm>
#include <optional>
#include <set>
#include <tuple>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/london_time.h"
#include "base/nearest.h"
#include "base/period.h"
#include "base/status.h"
#include "catalogue/item_tables.h"
#include "catalogue/secure_layout.h"
#include "coordinator/federation/catalogues.h"
#include "coordinator/federation/rosters.h"
#include "crypto/hash.h"
#include "proto/contract/names.h"

namespace waymark::coordinator {
namespace {

// "item 2 (metric 5): …", counted as people count.
absl::Status ItemError(std::size_t index, const contract::RoundItem& item, absl::string_view message) {
  return absl::InvalidArgumentError(
      absl::StrCat("item ", index + 1, " (metric ", item.metric, "): ", message));
}

struct Choice {
  absl::string_view what;          // "breakdown"
  std::vector<std::string> asked;  // may be empty: all
  std::vector<std::string> allowed;
};

// Empty, or what is wrong.
std::string CheckChoice(const Choice& choice) {
  std::set<std::string> seen;
  for (const std::string& one : choice.asked) {
    if (!seen.insert(one).second) return absl::StrCat(choice.what, " ", one, " is asked for twice");
    if (std::find(choice.allowed.begin(), choice.allowed.end(), one) == choice.allowed.end()) {
      return absl::StrCat(choice.what, " \"", one, "\" is not one of the entry's: ",
                          choice.allowed.empty() ? "it has none" : absl::StrJoin(choice.allowed, ", "));
    }
  }
  return "";
}

template <typename Range>
std::vector<std::string> Numbers(const Range& range) {
  std::vector<std::string> texts;
  for (const auto number : range) texts.push_back(absl::StrCat(number));
  return texts;
}

template <typename Range>
std::vector<std::string> UnitNames(const Range& range) {
  std::vector<std::string> texts;
  for (const int unit : range) texts.emplace_back(contract::NameOf(static_cast<v1::Unit>(unit)));
  return texts;
}

absl::Status CheckMode(std::size_t index, const contract::RoundItem& item, const v1::Metric& metric) {
  std::vector<std::string> allowed;
  for (const int mode : metric.modes()) {
    if (mode == item.mode) return absl::OkStatus();
    allowed.emplace_back(contract::NameOf(static_cast<v1::Mode>(mode)));
  }
  return ItemError(index, item,
                   absl::StrCat("mode ", contract::NameOf(item.mode),
                                " is not allowed by the entry; it allows ", absl::StrJoin(allowed, ", ")));
}

absl::StatusOr<const v1::Metric*> FindEntry(std::size_t index, const contract::RoundItem& item,
                                            const catalogue::Library& library) {
  const v1::Metric* metric = library.Find(item.metric);
  if (metric == nullptr) {
    std::vector<std::string> ids;
    for (const v1::Metric& known : library.metrics()) ids.push_back(known.id());
    const std::string nearest = Nearest(item.metric, ids);
    return ItemError(index, item,
                     absl::StrCat("not in the catalogue; ", nearest.empty() ? "" : "did you mean ", nearest,
                                  nearest.empty() ? "" : "? ", "It has ", absl::StrJoin(ids, ", ")));
  }
  if (metric->version() != item.version) {
    return ItemError(
        index, item,
        absl::StrCat("version ", item.version, " is not the coordinator's catalogue's, which has version ",
                     metric->version()));
  }
  if (item.definition_hash != crypto::Sha256(catalogue::CanonicalDefinition(*metric))) {
    return ItemError(
        index, item,
        "the definition differs from the coordinator's catalogue; use the catalogue that was installed "
        "with the coordinator");
  }
  return metric;
}

absl::Status CheckItem(std::size_t index, const contract::RoundItem& item, const v1::Metric& metric,
                       Day today) {
  RETURN_IF_ERROR(CheckMode(index, item, metric));
  const Choice choices[] = {
      {"breakdown", item.breakdowns, {metric.breakdowns().begin(), metric.breakdowns().end()}},
      {"window", Numbers(item.window_days), Numbers(metric.window_days())},
      {"unit", UnitNames(item.units), UnitNames(metric.units())}};
  for (const Choice& choice : choices) {
    if (const std::string wrong = CheckChoice(choice); !wrong.empty()) return ItemError(index, item, wrong);
  }
  if (!catalogue::HasTableOfAll(metric) && item.breakdowns.empty()) {
    return ItemError(
        index, item,
        absl::StrCat("asks for no table; give breakdowns, of ", absl::StrJoin(metric.breakdowns(), ", ")));
  }
  ASSIGN_OR_RETURN(const Period period, ParsePeriod(item.period));
  if (period.last >= today) {
    return ItemError(index, item,
                     absl::StrCat("period ", item.period, " has not ended; it ends on ",
                                  FormatDay(period.last), ", and only whole periods are published"));
  }
  return absl::OkStatus();
}

bool AreLinked(const contract::RoundItem& a, const contract::RoundItem& b,
               const catalogue::Library& library) {
  if (a.metric == b.metric) return true;
  const v1::Metric* const first = library.Find(a.metric);
  const v1::Metric* const second = library.Find(b.metric);
  return first != nullptr && second != nullptr &&
         catalogue::LinkageGroupOf(*first) == catalogue::LinkageGroupOf(*second);
}

}  // namespace

absl::StatusOr<v1::Catalogue> CheckSpec(const contract::RoundSpec& spec, const catalogue::Library& library,
                                        absl::Time now) {
  if (spec.deadline_unix_s <= absl::ToUnixSeconds(now)) {
    return absl::InvalidArgumentError("deadline: expected a time to come; it has passed");
  }
  ASSIGN_OR_RETURN(const absl::TimeZone zone, London());
  const Day today = LocalDay(now, zone);
  v1::Catalogue definitions;
  std::set<std::tuple<std::string, std::uint32_t, std::string>> seen;
  for (std::size_t i = 0; i < spec.items.size(); ++i) {
    const contract::RoundItem& item = spec.items[i];
    ASSIGN_OR_RETURN(const v1::Metric* metric, FindEntry(i, item, library));
    RETURN_IF_ERROR(CheckItem(i, item, *metric, today));
    if (!seen.emplace(item.metric, item.version, item.period).second) {
      return ItemError(i, item,
                       "asked for twice for one period; put breakdowns, windows and units into one item");
    }
    const bool known = std::any_of(definitions.metrics().begin(), definitions.metrics().end(),
                                   [&](const v1::Metric& one) { return one.id() == metric->id(); });
    if (!known) *definitions.add_metrics() = *metric;
  }
  if (contract::IsSecure(spec)) {
    std::vector<const v1::Metric*> metrics;
    for (const contract::RoundItem& item : spec.items) metrics.push_back(library.Find(item.metric));
    if (const absl::Status laid = catalogue::LayOut(spec, metrics).status(); !laid.ok()) {
      return absl::InvalidArgumentError(laid.message());
    }
  }
  return definitions;
}

absl::Status CheckRegions(const std::vector<std::string>& codes, const catalogue::Library& library) {
  std::set<std::string> regions;
  for (const v1::Area& area : library.areas()) regions.insert(area.region_code());
  for (const std::string& code : codes) {
    if (regions.contains(code)) continue;
    return absl::InvalidArgumentError(
        absl::StrCat("geographies: \"", code, "\" is no region; they are ", absl::StrJoin(regions, ", ")));
  }
  return absl::OkStatus();
}

absl::Status CheckGeographies(const contract::RoundSpec& spec, const std::vector<Member>& members,
                              const catalogue::Library& library) {
  RETURN_IF_ERROR(CheckRegions(spec.geographies, library));
  for (const std::string& code : spec.geographies) {
    const auto count = std::count_if(members.begin(), members.end(), [&](const Member& member) {
      const v1::Area* const area = library.FindArea(member.council);
      return area != nullptr && area->region_code() == code;
    });
    if (count < static_cast<std::ptrdiff_t>(spec.least_contributors)) {
      return absl::FailedPreconditionError(
          absl::StrCat("geographies: region ", code, " has ", count,
                       " members, and no figure is published over fewer than ", spec.least_contributors));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckSigned(const contract::RoundSpec& spec, Store& store) {
  ASSIGN_OR_RETURN(const std::optional<contract::SignedCatalogue> newest, NewestCatalogue(store));
  return newest ? contract::CheckDefinitions(spec, newest->catalogue) : absl::OkStatus();
}

absl::Status CheckParts(const contract::RoundSpec& spec, Store& store) {
  if (!contract::IsSecure(spec) || spec.geographies.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::optional<contract::SignedRoster> newest, NewestRoster(store));
  for (const std::string& code : spec.geographies) {
    std::size_t members = 0;
    if (newest) {
      for (const contract::RosterPart& part : newest->roster.parts) {
        if (part.code == code) members = part.members.size();
      }
    }
    if (members < spec.least_contributors) {
      return absl::FailedPreconditionError(
          absl::StrCat("geographies: the signed roster has ", members, " councils in a part ", code,
                       ", and no sum is made over fewer than ", spec.least_contributors,
                       "; a roster of one part (--one-part) is summed whole"));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckOneMode(const contract::RoundSpec& spec, const contract::RoundSpec& earlier,
                          const catalogue::Library& library) {
  for (std::size_t i = 0; i < spec.items.size(); ++i) {
    const contract::RoundItem& item = spec.items[i];
    for (const contract::RoundItem& other : earlier.items) {
      const bool is_sum = item.mode == v1::MODE_SECURE_SUM;
      const bool was_sum = other.mode == v1::MODE_SECURE_SUM;
      if (is_sum == was_sum || !AreLinked(item, other, library)) continue;
      ASSIGN_OR_RETURN(const Period period, ParsePeriod(item.period));
      ASSIGN_OR_RETURN(const Period before, ParsePeriod(other.period));
      if (!period.Overlaps(before)) continue;
      return absl::FailedPreconditionError(absl::StrCat(
          "item ", i + 1, " (metric ", item.metric, "): ",
          other.metric == item.metric ? "it"
                                      : absl::StrCat("metric ", other.metric, ", which is linked with it,"),
          " was asked for ", contract::NameOf(other.mode), " over ", other.period, " in round ",
          earlier.round_id, "; one metric and period has one mode, and no council would answer"));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckStatedOnce(const contract::RoundSpec& spec, const contract::RoundSpec& earlier) {
  for (std::size_t i = 0; i < spec.items.size(); ++i) {
    const contract::RoundItem& item = spec.items[i];
    if (item.mode != v1::MODE_STATED) continue;
    ASSIGN_OR_RETURN(const Period period, ParsePeriod(item.period));
    for (const contract::RoundItem& other : earlier.items) {
      if (other.mode != v1::MODE_STATED || other.metric != item.metric) continue;
      ASSIGN_OR_RETURN(const Period before, ParsePeriod(other.period));
      if (!period.Overlaps(before)) continue;
      return absl::FailedPreconditionError(absl::StrCat(
          "item ", i + 1, " (metric ", item.metric, "): councils were asked to state it of ", other.period,
          " in round ", earlier.round_id,
          "; it is asked once, since two distributions that differ by one council tell its answers"));
    }
  }
  return absl::OkStatus();
}

}  // namespace waymark::coordinator

#include <cstdio>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "base/configuration.h"
#include "base/file.h"
#include "base/period.h"
#include "base/status.h"
#include "base/text_table.h"
#include "crypto/hash.h"
#include "node/cli/commands.h"
#include "node/disclose/plan.h"
#include "node/site/ledger_report.h"
#include "node/site/workplace.h"
#include "proto/contract/modes.h"
#include "proto/contract/names.h"

namespace waymark::node {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMaxPlanBytes = 1 << 20;

Fraction ReadAmount(ConfigTable& table, absl::string_view key) {
  const auto amount = ParseFraction(table.StringOr(key, "0"));
  if (amount.ok()) return *amount;
  table.Fail(key, amount.status().message());
  return {};
}

// The noised items of one [[item]] table, one a period.
void ReadItem(ConfigTable& table, const catalogue::Library& library,
              std::vector<contract::RoundItem>& items) {
  contract::RoundItem item;
  item.metric = table.String("metric", "give an id of `waymark metrics`");
  const v1::Metric* metric = library.Find(item.metric);
  if (metric == nullptr) {
    table.Fail("metric", absl::StrCat("the catalogue has no entry \"", item.metric, "\""));
    return;
  }
  item.version = metric->version();
  item.definition_hash = crypto::Sha256(catalogue::CanonicalDefinition(*metric));
  const std::string mode = table.OneOf("mode", contract::ModeNames(), "noised");
  item.mode = contract::ModeNamed(mode).value_or(v1::MODE_NOISED);
  const Fraction epsilon = ReadAmount(table, "epsilon");
  const Fraction rho = ReadAmount(table, "rho");
  if (item.mode == v1::MODE_SECURE_SUM && epsilon.numerator == 0) {
    table.Fail("epsilon", "a secure sum carries noise by epsilon, as epsilon = \"1/2\"");
  }
  if (item.mode == v1::MODE_NOISED && (epsilon.numerator == 0) == (rho.numerator == 0)) {
    table.Fail("epsilon", "give either epsilon = \"1/2\" or rho = \"1/100\"");
  }
  item.epsilon_numerator = epsilon.numerator;
  item.epsilon_denominator = epsilon.denominator;
  item.rho_numerator = rho.numerator;
  item.rho_denominator = rho.denominator;
  item.breakdowns = table.Strings("breakdowns");
  for (const std::int64_t days : table.Integers("windows", 1, 3660)) {
    item.window_days.push_back(static_cast<std::uint32_t>(days));
  }
  for (const std::string& name : table.Strings("units")) {
    if (const auto unit = contract::UnitNamed(name)) {
      item.units.push_back(*unit);
    } else {
      table.Fail("units", absl::StrCat("\"", name, "\" is none of episodes, children, families"));
    }
  }
  std::vector<std::string> periods = table.Strings("periods");
  if (table.Has("period")) periods.push_back(table.StringOr("period", ""));
  if (periods.empty()) table.Fail("period", "give the period, as \"2024-25\", or periods = [...]");
  for (const std::string& label : periods) {
    const auto period = ParsePeriod(label);
    if (!period.ok()) {
      table.Fail("period", period.status().message());
      continue;
    }
    item.period = period->label;
    if (contract::HasNoise(item.mode)) items.push_back(item);
  }
}

// A round file, or any file of [[item]] tables like it; what is not noised costs nothing and is passed over.
absl::StatusOr<std::vector<contract::RoundItem>> ReadSchedule(const std::string& file,
                                                              const catalogue::Library& library) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(file, kMaxPlanBytes));
  ASSIGN_OR_RETURN(ConfigTable root, ConfigTable::Parse(text, file));
  std::vector<contract::RoundItem> items;
  std::vector<ConfigTable> tables = root.Tables("item");
  if (tables.empty()) root.Fail("item", "a schedule has at least one thing in it; begin it by [[item]]");
  for (ConfigTable& table : tables) ReadItem(table, library, items);
  root.AllowAll();  // a round's own name and times are nothing to its cost
  RETURN_IF_ERROR(root.Finish());
  return items;
}

void PrintText(const BudgetPlan& plan) {
  TextTable items({"metric", "period", "charge", "charged to", ">cells", ">one cell within (95%)", "leaves"});
  for (const PlannedItem& one : plan.items) {
    items.AddRow({one.item.metric, one.item.period, DescribeCharge(one.claim), YearsText(one.claim),
                  std::to_string(one.cells), absl::StrCat("±", one.error.radius_95),
                  one.refused ? absl::StrCat("no: ", *one.refused) : "yes"});
  }
  std::printf("%s",
              items.empty() ? "Nothing of it is noised, so nothing is charged.\n" : items.Render().c_str());
  TextTable years({"financial year", "of", ">epsilon limit", ">spent", ">left"});
  for (const YearBudget& year : plan.after) {
    years.AddRow({NameOfYear(year.year), year.family.empty() ? "everything noised" : year.family,
                  FormatFraction(year.limit), FormatSpent(year), FormatUnits(year.left)});
  }
  if (!years.empty()) std::printf("\nAfter all of it:\n%s", years.Render().c_str());
  if (plan.crossover > 0 && plan.most_in_a_year >= plan.crossover) {
    std::printf(
        "\n%llu releases reach one year. From %llu equal ones on, rho (discrete Gaussian noise) gives "
        "narrower "
        "figures for the same yearly epsilon than epsilon does.\n",
        static_cast<unsigned long long>(plan.most_in_a_year),
        static_cast<unsigned long long>(plan.crossover));
  }
}

void PrintJson(const BudgetPlan& plan) {
  Json object = {{"items", Json::array()}, {"after", Json::array()}};
  for (const PlannedItem& one : plan.items) {
    object["items"].push_back({{"metric", one.item.metric},
                               {"period", one.item.period},
                               {"charge", DescribeCharge(one.claim)},
                               {"charged_to", YearsText(one.claim)},
                               {"cells", one.cells},
                               {"standard_deviation", one.error.standard_deviation},
                               {"radius_95", one.error.radius_95},
                               {"refused", one.refused ? Json(*one.refused) : Json(nullptr)}});
  }
  for (const YearBudget& year : plan.after) {
    object["after"].push_back({{"year", NameOfYear(year.year)},
                               {"family", year.family},
                               {"limit", FormatFraction(year.limit)},
                               {"spent", FormatSpent(year)},
                               {"left", FormatUnits(year.left)}});
  }
  object["most_in_a_year"] = plan.most_in_a_year;
  object["crossover"] = plan.crossover;
  std::printf("%s\n", object.dump(1).c_str());
}

}  // namespace

absl::Status LedgerPlanCommand(const CommonOptions& common, const std::string& file, const Clock& clock) {
  ASSIGN_OR_RETURN(const Site site, LoadSite(common.config));
  ASSIGN_OR_RETURN(const auto schedule, ReadSchedule(file, site.library));
  ASSIGN_OR_RETURN(const auto workplace, Workplace::Open(site, clock));
  ASSIGN_OR_RETURN(const auto entries, workplace->ledger().Entries());
  const absl::CivilDay today = absl::ToCivilDay(clock.Now(), absl::UTCTimeZone());
  ASSIGN_OR_RETURN(const BudgetPlan plan,
                   PlanBudget(schedule, entries, workplace->policy().budget(), site.library,
                              static_cast<Day>(today - absl::CivilDay(1970, 1, 1))));
  common.json ? PrintJson(plan) : PrintText(plan);
  return absl::OkStatus();
}

}  // namespace waymark::node

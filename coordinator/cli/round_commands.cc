#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/file.h"
#include "base/status.h"
#include "base/text_table.h"
#include "catalogue/library.h"
#include "coordinator/cli/commands.h"
#include "coordinator/cli/installed_catalogue.h"
#include "coordinator/cli/output.h"
#include "coordinator/cli/round_file.h"
#include "coordinator/export/figure_table.h"
#include "proto/contract/modes.h"
#include "proto/contract/names.h"
#include "proto/contract/revision.h"

namespace waymark::coordinator {
namespace {

// "1/2", "4".
std::string Fraction(std::uint64_t numerator, std::uint64_t denominator) {
  return denominator == 1 ? absl::StrCat(numerator) : absl::StrCat(numerator, "/", denominator);
}

using Json = nlohmann::ordered_json;

constexpr std::size_t kMaxFileBytes = 1 << 20;

int Answered(const v1::RoundStatus& round) {
  int answered = 0;
  for (const auto& council : round.councils()) answered += council.answered() ? 1 : 0;
  return answered;
}

Json ItemJson(const v1::RoundItem& item) {
  Json units = Json::array();
  for (const int unit : item.units())
    units.push_back(std::string(contract::NameOf(static_cast<v1::Unit>(unit))));
  Json json = {{"metric", item.metric()},
               {"version", item.version()},
               {"period", item.period()},
               {"mode", std::string(contract::NameOf(item.mode()))}};
  json["epsilon"] = item.epsilon_numerator() != 0
                        ? Json(absl::StrCat(item.epsilon_numerator(), "/", item.epsilon_denominator()))
                        : Json(nullptr);
  if (item.rho_numerator() != 0) {
    json["rho"] = absl::StrCat(item.rho_numerator(), "/", item.rho_denominator());
  }
  if (item.distribution_epsilon_numerator() != 0) {
    json["distribution_epsilon"] =
        absl::StrCat(item.distribution_epsilon_numerator(), "/", item.distribution_epsilon_denominator());
  }
  if (item.deprivation_rho_numerator() != 0) {
    json["deprivation_rho"] =
        absl::StrCat(item.deprivation_rho_numerator(), "/", item.deprivation_rho_denominator());
  }
  json["breakdowns"] = std::vector<std::string>(item.breakdowns().begin(), item.breakdowns().end());
  json["window_days"] = std::vector<std::uint32_t>(item.window_days().begin(), item.window_days().end());
  json["units"] = units;
  return json;
}

Json RoundJson(const v1::RoundStatus& round) {
  const v1::RoundSpec& spec = round.spec();
  Json json = {{"round_id", spec.round_id()},
               {"title", spec.title()},
               {"state", std::string(contract::NameOf(round.state()))},
               {"opens", FormatTime(spec.opens_unix_s())},
               {"deadline", FormatTime(spec.deadline_unix_s())},
               {"least_contributors", spec.least_contributors()},
               {"data_version", spec.data_version()},
               {"close_at_answers", spec.close_at_answers()},
               {"late_for_days", spec.late_for_days()},
               {"editions", Json::parse(EditionsJson(round.editions()))},
               {"waiting", round.waiting()}};
  if (round.state() == v1::ROUND_STATE_WITHDRAWN) {
    json["withdrawn"] = FormatTime(round.withdrawn_unix_s());
    json["reason"] = round.reason();
  }
  json["items"] = Json::array();
  for (const v1::RoundItem& item : spec.items()) json["items"].push_back(ItemJson(item));
  json["councils"] = Json::array();
  for (const auto& council : round.councils()) {
    Json absent = Json::array();
    for (const v1::AbsentItem& item : council.absent()) {
      absent.push_back({{"item", item.item()}, {"absence", std::string(contract::NameOf(item.absence()))}});
    }
    json["councils"].push_back({{"code", council.code()},
                                {"answered", council.answered()},
                                {"absence", std::string(contract::NameOf(council.absence()))},
                                {"last_contact", council.last_contact_unix_s() == 0
                                                     ? Json(nullptr)
                                                     : Json(FormatTime(council.last_contact_unix_s()))},
                                {"absent", absent}});
  }
  return json;
}

std::string StateOfCouncil(const v1::RoundStatus& round, const v1::RoundStatus::Council& council) {
  if (!council.answered()) return round.state() == v1::ROUND_STATE_OPEN ? "not yet" : "absent";
  return "answered";
}

std::string AbsentText(const v1::RoundStatus& round, const v1::RoundStatus::Council& council) {
  if (!council.answered()) {
    const bool may_come =
        round.state() == v1::ROUND_STATE_OPEN && council.absence() == v1::ABSENCE_NO_RESPONSE;
    return may_come ? "" : std::string(contract::NameOf(council.absence()));
  }
  std::vector<std::string> parts;
  for (const v1::AbsentItem& item : council.absent()) {
    const auto index = static_cast<int>(item.item());
    const std::string metric = index < round.spec().items_size() ? round.spec().items(index).metric() : "?";
    parts.push_back(absl::StrCat("metric ", metric, ": ", contract::NameOf(item.absence())));
  }
  return absl::StrJoin(parts, ", ");
}

// Until when late ones are taken, and what became of them.
std::string EditionsText(const v1::RoundStatus& round) {
  std::string text;
  if (round.spec().late_for_days() > 0) {
    absl::StrAppend(&text, "Late and corrected releases are taken for ", round.spec().late_for_days(),
                    " days after the deadline; ", round.waiting(), " wait for the next edition\n");
  }
  for (const v1::Edition& edition : round.editions()) {
    if (round.editions_size() == 1) break;
    absl::StrAppend(&text, "Edition ", edition.number(), " (", edition.round_id(), ") published ",
                    FormatTime(edition.published_unix_s()), edition.number() == 1 ? "" : ": ",
                    contract::ReasonsText(edition), "\n");
  }
  return text;
}

std::string RoundText(const v1::RoundStatus& round) {
  const v1::RoundSpec& spec = round.spec();
  std::string text =
      absl::StrCat("Round ", spec.round_id(), spec.title().empty() ? "" : ": ", Printable(spec.title()),
                   "\nState: ", contract::NameOf(round.state()), "; deadline ",
                   FormatTime(spec.deadline_unix_s()), "; ", Answered(round), " of ", round.councils_size(),
                   " councils answered; no figure over fewer than ", spec.least_contributors(), "\n",
                   spec.close_at_answers() == 0
                       ? ""
                       : absl::StrCat("Closes as soon as ", spec.close_at_answers(), " have answered\n"),
                   round.state() == v1::ROUND_STATE_WITHDRAWN
                       ? absl::StrCat("Withdrawn ", FormatTime(round.withdrawn_unix_s()), ": ",
                                      Printable(round.reason()), "\n")
                       : "",
                   EditionsText(round), "\n");
  TextTable items({">Item", "Metric", ">Version", "Period", "Mode", "Breakdowns"});
  for (int i = 0; i < spec.items_size(); ++i) {
    const v1::RoundItem& item = spec.items(i);
    const std::string epsilon =
        !contract::HasNoise(item.mode()) ? ""
        : item.rho_numerator() != 0
            ? absl::StrCat(", rho ", Fraction(item.rho_numerator(), item.rho_denominator()))
            : absl::StrCat(", epsilon ", Fraction(item.epsilon_numerator(), item.epsilon_denominator()));
    const std::string distribution =
        item.distribution_epsilon_numerator() == 0
            ? ""
            : absl::StrCat(", distribution by epsilon ", Fraction(item.distribution_epsilon_numerator(),
                                                                  item.distribution_epsilon_denominator()));
    const std::string expected =
        item.deprivation_rho_numerator() == 0
            ? ""
            : absl::StrCat(", expected values by rho ",
                           Fraction(item.deprivation_rho_numerator(), item.deprivation_rho_denominator()));
    items.AddRow({absl::StrCat(i + 1), item.metric(), absl::StrCat(item.version()), item.period(),
                  absl::StrCat(contract::NameOf(item.mode()), epsilon, distribution, expected),
                  absl::StrJoin(item.breakdowns(), ", ")});
  }
  TextTable councils({"Council", "State", "Last heard of", "Not given"});
  for (const auto& council : round.councils()) {
    councils.AddRow({council.code(), StateOfCouncil(round, council),
                     council.last_contact_unix_s() == 0 ? "" : FormatTime(council.last_contact_unix_s()),
                     AbsentText(round, council)});
  }
  return absl::StrCat(text, items.Render(), councils.empty() ? "" : "\n",
                      councils.empty() ? "" : councils.Render());
}

void PrintRound(const QueryOptions& options, const v1::RoundStatus& round) {
  Print(options.json ? RoundJson(round).dump(2, ' ', false, Json::error_handler_t::replace) + "\n"
                     : RoundText(round));
}

}  // namespace

absl::Status RoundOpenCommand(const QueryOptions& options, const std::string& file, const Clock& clock) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(file, kMaxFileBytes));
  ASSIGN_OR_RETURN(const catalogue::Library library, LoadLibrary(options.catalogue));
  ASSIGN_OR_RETURN(const v1::RoundSpec spec, ParseRoundFile(text, file, library, clock.Now()));
  ASSIGN_OR_RETURN(const std::unique_ptr<Connection> connection, Connection::Open(options.client));
  RETURN_IF_ERROR(connection->OpenRound(spec).status());
  if (options.json) {
    Print(Json({{"round_id", spec.round_id()},
                {"opens", FormatTime(spec.opens_unix_s())},
                {"deadline", FormatTime(spec.deadline_unix_s())}})
              .dump(2) +
          "\n");
  } else {
    Print(absl::StrCat("Round ", spec.round_id(), " is open until ", FormatTime(spec.deadline_unix_s()),
                       ", or until every council has answered.\n"));
  }
  return absl::OkStatus();
}

absl::Status RoundListCommand(const QueryOptions& options) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Connection> connection, Connection::Open(options.client));
  ASSIGN_OR_RETURN(const v1::ListRoundsResponse response, connection->ListRounds());
  if (options.json) {
    Json json = Json::array();
    for (const v1::RoundStatus& round : response.rounds()) json.push_back(RoundJson(round));
    Print(json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
    return absl::OkStatus();
  }
  if (response.rounds().empty()) {
    Print("No round has been opened yet; open one with `waymark round open --file round.toml`.\n");
    return absl::OkStatus();
  }
  TextTable table({"Round", "State", "Deadline", ">Answered", ">Councils", ">Items"});
  for (const v1::RoundStatus& round : response.rounds()) {
    table.AddRow({round.spec().round_id(), std::string(contract::NameOf(round.state())),
                  FormatTime(round.spec().deadline_unix_s()), absl::StrCat(Answered(round)),
                  absl::StrCat(round.councils_size()), absl::StrCat(round.spec().items_size())});
  }
  Print(table.Render());
  return absl::OkStatus();
}

absl::Status RoundShowCommand(const QueryOptions& options, const std::string& round_id) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Connection> connection, Connection::Open(options.client));
  ASSIGN_OR_RETURN(const v1::ListRoundsResponse response, connection->ListRounds());
  std::vector<std::string> known;
  for (const v1::RoundStatus& round : response.rounds()) {
    known.push_back(round.spec().round_id());
    if (known.back() != round_id) continue;
    PrintRound(options, round);
    return absl::OkStatus();
  }
  return absl::NotFoundError(absl::StrCat(
      "no round is called \"", round_id, "\"; ",
      known.empty() ? "none has been opened" : absl::StrCat("there are ", absl::StrJoin(known, ", "))));
}

absl::Status RoundCloseCommand(const QueryOptions& options, const std::string& round_id) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Connection> connection, Connection::Open(options.client));
  ASSIGN_OR_RETURN(const v1::RoundStatus round, connection->CloseRound(round_id));
  PrintRound(options, round);
  return absl::OkStatus();
}

absl::Status RoundWithdrawCommand(const QueryOptions& options, const std::string& round_id,
                                  const std::string& reason) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Connection> connection, Connection::Open(options.client));
  ASSIGN_OR_RETURN(const v1::RoundStatus round, connection->WithdrawRound(round_id, reason));
  PrintRound(options, round);
  return absl::OkStatus();
}

}  // namespace waymark::coordinator

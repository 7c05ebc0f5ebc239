#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/status.h"
#include "base/text_table.h"
#include "coordinator/cli/commands.h"
#include "coordinator/cli/figure_text.h"
#include "coordinator/cli/output.h"
#include "proto/contract/names.h"

namespace waymark::coordinator {
namespace {

using Json = nlohmann::ordered_json;

// "" where nothing is known.
std::string Became(const std::string& council, const contract::Successions& successions) {
  const contract::Succession* one = contract::EndOf(successions, council);
  if (one == nullptr) one = contract::BeginningOf(successions, council);
  return one == nullptr ? "" : contract::Describe(*one);
}

std::string CouncilsTable(const v1::QueryResponse& answer, const contract::Successions& successions) {
  TextTable table({"Council", "Name", "Takes part", "What became of it"});
  for (const auto& council : answer.coverage()) {
    const bool is_in = council.absence() == v1::ABSENCE_UNSPECIFIED;
    table.AddRow({council.council(), Shorten(Printable(council.name()), 40),
                  is_in ? "yes" : absl::StrCat("no: ", std::string(contract::NameOf(council.absence()))),
                  Became(council.council(), successions)});
  }
  return table.Render();
}

std::string ValueText(bool present, double value, bool is_percent) {
  if (!present) return "[x]";
  return absl::StrFormat(is_percent ? "%.1f%%" : "%.1f", value);
}

std::string PlaceTable(const v1::Representation& place) {
  std::string text = absl::StrCat(place.name(), ": ", place.participants(), " of ", place.authorities(),
                                  " authorities take part\n");
  TextTable table({"Measure", "Unit", "Year", ">Participants", ">All", ">Of them with a value"});
  for (const v1::RepresentationRow& row : place.rows()) {
    const bool is_percent = row.unit() == "%";
    table.AddRow({Shorten(row.title(), 34), Shorten(row.is_share() ? "share of all" : row.unit(), 14),
                  row.year(),
                  ValueText(row.has_participants(), row.participants(), is_percent || row.is_share()),
                  row.is_share() ? (row.has_place() ? absl::StrFormat("%.0f", row.place()) : "[x]")
                                 : ValueText(row.has_place(), row.place(), is_percent),
                  absl::StrCat(row.participants_with_value(), " / ", row.authorities_with_value())});
  }
  return absl::StrCat(text, table.Render());
}

Json ToJson(const v1::Representation& place) {
  Json rows = Json::array();
  for (const v1::RepresentationRow& row : place.rows()) {
    rows.push_back({{"measure", row.measure()},
                    {"title", row.title()},
                    {"unit", row.unit()},
                    {"year", row.year()},
                    {"is_share", row.is_share()},
                    {"participants", row.has_participants() ? Json(row.participants()) : Json(nullptr)},
                    {"place", row.has_place() ? Json(row.place()) : Json(nullptr)},
                    {"participants_with_value", row.participants_with_value()},
                    {"authorities_with_value", row.authorities_with_value()}});
  }
  return {{"code", place.code()},
          {"name", place.name()},
          {"participants", place.participants()},
          {"authorities", place.authorities()},
          {"measures", rows}};
}

Json CouncilsJson(const v1::QueryResponse& answer, const contract::Successions& successions) {
  Json councils = Json::array();
  for (const auto& council : answer.coverage()) {
    councils.push_back({{"council", council.council()},
                        {"name", council.name()},
                        {"takes_part", council.absence() == v1::ABSENCE_UNSPECIFIED},
                        {"absence", std::string(contract::NameOf(council.absence()))},
                        {"succession", Became(council.council(), successions)}});
  }
  return councils;
}

}  // namespace

absl::Status CoverageCommand(const QueryOptions& options, const FigureSelection& selection) {
  v1::QueryRequest query;
  query.set_metric(selection.metric);
  query.set_version(selection.version);
  query.set_period(selection.period);
  ASSIGN_OR_RETURN(const std::unique_ptr<Connection> connection, Connection::Open(options.client));
  ASSIGN_OR_RETURN(const v1::QueryResponse answer, connection->Query(query));
  ASSIGN_OR_RETURN(const contract::Successions successions, connection->Successions());
  v1::RepresentationRequest request;
  request.set_metric(selection.metric);
  request.set_version(selection.version);
  request.set_period(selection.period);
  // Who is in stands by itself; what they are like needs published files, and named councils.
  const absl::StatusOr<v1::RepresentationResponse> like = connection->Represented(request);
  if (!like.ok() && !absl::IsFailedPrecondition(like.status())) return like.status();
  if (options.json) {
    Json json = {{"round_id", answer.round_id()},
                 {"councils", CouncilsJson(answer, successions)},
                 {"places", Json::array()}};
    if (like.ok()) {
      for (const v1::Representation& place : like->places()) json["places"].push_back(ToJson(place));
    } else {
      json["places_note"] = std::string(like.status().message());
    }
    Print(json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
    return absl::OkStatus();
  }
  std::string text =
      absl::StrCat("Round ", answer.round_id(), "\n", CouncilsTable(answer, successions), "\n");
  if (!like.ok()) {
    Print(absl::StrCat(
        text, Wrap(absl::StrCat("What they are like is not known: ", std::string(like.status().message())))));
    return absl::OkStatus();
  }
  for (const v1::Representation& place : like->places()) absl::StrAppend(&text, PlaceTable(place), "\n");
  Print(absl::StrCat(
      text, Wrap("Participants: of those of the place that take part. Means are weighted by children (by "
                 "referrals where they are shares of referrals), over those that have a value. [x]: not "
                 "published.")));
  return absl::OkStatus();
}

}  // namespace waymark::coordinator

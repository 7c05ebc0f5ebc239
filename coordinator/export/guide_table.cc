#include "coordinator/export/guide_table.h"

#include <cstddef>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "coordinator/benchmark/combine.h"
#include "coordinator/export/cells.h"
#include "proto/contract/names.h"

namespace waymark::coordinator {
namespace {

using Json = nlohmann::ordered_json;

Json OrNull(const std::optional<double>& number) {
  return number ? Json(*number) : Json(nullptr);
}

std::string Shorthand(v1::FigureStatus status) {
  return std::string(contract::ShorthandOf(status));
}

// A count, or why it is not there.
Json CountOr(const GuideCounts& counts, std::size_t answer, const Json& otherwise) {
  return answer < counts.answered.size() ? Json(counts.answered[answer]) : otherwise;
}

std::string CsvText(const Json& value) {
  return value.is_string() ? CsvCellOf(value.get<std::string>()) : value.is_null() ? "" : value.dump();
}

// How many councils handed in the questionnaire, or did not.
Json HandedIn(const GuideCounts& counts, std::uint32_t councils, const Json& otherwise) {
  return counts.status == v1::FIGURE_STATUS_NOT_AVAILABLE ? otherwise : Json(councils);
}

// Column by column, of one line. The header is the names of any line's.
using Cells = std::vector<std::pair<const char*, Json>>;

void AppendLine(const Cells& cells, std::string& csv) {
  if (csv.empty()) {
    csv = absl::StrJoin(cells, ",", [](std::string* out, const auto& cell) { out->append(cell.first); });
    csv += "\n";
  }
  absl::StrAppend(
      &csv,
      absl::StrJoin(cells, ",",
                    [](std::string* out, const auto& cell) { out->append(CsvText(cell.second)); }),
      "\n");
}

Cells PublicationCells(const Guide& guide) {
  return {{"metric", guide.metric->id()},
          {"definition_version", guide.version},
          {"period", guide.period},
          {"round_id", guide.round_id}};
}

bool IsOfAll(const Guide& guide, std::size_t place) {
  return guide.places[place].code == kParticipantsCode;
}

// What stands beside all participants' answers alone.
void AppendChange(const Guide& guide, const GuideQuestion& one, std::size_t answer, bool of_all,
                  Cells& cells) {
  const auto beside = [&](const char* name, Json value) {
    cells.emplace_back(name, of_all ? std::move(value) : Json(nullptr));
  };
  const auto moved = [&](const char* name, auto value) {
    beside(name, one.moves ? Json(value(*one.moves)) : Json(nullptr));
  };
  beside("period_before", guide.before_period);
  beside("councils_before", CountOr(one.before, answer, Shorthand(one.before.status)));
  beside("status_before", GuideStatusText(one.before.status));
  beside("mature_share_before", OrNull(MatureShare(*guide.questionnaire, *one.question, one.before)));
  moved("named_councils_moved_up", [](const GuideMoves& moves) { return moves.up; });
  moved("named_councils_moved_down", [](const GuideMoves& moves) { return moves.down; });
  moved("named_councils_stayed", [](const GuideMoves& moves) { return moves.same; });
  moved("sign_test_p", [](const GuideMoves& moves) { return moves.p; });
  moved("sign_test_p_together", [](const GuideMoves& moves) { return moves.p_together; });
}

Json CountsJson(const Guide& guide, const GuideQuestion& one, const GuideCounts& counts) {
  Json json = {{"status", GuideStatusText(counts.status)},
               {"shorthand", Shorthand(counts.status)},
               {"answers", nullptr},
               {"unanswered", nullptr},
               {"handed_in", HandedIn(counts, counts.councils, nullptr)},
               {"absent", HandedIn(counts, counts.absent, nullptr)},
               {"mature_share", OrNull(MatureShare(*guide.questionnaire, *one.question, counts))}};
  if (counts.status != v1::FIGURE_STATUS_SHOWN) return json;
  json["answers"] = Json::object();
  for (int i = 0; i < guide.questionnaire->answers_size(); ++i) {
    json["answers"][guide.questionnaire->answers(i).id()] = counts.answered[static_cast<std::size_t>(i)];
  }
  json["unanswered"] = counts.unanswered;
  return json;
}

Json QuestionJson(const Guide& guide, const GuideQuestion& one) {
  Json places = Json::array();
  for (std::size_t i = 0; i < guide.places.size(); ++i) {
    Json place = {{"code", guide.places[i].code}, {"name", guide.places[i].name}};
    place.update(CountsJson(guide, one, one.counts[i]));
    places.push_back(std::move(place));
  }
  Json json = {{"section", one.section->id()},
               {"section_title", one.section->title()},
               {"question", one.question->id()},
               {"text", one.question->text()},
               {"reversed", one.question->reversed()},
               {"alternatives", one.question->alternatives()},
               {"places", places},
               {"before", CountsJson(guide, one, one.before)},
               {"named_councils_in_both_years", nullptr}};
  if (one.moves) {
    json["named_councils_in_both_years"] = {{"moved_up", one.moves->up},
                                            {"moved_down", one.moves->down},
                                            {"stayed", one.moves->same},
                                            {"sign_test_p", one.moves->p},
                                            {"sign_test_p_together", one.moves->p_together}};
  }
  return json;
}

// One theme in one region, in the order of the CSV's columns.
Cells AlikeCells(const GuideAlike& one) {
  const bool tested = one.agreement.has_value();
  const auto of = [&](auto value) { return tested ? Json(value(*one.agreement)) : Json(nullptr); };
  using statistics::Agreement;
  return {{"geography_code", one.region.code},
          {"geography_name", one.region.name},
          {"section", one.section->id()},
          {"section_title", one.section->title()},
          {"named_councils", one.councils},
          {"status", tested                       ? "tested"
                     : one.councils < kLeastAlike ? "too few councils"
                                                  : "nothing to compare"},
          {"agreement", of([](const Agreement& found) { return found.within; })},
          {"expected_by_chance", of([](const Agreement& found) { return found.expected; })},
          {"p", of([](const Agreement& found) { return found.p; })},
          {"p_together", tested ? Json(one.p_together) : Json(nullptr)},
          {"groupings", of([](const Agreement& found) { return found.groupings; })},
          {"exact", of([](const Agreement& found) { return found.exact; })}};
}

}  // namespace

std::string GuideStatusText(v1::FigureStatus status) {
  switch (status) {
    case v1::FIGURE_STATUS_SUPPRESSED:
      return "hidden";
    case v1::FIGURE_STATUS_NOT_AVAILABLE:
      return "not asked";
    default:
      return std::string(contract::NameOf(status));
  }
}

std::string GuideCsv(const Guide& guide) {
  std::string csv;
  for (std::size_t place = 0; place < guide.places.size(); ++place) {
    for (const GuideQuestion& one : guide.questions) {
      const GuideCounts& counts = one.counts[place];
      const bool shown = counts.status == v1::FIGURE_STATUS_SHOWN;
      for (int i = 0; i < guide.questionnaire->answers_size(); ++i) {
        const v1::Answer& answer = guide.questionnaire->answers(i);
        const auto number = static_cast<std::size_t>(i);
        Cells cells = PublicationCells(guide);
        const Cells own = {
            {"geography_code", guide.places[place].code},
            {"geography_name", guide.places[place].name},
            {"section", one.section->id()},
            {"section_title", one.section->title()},
            {"question", one.question->id()},
            {"question_text", one.question->text()},
            {"answer", answer.id()},
            {"answer_title", answer.title()},
            {"councils", CountOr(counts, number, Shorthand(counts.status))},
            {"status", GuideStatusText(counts.status)},
            {"councils_unanswered", shown ? Json(counts.unanswered) : Json(Shorthand(counts.status))},
            {"councils_handed_in", HandedIn(counts, counts.councils, Shorthand(counts.status))},
            {"councils_absent", HandedIn(counts, counts.absent, Shorthand(counts.status))},
            {"mature_share", OrNull(MatureShare(*guide.questionnaire, *one.question, counts))}};
        cells.insert(cells.end(), own.begin(), own.end());
        AppendChange(guide, one, number, IsOfAll(guide, place), cells);
        AppendLine(cells, csv);
      }
    }
  }
  return csv;
}

std::string GuideAlikeCsv(const Guide& guide) {
  std::string csv;
  for (const GuideAlike& one : guide.alike) {
    Cells cells = PublicationCells(guide);
    const Cells own = AlikeCells(one);
    cells.insert(cells.end(), own.begin(), own.end());
    AppendLine(cells, csv);
  }
  return csv;
}

std::string GuideJson(const Guide& guide) {
  Json answers = Json::array();
  for (const v1::Answer& answer : guide.questionnaire->answers()) {
    answers.push_back({{"id", answer.id()}, {"title", answer.title()}});
  }
  Json questions = Json::array();
  for (const GuideQuestion& one : guide.questions) questions.push_back(QuestionJson(guide, one));
  Json alike = Json::array();
  for (const GuideAlike& one : guide.alike) {
    Json object = Json::object();
    for (auto& [name, value] : AlikeCells(one)) object[name] = value;
    alike.push_back(std::move(object));
  }
  Json coverage = Json::array();
  for (const auto& council : guide.coverage) {
    coverage.push_back({{"council", council.council()},
                        {"name", council.name()},
                        {"absence", std::string(contract::NameOf(council.absence()))}});
  }
  Json json = Json::object();
  for (auto& [name, value] : PublicationCells(guide)) json[name] = value;
  json["title"] = guide.metric->title();
  json["published"] = UtcText(guide.published_unix_s);
  json["period_before"] = guide.before_period;
  json["round_id_before"] = guide.before_round_id;
  json["answers"] = answers;
  json["questions"] = questions;
  json["alike"] = alike;
  json["coverage"] = coverage;
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace waymark::coordinator

// What the addresses of a council's pages show.
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/civil_time.h"
#include "base/status.h"
#include "http/routes.h"
#include "node/pages/briefing.h"
#include "node/pages/caseload.h"
#include "node/pages/context.h"
#include "node/pages/difference.h"
#include "node/pages/leaving.h"
#include "node/pages/ledger_page.h"
#include "node/pages/metric_page.h"
#include "node/pages/questionnaire_page.h"
#include "node/pages/website.h"
#include "node/quality/data_report.h"

namespace waymark::node {
namespace {

using Json = nlohmann::ordered_json;

Json LineJson(const DifferenceLine& line) {
  return {{"metric", line.metric},     {"metric_title", line.title},
          {"what", line.what},         {"direction", line.direction},
          {"ours", line.ours},         {"ours_span", line.ours_span},
          {"period", line.period},     {"neighbours", line.neighbours},
          {"region", line.region},     {"everyone", line.everyone},
          {"standing", line.standing}, {"trend", line.trend},
          {"next", line.next},         {"next_metric", line.next_metric}};
}

Json SectionsOf(const std::vector<PageSection>& sections) {
  Json json = Json::array();
  for (const PageSection& section : sections) json.push_back(SectionContext(section));
  return json;
}

Json QuestionJson(const Question& question, const catalogue::Library& library, const Snapshot& snapshot) {
  Json lines = Json::array();
  for (const QuestionFigure& figure : question.figures)
    lines.push_back(LineJson(LineFor(figure, library, snapshot)));
  return {{"id", question.id}, {"question", question.title}, {"lines", std::move(lines)}};
}

absl::StatusOr<std::string> Word(const http::Request& request, absl::string_view name) {
  return http::OneOf(request.query, name);
}

}  // namespace

absl::StatusOr<Json> Website::DifferencePage(const Asked& asked) {
  RETURN_IF_ERROR(http::CheckWords(asked.request.query, {}));
  Json questions = Json::array();
  for (const Question& question : parts_.questions)
    questions.push_back(QuestionJson(question, parts_.site.library, *asked.snapshot));
  return Json{{"template", "council/difference"},
              {"title", "Have we made a real difference?"},
              {"has_questions", !questions.empty()},
              {"questions", std::move(questions)}};
}

absl::StatusOr<Json> Website::LeavingPage(const Asked& asked) {
  RETURN_IF_ERROR(http::CheckWords(asked.request.query, {}));
  ASSIGN_OR_RETURN(Json context, LeavingContext(parts_.site, parts_.clock));
  context["template"] = "council/leaving";
  context["title"] = "What leaves the building";
  return context;
}

absl::StatusOr<Json> Website::RoundPage(const Asked& asked) {
  RETURN_IF_ERROR(http::CheckWords(asked.request.query, {"done"}));
  ASSIGN_OR_RETURN(const std::string done, Word(asked.request, "done"));
  ASSIGN_OR_RETURN(Json context, RoundContext(parts_.site, *asked.snapshot, parts_.clock, asked.variable));
  const bool is_approver = asked.caller.account.role == Role::kApprover;
  const bool is_refused = !context["refused_by"].get_ref<const std::string&>().empty();
  context["template"] = "council/round";
  context["title"] = absl::StrCat("What leaves for the round ", asked.variable);
  context["may_decide"] = is_approver;
  context["may_approve"] = is_approver && !is_refused;
  context["may_refuse"] = is_approver && !is_refused && context["given"] < context["needed"];
  context["may_take_back"] = is_approver && is_refused;
  context["approved"] = done == "approved";
  context["refused"] = done == "refused";
  context["taken_back"] = done == "taken-back";
  return context;
}

absl::StatusOr<Json> Website::LedgerPage(const Asked& asked) {
  RETURN_IF_ERROR(http::CheckWords(asked.request.query, {}));
  ASSIGN_OR_RETURN(const auto sections, LedgerSections(parts_.site, parts_.clock));
  return Json{{"template", "council/report"},
              {"title", "Ledger and budget"},
              {"lead", "What this council has released about whom, under which charge, and what remains."},
              {"may_refresh", false},
              {"sections", SectionsOf(sections)}};
}

absl::StatusOr<Json> Website::DataPage(const Asked& asked) {
  RETURN_IF_ERROR(http::CheckWords(asked.request.query, {}));
  const node::Page report = PageOf(asked.snapshot->data().report);
  return Json{{"template", "council/report"},
              {"title", report.title},
              {"lead", report.paragraphs.empty() ? "" : report.paragraphs.front()},
              {"may_refresh", true},
              {"sections", SectionsOf(report.sections)}};
}

absl::StatusOr<Json> Website::MetricListPage(const Asked& asked) {
  RETURN_IF_ERROR(http::CheckWords(asked.request.query, {}));
  Json context = MetricListContext(parts_.site.library, *asked.snapshot);
  context["template"] = "council/metrics";
  context["title"] = "Every metric, by our own records";
  return context;
}

absl::StatusOr<Json> Website::MetricPage(const Asked& asked) {
  RETURN_IF_ERROR(http::CheckWords(asked.request.query, {"period", "breakdown"}));
  ASSIGN_OR_RETURN(const std::string period, Word(asked.request, "period"));
  ASSIGN_OR_RETURN(const std::string breakdown, Word(asked.request, "breakdown"));
  ASSIGN_OR_RETURN(Json context,
                   MetricContext(parts_.site.library, *asked.snapshot,
                                 {.metric = asked.variable, .period = period, .breakdown = breakdown}));
  context["template"] = "council/metric";
  context["title"] =
      absl::StrCat("Metric ", asked.variable, ": ", context["metric_title"].get<std::string>());
  return context;
}

absl::StatusOr<Json> Website::CaseloadPage(const Asked& asked) {
  RETURN_IF_ERROR(http::CheckWords(asked.request.query, {}));
  ASSIGN_OR_RETURN(const auto sections,
                   CaseloadSections(asked.snapshot->data().journeys, parts_.site.library));
  return Json{{"template", "council/report"},
              {"title", "Caseload, out-of-time work and timeliness"},
              {"lead",
               "By service, team and worker, for the council's own eyes: workers' figures never leave the "
               "building, in any form."},
              {"may_refresh", true},
              {"sections", SectionsOf(sections)}};
}

absl::StatusOr<Json> Website::BriefingPage(const Asked& asked) {
  RETURN_IF_ERROR(http::CheckWords(asked.request.query, {"done"}));
  ASSIGN_OR_RETURN(const std::string commentary, Commentary(parts_.site.configuration));
  Json paragraphs = Json::array();
  for (const absl::string_view each : absl::StrSplit(commentary, "\n\n", absl::SkipWhitespace()))
    paragraphs.push_back(std::string(each));
  Json lines = Json::array();
  if (!parts_.questions.empty())
    lines = QuestionJson(parts_.questions.front(), parts_.site.library, *asked.snapshot)["lines"];
  const auto& state = asked.snapshot->data().report;
  return Json{{"template", "council/briefing"},
              {"title", "Briefing for scrutiny"},
              {"council", state.council_name},
              {"question", parts_.questions.empty() ? "" : parts_.questions.front().title},
              {"lines", std::move(lines)},
              {"commentary", commentary},
              {"tag", CommentaryTag(commentary)},
              {"has_commentary", !paragraphs.empty()},
              {"paragraphs", std::move(paragraphs)}};
}

absl::StatusOr<Json> Website::QuestionnaireListPage(const Asked& asked) {
  RETURN_IF_ERROR(http::CheckWords(asked.request.query, {}));
  Json context = QuestionnaireListContext(parts_.site);
  context["template"] = "council/questionnaires";
  context["title"] = "Questionnaires";
  return context;
}

absl::StatusOr<Json> Website::QuestionnairePage(const Asked& asked) {
  RETURN_IF_ERROR(http::CheckWords(asked.request.query, {"section", "done"}));
  ASSIGN_OR_RETURN(const std::string section, Word(asked.request, "section"));
  ASSIGN_OR_RETURN(const std::string done, Word(asked.request, "done"));
  ASSIGN_OR_RETURN(Json context, QuestionnaireContext(parts_.site, asked.variable, section));
  const absl::CivilDay today = absl::ToCivilDay(parts_.clock.Now(), absl::UTCTimeZone());
  const auto day = static_cast<Day>(today - absl::CivilDay());
  context["this_year"] = FinancialYearOf(day).label;
  context["saved"] = done == "saved";
  context["template"] = "council/questionnaire";
  context["title"] = absl::StrCat(context["questionnaire_title"].get<std::string>(), ": ",
                                  context["section_title"].get<std::string>());
  return context;
}

}  // namespace waymark::node

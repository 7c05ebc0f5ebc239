#include "coordinator/benchmark/journeys.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/period.h"
#include "base/status.h"
#include "catalogue/moves.h"
#include "coordinator/benchmark/combine.h"

namespace waymark::coordinator {
namespace {

absl::Status CheckIsOfMoves(const std::string& id, const catalogue::Library& library) {
  const v1::Metric* const metric = library.Find(id);
  if (metric == nullptr || catalogue::IsOfMoves(*metric))
    return absl::OkStatus();  // the query names what is unknown
  std::vector<std::string> moves;
  for (const v1::Metric& one : library.metrics()) {
    if (catalogue::IsOfMoves(one)) moves.push_back(one.id());
  }
  return absl::InvalidArgumentError(
      absl::StrCat("metric: ", id, " tells of no moves between states; ", absl::StrJoin(moves, ", "), " do"));
}

bool IsNumber(const v1::Figure& figure) {
  return figure.status() == v1::FIGURE_STATUS_SHOWN && figure.has_numerator();
}

v1::JourneysResponse::State& StateOf(const std::string& id, v1::JourneysResponse::Diagram& diagram) {
  for (v1::JourneysResponse::State& state : *diagram.mutable_states()) {
    if (state.id() == id) return state;
  }
  v1::JourneysResponse::State& state = *diagram.add_states();
  state.set_id(id);
  state.set_label(catalogue::StateLabel(id));
  return state;
}

// `period_days` is 0 where the figure's denominator is no person-time.
void AddFlow(const v1::Figure& figure, int period_days, v1::JourneysResponse::Diagram& diagram) {
  const auto move = catalogue::MoveOf(figure.quantity());
  if (!move) return;
  v1::JourneysResponse::State& from = StateOf(move->first, diagram);
  if (period_days > 0 && figure.has_denominator())
    from.set_average_people(figure.denominator() / period_days);
  StateOf(move->second, diagram);
  v1::JourneysResponse::Flow& flow = *diagram.add_flows();
  flow.set_from(move->first);
  flow.set_to(move->second);
  *flow.mutable_figure() = figure;
  if (IsNumber(figure)) {
    diagram.set_shown(diagram.shown() + figure.numerator());
  } else {
    diagram.set_not_shown(diagram.not_shown() + 1);
  }
}

void PutStatesInOrder(v1::JourneysResponse::Diagram& diagram) {
  std::sort(diagram.mutable_states()->begin(), diagram.mutable_states()->end(),
            [](const auto& a, const auto& b) {
              return catalogue::StatePlace(a.id()) < catalogue::StatePlace(b.id());
            });
}

}  // namespace

absl::StatusOr<v1::JourneysResponse> JourneysOf(const v1::JourneysRequest& request, const Scope& scope,
                                                const catalogue::Library& library, BenchmarkQuery& query) {
  RETURN_IF_ERROR(CheckIsOfMoves(request.metric(), library));
  v1::QueryRequest asked;
  asked.set_metric(request.metric());
  asked.set_version(request.version());
  asked.set_period(request.period());
  asked.set_breakdown(request.breakdown());
  asked.set_unit(request.unit());
  asked.set_round_id(request.round_id());
  asked.add_geographies(request.geography().empty() ? std::string(kParticipantsCode) : request.geography());
  ASSIGN_OR_RETURN(const v1::QueryResponse answer, query.Answer(asked, scope));
  v1::JourneysResponse response;
  response.set_metric(request.metric());
  response.set_version(answer.version());
  response.set_period(answer.period());
  response.set_round_id(answer.round_id());
  response.set_published_unix_s(answer.published_unix_s());
  response.set_geography(asked.geographies(0));
  *response.mutable_coverage() = answer.coverage();
  std::map<std::tuple<int, std::uint32_t, std::string>, v1::JourneysResponse::Diagram> diagrams;
  for (const v1::Figure& figure : answer.figures()) {
    v1::JourneysResponse::Diagram& diagram =
        diagrams[{figure.unit(), figure.window_days(), figure.category()}];
    diagram.set_unit(figure.unit());
    diagram.set_window_days(figure.window_days());
    diagram.set_category(figure.category());
    const bool has_person_time = absl::StrContains(figure.quantity(), ">");
    ASSIGN_OR_RETURN(const Period period, ParsePeriod(figure.period()));
    AddFlow(figure, has_person_time ? period.days() : 0, diagram);
    *response.mutable_dimensions() = figure.dimensions();
  }
  for (auto& [key, diagram] : diagrams) {
    PutStatesInOrder(diagram);
    *response.add_diagrams() = std::move(diagram);
  }
  return response;
}

}  // namespace waymark::coordinator

#include "coordinator/cli/journeys_text.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/text_table.h"
#include "coordinator/cli/figure_output.h"
#include "coordinator/cli/figure_text.h"
#include "coordinator/cli/output.h"
#include "proto/contract/names.h"

namespace waymark::coordinator {
namespace {

constexpr double kBarWidth = 20;

std::string LabelOf(const v1::JourneysResponse::Diagram& diagram, const std::string& id) {
  for (const v1::JourneysResponse::State& state : diagram.states()) {
    if (state.id() == id) return state.label();
  }
  return id;
}

// A flow's own count; what it lacks looks as everywhere.
std::string MovesText(const v1::Figure& figure) {
  return figure.status() == v1::FIGURE_STATUS_SHOWN ? CountText(figure.has_numerator(), figure.numerator())
                                                    : ValueText(figure);
}

std::string DiagramText(const v1::JourneysResponse::Diagram& diagram) {
  std::vector<const v1::JourneysResponse::Flow*> flows;
  double most = 0;
  for (const v1::JourneysResponse::Flow& flow : diagram.flows()) {
    flows.push_back(&flow);
    most = std::max(most, flow.figure().numerator());
  }
  std::stable_sort(flows.begin(), flows.end(), [](const auto* a, const auto* b) {
    return a->figure().numerator() > b->figure().numerator();
  });
  TextTable table({"From", "To", ">Moves", ">Value", "95% interval", ""});
  for (const v1::JourneysResponse::Flow* flow : flows) {
    const v1::Figure& figure = flow->figure();
    const auto width =
        most > 0 ? static_cast<std::size_t>(std::lround(kBarWidth * std::max(0.0, figure.numerator()) / most))
                 : 0;
    table.AddRow({LabelOf(diagram, flow->from()), LabelOf(diagram, flow->to()), MovesText(figure),
                  ValueText(figure), IntervalText(figure), std::string(width, '#')});
  }
  std::string text = table.Render();
  std::vector<std::string> people;
  for (const v1::JourneysResponse::State& state : diagram.states()) {
    if (state.has_average_people())
      people.push_back(absl::StrCat(state.label(), " ", std::lround(state.average_people())));
  }
  if (!people.empty()) text += Wrap(absl::StrCat("On an average day: ", absl::StrJoin(people, ", "), "."));
  if (diagram.not_shown() > 0) {
    text += Wrap(absl::StrCat(diagram.not_shown(), diagram.not_shown() == 1 ? " flow has" : " flows have",
                              " no number, so that the shown ones are not all moves."));
  }
  return text;
}

}  // namespace

std::string JourneysText(const v1::JourneysResponse& journeys, const v1::Metric* metric) {
  v1::QueryResponse figures;
  figures.set_round_id(journeys.round_id());
  figures.set_published_unix_s(journeys.published_unix_s());
  *figures.mutable_coverage() = journeys.coverage();
  Notes notes;
  for (const v1::JourneysResponse::Diagram& diagram : journeys.diagrams()) {
    for (const v1::JourneysResponse::Flow& flow : diagram.flows()) {
      *figures.add_figures() = flow.figure();
      notes.See(flow.figure());
    }
  }
  std::string text = HeadingText(figures, metric);
  if (figures.figures().empty()) return text;
  text += Wrap(absl::StrCat(Printable(figures.figures(0).geography_name()), " (", journeys.geography(), ")"));
  for (const v1::JourneysResponse::Diagram& diagram : journeys.diagrams()) {
    absl::StrAppend(
        &text, "\n", contract::NameOf(diagram.unit()),
        diagram.window_days() == 0 ? "" : absl::StrCat(", within ", diagram.window_days(), " days"),
        journeys.dimensions().empty() ? "" : absl::StrCat(", ", Printable(diagram.category())), "\n",
        DiagramText(diagram));
  }
  return absl::StrCat(text, "\n", notes.Text(figures));
}

}  // namespace waymark::coordinator

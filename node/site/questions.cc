#include "node/site/questions.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/configuration.h"
#include "base/file.h"
#include "base/status.h"

namespace waymark::node {
namespace {

constexpr std::size_t kMostBytes = 1 << 20;

void CheckMetric(ConfigTable& table, const std::string& key, const std::string& id,
                 const std::string& question, const catalogue::Library& library) {
  if (id.empty()) return;
  const v1::Metric* metric = library.Find(id);
  if (metric == nullptr) return table.Fail(key, absl::StrCat("\"", id, "\" is no entry of the catalogue"));
  const auto& named = metric->questions();
  if (!question.empty() && std::find(named.begin(), named.end(), question) == named.end()) {
    table.Fail(key, absl::StrCat("metric ", id, " does not name \"", question, "\" among its questions"));
  }
}

}  // namespace

absl::StatusOr<std::vector<Question>> LoadQuestions(const std::string& catalogue_directory,
                                                    const catalogue::Library& library) {
  std::vector<Question> questions;
  const std::string path = PathUnder(catalogue_directory, "questions.toml");
  if (!FileExists(path)) return questions;
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path, kMostBytes));
  ASSIGN_OR_RETURN(ConfigTable root, ConfigTable::Parse(text, path));
  for (ConfigTable table : root.Tables("question")) {
    Question question;
    question.id = table.String("id", "name the question as the entries do, as id = \"difference\"");
    question.title = table.String("title", "write the question");
    for (ConfigTable one : table.Tables("figure")) {
      QuestionFigure figure;
      figure.metric = one.String("metric", "name the entry, as metric = \"16\"");
      figure.quantity = one.String("quantity", "name the quantity, as quantity = \"any\"");
      figure.next = one.StringOr("next", "");
      figure.next_metric = one.StringOr("next_metric", "");
      CheckMetric(one, "metric", figure.metric, question.id, library);
      CheckMetric(one, "next_metric", figure.next_metric, "", library);
      question.figures.push_back(std::move(figure));
    }
    questions.push_back(std::move(question));
  }
  RETURN_IF_ERROR(root.Finish());
  return questions;
}

}  // namespace waymark::node

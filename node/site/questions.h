// The discovery's strategic questions with the figures that a council reads for each: the catalogue's
// questions.toml.
#ifndef WAYMARK_NODE_SITE_QUESTIONS_H_
#define WAYMARK_NODE_SITE_QUESTIONS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "catalogue/library.h"

namespace waymark::node {

struct QuestionFigure {
  std::string metric;
  std::string quantity;
  std::string next;         // what to look at next, in words
  std::string next_metric;  // and where
};

struct Question {
  std::string id;
  std::string title;
  std::vector<QuestionFigure> figures;
};

// None where the catalogue has no such file (an older one). INVALID_ARGUMENT with every error of the file: a
// metric that the library has not, or that does not name the question as one of its own.
absl::StatusOr<std::vector<Question>> LoadQuestions(const std::string& catalogue_directory,
                                                    const catalogue::Library& library);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_SITE_QUESTIONS_H_

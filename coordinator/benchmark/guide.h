// What councils answered to a questionnaire (kind SURVEY), combined: the distribution of each question over
// regions and all participants, what changed since the year before, and the themes in which a region's
// councils are alike. Made of published figures alone, so at a client as at the coordinator. Thread-safe.
//
// What is counted of all councils has those without a name in it, where it may be shown
// (coordinator/rounds/unnamed_answers.h). Who moved and who is alike is asked of named councils, whose own
// answers are public.
#ifndef WAYMARK_COORDINATOR_BENCHMARK_GUIDE_H_
#define WAYMARK_COORDINATOR_BENCHMARK_GUIDE_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "catalogue/library.h"
#include "crypto/random.h"
#include "statistics/agreement.h"
#include "waymark/v1/benchmark.pb.h"

namespace waymark::coordinator {

// Fewest named councils of a region whose likeness is tested.
inline constexpr std::size_t kLeastAlike = 3;

struct GuideRequest {
  std::string metric;
  std::uint32_t version = 0;  // 0: the newest published
  std::string period;         // "": the newest published
  std::string round_id{};     // "": the newest
  bool alike = false;         // whether themes are tested
};

// One question at one place.
struct GuideCounts {
  // SHOWN; SUPPRESSED: it would tell what a council without a name answered; TOO_FEW councils; NOT_AVAILABLE:
  // it was not asked.
  v1::FigureStatus status = v1::FIGURE_STATUS_NOT_AVAILABLE;
  std::vector<std::uint32_t> answered;  // SHOWN: how many councils gave each answer
  std::uint32_t unanswered = 0;         // SHOWN: how many left it out
  std::uint32_t councils = 0;           // that handed in the questionnaire
  std::uint32_t absent = 0;             // that were asked, and did not
};

// Named councils that answered in both years: towards the more mature end of the answers, away from it,
// neither.
struct GuideMoves {
  std::uint32_t up = 0;
  std::uint32_t down = 0;
  std::uint32_t same = 0;
  double p = 1;           // sign test
  double p_together = 1;  // by Holm over the questions
};

struct GuideQuestion {
  const v1::Section* section = nullptr;
  const v1::Question* question = nullptr;
  std::vector<GuideCounts> counts;  // by place
  GuideCounts before;               // of all participants in the year before
  std::optional<GuideMoves> moves;  // nothing where no named council answered in both
};

struct GuidePlace {
  std::string code;
  std::string name;
};

// A theme (a section of the questionnaire) in a region.
struct GuideAlike {
  const v1::Section* section = nullptr;
  GuidePlace region;
  std::uint32_t councils = 0;                      // named ones
  std::optional<statistics::Agreement> agreement;  // nothing where they are too few, or did not answer
  double p_together = 1;                           // by Holm over themes and regions
};

struct Guide {
  const v1::Metric* metric = nullptr;
  const v1::Questionnaire* questionnaire = nullptr;
  std::uint32_t version = 0;
  std::string period;
  std::string round_id;
  std::int64_t published_unix_s = 0;
  std::string before_period;             // "": the period has none before it
  std::string before_round_id;           // "": nothing is published of it
  std::vector<GuidePlace> places;        // regions by code, then all participants
  std::vector<GuideQuestion> questions;  // in the questionnaire's order
  std::vector<GuideAlike> alike;         // where asked for
  std::vector<v1::QueryResponse::Contributor> coverage;
};

// Answers a query for figures: the coordinator's own, or a connection to one.
using GuideSource = std::function<absl::StatusOr<v1::QueryResponse>(const v1::QueryRequest&)>;

// Each number as likely, from this source, which outlives it.
statistics::Draw DrawFrom(crypto::RandomSource& random);

// INVALID_ARGUMENT where the metric is no questionnaire's, with those that are; NOT_FOUND where it is not in
// the library. Errors of `source` and `draw`. The guide points into the library.
absl::StatusOr<Guide> GuideOf(const GuideRequest& request, const catalogue::Library& library,
                              const GuideSource& source, const statistics::Draw& draw);

// Which answer is how mature: 0 the least, of the question.
int MaturityOf(const v1::Questionnaire& questionnaire, const v1::Question& question, int answer);

// Of the councils that answered, the share (%) that gave one of the more mature half of the answers; nothing
// where it is not shown, or nobody answered.
std::optional<double> MatureShare(const v1::Questionnaire& questionnaire, const v1::Question& question,
                                  const GuideCounts& counts);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_BENCHMARK_GUIDE_H_

// The gRPC calls by whose access it goes who may read an address (serve/access.h).
#ifndef WAYMARK_COORDINATOR_WEB_CALLS_H_
#define WAYMARK_COORDINATOR_WEB_CALLS_H_

namespace waymark::coordinator {

inline constexpr char kQuery[] = "/waymark.v1.Benchmarks/Query";
inline constexpr char kTrend[] = "/waymark.v1.Benchmarks/Trend";
inline constexpr char kJourneys[] = "/waymark.v1.Benchmarks/Journeys";
inline constexpr char kScorecard[] = "/waymark.v1.PublishedStatistics/Scorecard";
inline constexpr char kListPublished[] = "/waymark.v1.Benchmarks/ListPublished";
inline constexpr char kListRounds[] = "/waymark.v1.Admin/ListRounds";

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_WEB_CALLS_H_

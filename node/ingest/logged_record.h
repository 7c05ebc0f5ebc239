// Records of each kind to rows of a RowLog, and back.
#ifndef WAYMARK_NODE_INGEST_LOGGED_RECORD_H_
#define WAYMARK_NODE_INGEST_LOGGED_RECORD_H_

#include "node/ingest/row_log.h"
#include "node/journey/records.h"

namespace waymark::node {

// Everything but person, id and place, which the caller sets.
inline LoggedRow Logged(const Episode& e) {
  return {.type = RowType::kEpisode,
          .part = static_cast<std::uint8_t>(e.level),
          .start = e.start,
          .end = e.end,
          .codes = {e.source, e.end_reason, e.need, e.area, e.team, e.service, e.worker}};
}
inline LoggedRow Logged(const Referral& r) {
  return {.type = RowType::kReferral,
          .start = r.day,
          .codes = {r.source, r.nfa, r.outcome, r.area, r.team, kNoCode, kNoCode}};
}
inline LoggedRow Logged(const Contact& c) {
  return {.type = RowType::kContact,
          .start = c.day,
          .codes = {c.source, c.outcome, c.area, kNoCode, kNoCode, kNoCode, kNoCode}};
}
inline LoggedRow Logged(const Step& s) {
  return {.type = RowType::kStep,
          .part = static_cast<std::uint8_t>(s.kind),
          .start = s.start,
          .end = s.end,
          .referral = s.referral,
          .codes = {s.outcome, s.area, s.team, kNoCode, kNoCode, kNoCode, kNoCode}};
}

// Everything but person and id.
inline Episode EpisodeOf(const LoggedRow& r) {
  return {.start = r.start,
          .end = r.end,
          .level = static_cast<Level>(r.part),
          .source = r.codes[0],
          .end_reason = r.codes[1],
          .need = r.codes[2],
          .area = r.codes[3],
          .team = r.codes[4],
          .service = r.codes[5],
          .worker = r.codes[6]};
}
inline Referral ReferralOf(const LoggedRow& r) {
  return {.day = r.start,
          .source = r.codes[0],
          .nfa = r.codes[1],
          .outcome = r.codes[2],
          .area = r.codes[3],
          .team = r.codes[4]};
}
inline Contact ContactOf(const LoggedRow& r) {
  return {.day = r.start, .source = r.codes[0], .outcome = r.codes[1], .area = r.codes[2]};
}
inline Step StepOf(const LoggedRow& r) {
  return {.kind = static_cast<StepKind>(r.part),
          .start = r.start,
          .end = r.end,
          .referral = r.referral,
          .outcome = r.codes[0],
          .area = r.codes[1],
          .team = r.codes[2]};
}

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_LOGGED_RECORD_H_

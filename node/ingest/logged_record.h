// Records of each kind to rows of a RowLog, and back.
#ifndef WAYMARK_NODE_INGEST_LOGGED_RECORD_H_
#define WAYMARK_NODE_INGEST_LOGGED_RECORD_H_

#include "node/ingest/row_log.h"
#include "node/journey/records.h"

namespace waymark::node {

// Where an episode's end reason stands among the codes.
inline constexpr std::size_t kEndReasonCode = 1;

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

// Everything but person and id, into a record where it stands.
inline void Fill(const LoggedRow& r, Episode& e) {
  e.start = r.start;
  e.end = r.end;
  e.level = static_cast<Level>(r.part);
  e.source = r.codes[0];
  e.end_reason = r.codes[1];
  e.need = r.codes[2];
  e.area = r.codes[3];
  e.team = r.codes[4];
  e.service = r.codes[5];
  e.worker = r.codes[6];
}
inline void Fill(const LoggedRow& r, Referral& referral) {
  referral.day = r.start;
  referral.source = r.codes[0];
  referral.nfa = r.codes[1];
  referral.outcome = r.codes[2];
  referral.area = r.codes[3];
  referral.team = r.codes[4];
}
inline void Fill(const LoggedRow& r, Contact& contact) {
  contact.day = r.start;
  contact.source = r.codes[0];
  contact.outcome = r.codes[1];
  contact.area = r.codes[2];
}
inline void Fill(const LoggedRow& r, Step& step) {
  step.kind = static_cast<StepKind>(r.part);
  step.start = r.start;
  step.end = r.end;
  step.referral = r.referral;
  step.outcome = r.codes[0];
  step.area = r.codes[1];
  step.team = r.codes[2];
}

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_LOGGED_RECORD_H_

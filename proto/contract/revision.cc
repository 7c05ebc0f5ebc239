#include "proto/contract/revision.h"

#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "proto/contract/names.h"

namespace waymark::contract {
namespace {

constexpr v1::RevisionReason kCorrectionReasons[] = {v1::REVISION_REASON_MISSING_RECORDS,
                                                     v1::REVISION_REASON_WRONG_RECORDS,
                                                     v1::REVISION_REASON_WRONG_EXTRACT};
constexpr std::int64_t kSecondsADay = 24 * 60 * 60;

std::optional<RevisionId> Parse(absl::string_view id, absl::string_view mark, std::uint32_t least,
                                std::uint32_t most) {
  const std::size_t dot = id.find('.');
  if (dot == absl::string_view::npos || dot == 0) return std::nullopt;
  absl::string_view rest = id.substr(dot + 1);
  if (!absl::ConsumePrefix(&rest, mark)) return std::nullopt;
  std::uint32_t number = 0;
  if (!absl::SimpleAtoi(rest, &number) || number < least || number > most) return std::nullopt;
  if (absl::StrCat(number) != rest) return std::nullopt;
  return RevisionId{.round_id = std::string(id.substr(0, dot)), .number = number};
}

}  // namespace

absl::Span<const v1::RevisionReason> CorrectionReasons() {
  return kCorrectionReasons;
}

std::string CorrectionId(absl::string_view round_id, std::uint32_t number) {
  return absl::StrCat(round_id, ".c", number);
}

std::string EditionId(absl::string_view round_id, std::uint32_t number) {
  return absl::StrCat(round_id, ".", number);
}

std::optional<RevisionId> ParseCorrectionId(absl::string_view id) {
  return Parse(id, "c", 1, kMostCorrections);
}

std::optional<RevisionId> ParseEditionId(absl::string_view id) {
  return Parse(id, "", 2, 999'999);
}

std::string RoundOf(absl::string_view id) {
  return std::string(id.substr(0, id.find('.')));
}

std::int64_t LateUntil(const RoundSpec& spec) {
  return spec.deadline_unix_s + std::int64_t{spec.late_for_days} * kSecondsADay;
}

const v1::Edition* EditionNamed(const Editions& editions, absl::string_view id) {
  for (const v1::Edition& one : editions) {
    if (one.round_id() == id) return &one;
  }
  return nullptr;
}

std::string ReasonsText(const v1::Edition& edition) {
  std::vector<absl::string_view> names;
  for (int i = 0; i < edition.reasons_size(); ++i) names.push_back(NameOf(edition.reasons(i)));
  return absl::StrJoin(names, "; ");
}

std::string EditionText(const Editions& editions, absl::string_view id) {
  const v1::Edition* const edition = EditionNamed(editions, id);
  if (edition == nullptr || editions.size() < 2) return "";
  const v1::Edition& last = *editions.rbegin();
  const std::string text = absl::StrCat("edition ", edition->number(), " of ", editions.size());
  if (edition == &last) return absl::StrCat(text, " (", ReasonsText(last), ")");
  return absl::StrCat(text, ", replaced by a later release, ", last.round_id(), " (", ReasonsText(last), ")");
}

RoundSpec CorrectionOf(const RoundSpec& round, std::uint32_t number, v1::RevisionReason reason) {
  RoundSpec spec = round;
  spec.round_id = CorrectionId(round.round_id, number);
  spec.data_version = round.data_version + number;
  spec.correction = reason;
  return spec;
}

}  // namespace waymark::contract

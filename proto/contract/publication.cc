#include "proto/contract/publication.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <utility>

#include "base/canonical.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "crypto/merkle_tree.h"
#include "proto/contract/checks.h"
#include "proto/contract/names.h"
#include "proto/contract/protected_table.h"
#include "proto/contract/revision.h"
#include "proto/contract/unknown_fields.h"

namespace waymark::contract {
namespace {

// Writes the fields that are set, each after its number: so figures keep their bytes when there are more
// fields.
class FieldWriter {
 public:
  explicit FieldWriter(CanonicalWriter& out) : out_(out) {}

  void Text(std::uint64_t number, const std::string& value) {
    if (!value.empty()) out_.Unsigned(number).Text(value);
  }
  void Unsigned(std::uint64_t number, std::uint64_t value) {
    if (value != 0) out_.Unsigned(number).Unsigned(value);
  }
  template <typename Enumeration>
  void Word(std::uint64_t number, Enumeration value) {
    Unsigned(number, static_cast<std::uint64_t>(value));
  }
  void Real(std::uint64_t number, bool is_set, double value) {
    if (is_set) out_.Unsigned(number).Unsigned(std::bit_cast<std::uint64_t>(value));
  }

 private:
  CanonicalWriter& out_;
};

struct OptionalNumber {
  std::uint64_t number;
  bool (v1::Figure::*has)() const;
  double (v1::Figure::*get)() const;
};

constexpr OptionalNumber kNumbers[] = {
    {14, &v1::Figure::has_numerator, &v1::Figure::numerator},
    {15, &v1::Figure::has_denominator, &v1::Figure::denominator},
    {16, &v1::Figure::has_value, &v1::Figure::value},
    {17, &v1::Figure::has_lower, &v1::Figure::lower},
    {18, &v1::Figure::has_upper, &v1::Figure::upper},
    {19, &v1::Figure::has_sampling_lower, &v1::Figure::sampling_lower},
    {20, &v1::Figure::has_sampling_upper, &v1::Figure::sampling_upper},
    {26, &v1::Figure::has_lowest_quartile, &v1::Figure::lowest_quartile},
    {27, &v1::Figure::has_middle_quartile, &v1::Figure::middle_quartile},
    {28, &v1::Figure::has_highest_quartile, &v1::Figure::highest_quartile},
    {30, &v1::Figure::has_lowest_quartile_from, &v1::Figure::lowest_quartile_from},
    {31, &v1::Figure::has_lowest_quartile_to, &v1::Figure::lowest_quartile_to},
    {32, &v1::Figure::has_middle_quartile_from, &v1::Figure::middle_quartile_from},
    {33, &v1::Figure::has_middle_quartile_to, &v1::Figure::middle_quartile_to},
    {34, &v1::Figure::has_highest_quartile_from, &v1::Figure::highest_quartile_from},
    {35, &v1::Figure::has_highest_quartile_to, &v1::Figure::highest_quartile_to},
    {37, &v1::Figure::has_expected_at_zero, &v1::Figure::expected_at_zero},
    {38, &v1::Figure::has_expected_slope, &v1::Figure::expected_slope},
    {39, &v1::Figure::has_expected_slope_from, &v1::Figure::expected_slope_from},
    {40, &v1::Figure::has_expected_slope_to, &v1::Figure::expected_slope_to},
};

template <typename Texts>
void WriteTexts(const Texts& texts, CanonicalWriter& out) {
  out.Count(static_cast<std::size_t>(texts.size()));
  for (const std::string& text : texts) out.Text(text);
}

bool HasCouncils(const v1::Publication& publication) {
  return std::any_of(publication.items().begin(), publication.items().end(),
                     [](const auto& item) { return item.councils() != 0 || !item.councils_root().empty(); });
}

}  // namespace

std::string FigureLeafHash(const v1::Figure& figure) {
  CanonicalWriter out("waymark/v1/figure");
  FieldWriter fields(out);
  fields.Text(1, figure.metric());
  fields.Unsigned(2, figure.version());
  fields.Text(3, figure.period());
  fields.Unsigned(4, figure.window_days());
  fields.Word(5, figure.unit());
  fields.Word(6, figure.level());
  fields.Text(7, figure.geography_code());
  fields.Text(8, figure.geography_name());
  for (const std::string& dimension : figure.dimensions()) out.Unsigned(9).Text(dimension);
  fields.Text(10, figure.category());
  fields.Text(11, figure.quantity());
  fields.Word(12, figure.status());
  fields.Word(13, figure.absence());
  for (const OptionalNumber& one : kNumbers)
    fields.Real(one.number, (figure.*one.has)(), (figure.*one.get)());
  fields.Text(21, figure.display_unit());
  fields.Word(22, figure.mode());
  fields.Unsigned(23, figure.contributors());
  fields.Unsigned(24, figure.suppressed_parts());
  fields.Unsigned(25, figure.absent());
  fields.Text(29, figure.round_id());
  for (const v1::Figure::CouncilBand& band : figure.council_bands()) {
    out.Unsigned(36);
    for (const double number : {band.from(), band.to(), band.councils()}) {
      out.Unsigned(std::bit_cast<std::uint64_t>(number));
    }
  }
  fields.Unsigned(41, figure.unbounded_parts());
  return crypto::MerkleLeafHash(out.bytes());
}

std::string CouncilLeafHash(absl::string_view council, absl::Span<const ProtectedTable* const> tables) {
  CanonicalWriter out("waymark/v1/council-tables");
  out.Text(council).Count(tables.size());
  for (const ProtectedTable* table : tables) WriteCanonical(*table, out);
  return crypto::MerkleLeafHash(out.bytes());
}

std::string CoverageHash(std::vector<v1::QueryResponse::Contributor> coverage) {
  std::sort(coverage.begin(), coverage.end(),
            [](const auto& a, const auto& b) { return a.council() < b.council(); });
  CanonicalWriter out("waymark/v1/coverage");
  out.Count(coverage.size());
  for (const v1::QueryResponse::Contributor& one : coverage) {
    out.Text(one.council()).Text(one.name()).Unsigned(static_cast<std::uint64_t>(one.absence()));
    out.Bool(one.has_scope());
    const v1::ScopeDeclaration& s = one.scope();
    out.Bool(s.includes_universal()).Bool(s.includes_partner_led()).Bool(s.includes_signposted());
    out.Bool(s.includes_commissioned()).Bool(s.includes_delivered()).Bool(s.family_help_joined());
    out.Text(s.note());
  }
  return crypto::Sha256(out.bytes());
}

absl::Status CheckPublication(const v1::Publication& publication) {
  RETURN_IF_ERROR(CheckAllKnown("publication", publication));
  const bool is_first = publication.revises().empty();
  if (!is_first && (publication.round_id() != EditionId(publication.revises(), publication.edition()) ||
                    !ParseEditionId(publication.round_id()))) {
    return absl::InvalidArgumentError("publication.edition: expected the number in its name");
  }
  if (is_first != (publication.edition() == 0) || is_first != publication.reasons().empty()) {
    return absl::InvalidArgumentError(
        "publication.reasons: expected of a later edition, and of no first one");
  }
  RETURN_IF_ERROR(
      CheckIdentifier("publication.round_id", is_first ? publication.round_id() : publication.revises()));
  for (int i = 0; i < publication.reasons_size(); ++i) {
    if (NameOf(publication.reasons(i)).empty() ||
        (i > 0 && publication.reasons(i) <= publication.reasons(i - 1))) {
      return absl::InvalidArgumentError("publication.reasons: expected known ones, rising, each once");
    }
  }
  RETURN_IF_ERROR(
      CheckLength("publication.items", static_cast<std::size_t>(publication.items_size()), 1, kMaxItems));
  for (const v1::Publication::Item& item : publication.items()) {
    RETURN_IF_ERROR(CheckIdentifier("publication.item.metric", item.metric()));
    RETURN_IF_ERROR(
        CheckLength("publication.item.coverage_hash", item.coverage_hash().size(), kHashBytes, kHashBytes));
    RETURN_IF_ERROR(
        CheckLength("publication.item.figures_root", item.figures_root().size(), kHashBytes, kHashBytes));
    const std::size_t root_bytes = publication.items(0).councils_root().empty() ? 0 : kHashBytes;
    RETURN_IF_ERROR(
        CheckLength("publication.item.councils_root", item.councils_root().size(), root_bytes, root_bytes));
    if (root_bytes == 0 && item.councils() != 0)
      return absl::InvalidArgumentError("publication.item.councils: expected none without a root");
  }
  return absl::OkStatus();
}

std::string CanonicalBytes(const v1::Publication& publication) {
  const bool is_first = publication.revises().empty();
  const bool has_councils = HasCouncils(publication);
  CanonicalWriter out(has_councils ? "waymark/v3/publication"
                      : is_first   ? "waymark/v1/publication"
                                   : "waymark/v2/publication");
  out.Text(publication.round_id()).Signed(publication.published_unix_s());
  out.Count(static_cast<std::size_t>(publication.items_size()));
  for (const v1::Publication::Item& item : publication.items()) {
    out.Text(item.metric()).Unsigned(item.version()).Text(item.period());
    out.Unsigned(static_cast<std::uint64_t>(item.mode()));
    WriteTexts(item.breakdowns(), out);
    WriteTexts(item.geographies(), out);
    out.Text(item.coverage_hash()).Unsigned(item.figures()).Text(item.figures_root());
    if (has_councils) out.Unsigned(item.councils()).Text(item.councils_root());
  }
  if (is_first && !has_councils) return std::move(out).bytes();
  out.Text(publication.revises()).Unsigned(publication.edition());
  out.Count(static_cast<std::size_t>(publication.reasons_size()));
  for (const int reason : publication.reasons()) out.Unsigned(static_cast<std::uint64_t>(reason));
  return std::move(out).bytes();
}

absl::Status CheckWithdrawal(const v1::Withdrawal& withdrawal) {
  RETURN_IF_ERROR(CheckAllKnown("withdrawal", withdrawal));
  RETURN_IF_ERROR(CheckIdentifier("round_id", withdrawal.round_id()));
  return CheckLength("reason", withdrawal.reason().size(), 1, kMaxReasonBytes);
}

std::string CanonicalBytes(const v1::Withdrawal& withdrawal) {
  CanonicalWriter out("waymark/v1/withdrawal");
  out.Text(withdrawal.round_id()).Signed(withdrawal.withdrawn_unix_s()).Text(withdrawal.reason());
  return std::move(out).bytes();
}

}  // namespace waymark::contract

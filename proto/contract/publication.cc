#include "proto/contract/publication.h"

#include <bit>
#include <cstdint>
#include <utility>

#include "base/canonical.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "crypto/merkle_tree.h"
#include "proto/contract/checks.h"
#include "proto/contract/release.h"

namespace waymark::contract {
namespace {

struct OptionalNumber {
  bool (v1::Figure::*has)() const;
  double (v1::Figure::*get)() const;
};

constexpr OptionalNumber kNumbers[] = {
    {&v1::Figure::has_numerator, &v1::Figure::numerator},
    {&v1::Figure::has_denominator, &v1::Figure::denominator},
    {&v1::Figure::has_value, &v1::Figure::value},
    {&v1::Figure::has_lower, &v1::Figure::lower},
    {&v1::Figure::has_upper, &v1::Figure::upper},
    {&v1::Figure::has_sampling_lower, &v1::Figure::sampling_lower},
    {&v1::Figure::has_sampling_upper, &v1::Figure::sampling_upper},
    {&v1::Figure::has_lowest_quartile, &v1::Figure::lowest_quartile},
    {&v1::Figure::has_middle_quartile, &v1::Figure::middle_quartile},
    {&v1::Figure::has_highest_quartile, &v1::Figure::highest_quartile},
    {&v1::Figure::has_lowest_quartile_from, &v1::Figure::lowest_quartile_from},
    {&v1::Figure::has_lowest_quartile_to, &v1::Figure::lowest_quartile_to},
    {&v1::Figure::has_middle_quartile_from, &v1::Figure::middle_quartile_from},
    {&v1::Figure::has_middle_quartile_to, &v1::Figure::middle_quartile_to},
    {&v1::Figure::has_highest_quartile_from, &v1::Figure::highest_quartile_from},
    {&v1::Figure::has_highest_quartile_to, &v1::Figure::highest_quartile_to},
    {&v1::Figure::has_expected_at_zero, &v1::Figure::expected_at_zero},
    {&v1::Figure::has_expected_slope, &v1::Figure::expected_slope},
    {&v1::Figure::has_expected_slope_from, &v1::Figure::expected_slope_from},
    {&v1::Figure::has_expected_slope_to, &v1::Figure::expected_slope_to},
};

std::uint64_t Bits(double number) {
  return std::bit_cast<std::uint64_t>(number);
}

template <typename Texts>
void WriteTexts(const Texts& texts, CanonicalWriter& out) {
  out.Count(static_cast<std::size_t>(texts.size()));
  for (const std::string& text : texts) out.Text(text);
}

}  // namespace

std::string FigureLeafHash(const v1::Figure& figure) {
  CanonicalWriter out("waymark/v1/figure");
  out.Text(figure.metric()).Unsigned(figure.version()).Text(figure.period()).Unsigned(figure.window_days());
  out.Unsigned(static_cast<std::uint64_t>(figure.unit()));
  out.Unsigned(static_cast<std::uint64_t>(figure.level()));
  out.Text(figure.geography_code()).Text(figure.geography_name());
  WriteTexts(figure.dimensions(), out);
  out.Text(figure.category()).Text(figure.quantity());
  out.Unsigned(static_cast<std::uint64_t>(figure.status()));
  out.Unsigned(static_cast<std::uint64_t>(figure.absence()));
  for (const OptionalNumber& number : kNumbers) {
    const bool has = (figure.*number.has)();
    out.Bool(has);
    if (has) out.Unsigned(Bits((figure.*number.get)()));
  }
  out.Text(figure.display_unit()).Unsigned(static_cast<std::uint64_t>(figure.mode()));
  out.Unsigned(figure.contributors()).Unsigned(figure.suppressed_parts()).Unsigned(figure.absent());
  out.Text(figure.round_id()).Count(static_cast<std::size_t>(figure.council_bands_size()));
  for (const v1::Figure::CouncilBand& band : figure.council_bands()) {
    out.Unsigned(Bits(band.from())).Unsigned(Bits(band.to())).Unsigned(Bits(band.councils()));
  }
  return crypto::MerkleLeafHash(out.bytes());
}

std::string CoverageHash(const std::vector<v1::QueryResponse::Contributor>& coverage) {
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
  RETURN_IF_ERROR(CheckIdentifier("publication.round_id", publication.round_id()));
  RETURN_IF_ERROR(
      CheckLength("publication.items", static_cast<std::size_t>(publication.items_size()), 1, kMaxItems));
  for (const v1::Publication::Item& item : publication.items()) {
    RETURN_IF_ERROR(CheckIdentifier("publication.item.metric", item.metric()));
    RETURN_IF_ERROR(
        CheckLength("publication.item.coverage_hash", item.coverage_hash().size(), kHashBytes, kHashBytes));
    RETURN_IF_ERROR(
        CheckLength("publication.item.figures_root", item.figures_root().size(), kHashBytes, kHashBytes));
  }
  return absl::OkStatus();
}

std::string CanonicalBytes(const v1::Publication& publication) {
  CanonicalWriter out("waymark/v1/publication");
  out.Text(publication.round_id()).Signed(publication.published_unix_s());
  out.Count(static_cast<std::size_t>(publication.items_size()));
  for (const v1::Publication::Item& item : publication.items()) {
    out.Text(item.metric()).Unsigned(item.version()).Text(item.period());
    out.Unsigned(static_cast<std::uint64_t>(item.mode()));
    WriteTexts(item.breakdowns(), out);
    WriteTexts(item.geographies(), out);
    out.Text(item.coverage_hash()).Unsigned(item.figures()).Text(item.figures_root());
  }
  return std::move(out).bytes();
}

}  // namespace waymark::contract

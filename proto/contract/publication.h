// What a round published or that it was withdrawn, as the transparency log commits to it: each item's figures
// are the leaves of a Merkle tree (crypto/merkle_tree.h), in the order in which they were published, and so
// are the tables that councils' own figures follow from. Pure; thread-safe.
#ifndef WAYMARK_PROTO_CONTRACT_PUBLICATION_H_
#define WAYMARK_PROTO_CONTRACT_PUBLICATION_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "proto/contract/release.h"
#include "waymark/v1/benchmark.pb.h"
#include "waymark/v1/transparency.pb.h"

namespace waymark::contract {

// A figure's leaf: every field that is set, after its number, under the label "waymark/v1/figure".
std::string FigureLeafHash(const v1::Figure& figure);

// The leaf of what a named council gave to one item: its tables, in their order in its release. Under the
// label "waymark/v1/council-tables".
std::string CouncilLeafHash(absl::string_view council, absl::Span<const ProtectedTable* const> tables);

// SHA-256 over every field of all, by council, under the label "waymark/v1/coverage".
std::string CoverageHash(std::vector<v1::QueryResponse::Contributor> coverage);

// INVALID_ARGUMENT with the field's name where a bound of transparency.proto is broken.
absl::Status CheckPublication(const v1::Publication& publication);

// Under the label "waymark/v1/publication", of a later edition "waymark/v2/publication"; with councils'
// tables "waymark/v3/publication", whichever edition.
std::string CanonicalBytes(const v1::Publication& publication);

inline constexpr std::size_t kMaxReasonBytes = 500;

// The same of a round's withdrawal, under the label "waymark/v1/withdrawal".
absl::Status CheckWithdrawal(const v1::Withdrawal& withdrawal);
std::string CanonicalBytes(const v1::Withdrawal& withdrawal);

}  // namespace waymark::contract

#endif  // WAYMARK_PROTO_CONTRACT_PUBLICATION_H_

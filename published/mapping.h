// What is published and how its files are laid out, read from catalogue/published and checked whole; and
// which area a code or number in a file means.
#ifndef WAYMARK_PUBLISHED_MAPPING_H_
#define WAYMARK_PUBLISHED_MAPPING_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/csv.h"
#include "catalogue/library.h"
#include "waymark/v1/published.pb.h"

namespace waymark::published {

enum class AreaLevel { kAuthority, kNation, kRegion, kFormerAuthority };

struct PublishedArea {
  std::string code;  // ONS code
  std::string name;
  AreaLevel level = AreaLevel::kAuthority;
};

// Immutable once loaded; thread-safe.
class Mapping {
 public:
  // Reads DIR/published/*.textproto. `library` is that of the same directory and gives the local authorities.
  // INVALID_ARGUMENT with every fault, a line each: "…/measures.textproto:12: …".
  static absl::StatusOr<Mapping> Load(const std::string& directory, const catalogue::Library& library);

  const std::vector<v1::PublishedMeasure>& measures() const { return measures_; }
  const std::vector<v1::PublishedLayout>& layouts() const { return layouts_; }
  // In the order in which they are shown.
  const std::vector<v1::ScorecardLine>& scorecard() const { return scorecard_; }
  const std::vector<v1::RepresentedMeasure>& represented() const { return represented_; }

  // Null where there is none.
  const v1::PublishedMeasure* FindMeasure(absl::string_view id) const;
  // By ONS code, by an older code, or by the Department for Education's number.
  const PublishedArea* FindArea(absl::string_view code_or_number) const;
  // The code of the nation; "" where no area is one.
  std::string Nation() const;
  // What a text in place of a number stands for; spaces around it and case do not matter.
  const v1::PublishedSymbol* FindSymbol(absl::string_view text) const;
  // The first layout all of whose columns the table has.
  const v1::PublishedLayout* LayoutOf(const CsvTable& table) const;
  const v1::PublishedNeighbours* NeighboursOf(const CsvTable& table) const;
  // The titles of all that is known of, joined by "; ".
  std::string KnownFiles() const;

 private:
  std::vector<v1::PublishedMeasure> measures_;
  std::vector<v1::PublishedLayout> layouts_;
  std::vector<v1::PublishedSymbol> symbols_;
  std::vector<v1::PublishedNeighbours> neighbours_;
  std::vector<v1::ScorecardLine> scorecard_;
  std::vector<v1::RepresentedMeasure> represented_;
  std::map<std::string, PublishedArea, std::less<>> areas_;  // by each of its codes and numbers
};

}  // namespace waymark::published

#endif  // WAYMARK_PUBLISHED_MAPPING_H_

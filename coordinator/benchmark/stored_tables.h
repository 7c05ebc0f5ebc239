// A stored release of which only a part is made: one may hold a million cells, and who reads one item's
// tables need not make the others.
#ifndef WAYMARK_COORDINATOR_BENCHMARK_STORED_TABLES_H_
#define WAYMARK_COORDINATOR_BENCHMARK_STORED_TABLES_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "coordinator/store/store.h"
#include "proto/contract/release.h"
#include "proto/contract/round_spec.h"

namespace waymark::coordinator {

class StoredTables {
 public:
  // Looks where its tables begin and what they are of. DATA_LOSS where the bytes are no release's.
  static absl::StatusOr<StoredTables> Scan(StoredRelease stored);

  // The release with the tables of these items alone: item by item, in its own order. DATA_LOSS, or errors of
  // ReleaseFromProto.
  absl::StatusOr<contract::Release> With(absl::Span<const contract::RoundItem> items) const;
  // The same tables as serialized v1::ProtectedTable; they live as long as this.
  std::vector<absl::string_view> BytesOf(const contract::RoundItem& item) const;
  // How many cells they have.
  std::size_t CellsOf(const contract::RoundItem& item) const;

 private:
  // What a table is of: metric, version, period.
  using Key = std::tuple<std::string, std::uint32_t, std::string>;
  struct Place {
    std::size_t begin = 0;  // in the release's bytes
    std::size_t size = 0;
    std::size_t cells = 0;
  };
  static bool ScanTable(absl::string_view bytes, Key& key, Place& place);
  absl::Span<const Place> PlacesOf(const contract::RoundItem& item) const;
  absl::string_view BytesAt(const Place& place) const;
  absl::Status Damaged() const;

  StoredRelease stored_;
  std::string rest_;  // a serialized v1::Release without tables
  std::map<Key, std::vector<Place>> tables_;
};

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_BENCHMARK_STORED_TABLES_H_

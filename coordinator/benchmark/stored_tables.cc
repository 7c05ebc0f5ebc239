#include "coordinator/benchmark/stored_tables.h"

#include <google/protobuf/arena.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>

#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "proto/contract/protected_table.h"

namespace waymark::coordinator {
namespace {

using google::protobuf::internal::WireFormatLite;

// One field as it is written.
struct Field {
  int number = 0;
  std::size_t begin = 0;  // of its tag
  std::size_t end = 0;
  absl::string_view content;  // where it has a length
  std::uint64_t value = 0;    // where it is a number
};

// Every field of a serialized message, in turn. False where the bytes are none, or `each` says so.
bool ForEachField(absl::string_view bytes, absl::FunctionRef<bool(const Field&)> each) {
  google::protobuf::io::CodedInputStream in(reinterpret_cast<const std::uint8_t*>(bytes.data()),
                                            static_cast<int>(bytes.size()));
  const auto at = [&] { return static_cast<std::size_t>(in.CurrentPosition()); };
  while (true) {
    Field field{.begin = at(), .content = {}};
    const std::uint32_t tag = in.ReadTag();
    if (tag == 0) return in.ConsumedEntireMessage();
    field.number = WireFormatLite::GetTagFieldNumber(tag);
    const WireFormatLite::WireType type = WireFormatLite::GetTagWireType(tag);
    if (type == WireFormatLite::WIRETYPE_LENGTH_DELIMITED) {
      std::uint32_t size = 0;
      if (!in.ReadVarint32(&size) || size > bytes.size() - at()) return false;
      field.content = bytes.substr(at(), size);
      if (!in.Skip(static_cast<int>(size))) return false;
    } else if (type == WireFormatLite::WIRETYPE_VARINT) {
      if (!in.ReadVarint64(&field.value)) return false;
    } else if (!WireFormatLite::SkipField(&in, tag)) {
      return false;
    }
    field.end = at();
    if (!each(field)) return false;
  }
}

}  // namespace

bool StoredTables::ScanTable(absl::string_view bytes, Key& key, Place& place) {
  return ForEachField(bytes, [&](const Field& outer) {
    if (outer.number != v1::ProtectedTable::kTableFieldNumber) return true;
    return ForEachField(outer.content, [&](const Field& field) {
      auto& [metric, version, period] = key;
      if (field.number == v1::Table::kMetricFieldNumber) metric = std::string(field.content);
      if (field.number == v1::Table::kVersionFieldNumber) version = static_cast<std::uint32_t>(field.value);
      if (field.number == v1::Table::kPeriodFieldNumber) period = std::string(field.content);
      // Each status is one byte, packed.
      if (field.number == v1::Table::kStatusFieldNumber) place.cells += field.content.size();
      return true;
    });
  });
}

absl::StatusOr<StoredTables> StoredTables::Scan(StoredRelease stored) {
  StoredTables scanned;
  scanned.stored_ = std::move(stored);
  const absl::string_view bytes = scanned.stored_.bytes;
  const bool good = ForEachField(bytes, [&](const Field& field) {
    if (field.number != v1::Release::kTablesFieldNumber) {
      absl::StrAppend(&scanned.rest_, bytes.substr(field.begin, field.end - field.begin));
      return true;
    }
    Key key;
    Place place{.begin = field.end - field.content.size(), .size = field.content.size()};
    if (!ScanTable(field.content, key, place)) return false;
    scanned.tables_[std::move(key)].push_back(place);
    return true;
  });
  if (!good) return scanned.Damaged();
  return scanned;
}

absl::StatusOr<contract::Release> StoredTables::With(absl::Span<const contract::RoundItem> items) const {
  v1::Release message;
  if (!message.ParseFromString(rest_)) return Damaged();
  ASSIGN_OR_RETURN(contract::Release release, contract::ReleaseFromProto(message));
  google::protobuf::Arena arena;
  for (const contract::RoundItem& item : items) {
    for (const absl::string_view bytes : BytesOf(item)) {
      auto* const table = google::protobuf::Arena::CreateMessage<v1::ProtectedTable>(&arena);
      if (!table->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return Damaged();
      ASSIGN_OR_RETURN(contract::ProtectedTable made, contract::ProtectedTableFromProto(*table));
      release.tables.push_back(std::move(made));
    }
  }
  return release;
}

absl::Span<const StoredTables::Place> StoredTables::PlacesOf(const contract::RoundItem& item) const {
  const auto found = tables_.find({item.metric, item.version, item.period});
  return found == tables_.end() ? absl::Span<const Place>() : absl::MakeConstSpan(found->second);
}

std::vector<absl::string_view> StoredTables::BytesOf(const contract::RoundItem& item) const {
  std::vector<absl::string_view> tables;
  for (const Place& place : PlacesOf(item)) tables.push_back(BytesAt(place));
  return tables;
}

std::size_t StoredTables::CellsOf(const contract::RoundItem& item) const {
  std::size_t cells = 0;
  for (const Place& place : PlacesOf(item)) cells += place.cells;
  return cells;
}

absl::string_view StoredTables::BytesAt(const Place& place) const {
  return absl::string_view(stored_.bytes).substr(place.begin, place.size);
}

absl::Status StoredTables::Damaged() const {
  return absl::DataLossError(absl::StrCat("the release of ", stored_.council, " for round ", stored_.round_id,
                                          ": the stored bytes are damaged; restore a backup"));
}

}  // namespace waymark::coordinator

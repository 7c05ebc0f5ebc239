// A zip archive from a file that nobody vouches for: a workbook (node/ingest/workbook.h). Entries are
// inflated as they are read, in pieces; nothing is ever unpacked to disk, and an archive inside the archive
// is never opened.
//
// Refused when it is opened: what is no zip archive (an older or protected workbook is named as such), more
// entries than the limit, an encrypted entry, a name that stands twice, entries that share their bytes (their
// packed sizes add up to more than the file), and entries that say they are larger, or packed more tightly,
// than the limits. Refused while it is read: an entry that is larger than it says, damaged (its checksum is
// wrong), or packed by a method other than store and deflate.
#ifndef WAYMARK_NODE_INGEST_ZIP_ARCHIVE_H_
#define WAYMARK_NODE_INGEST_ZIP_ARCHIVE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "node/ingest/byte_source.h"

namespace waymark::node {

struct ZipLimits {
  std::int64_t entries = 10'000;
  std::uint64_t entry_bytes = std::uint64_t{4} << 30;  // one entry, inflated
  std::uint64_t total_bytes = std::uint64_t{8} << 30;  // all entries, inflated
  // How many times its packed size an entry may have. A sheet of equal rows reaches 100; deflate ends at
  // 1032.
  std::uint64_t ratio = 300;
  // An entry of fewer bytes may have any ratio: what it inflates to does no harm.
  std::uint64_t small_bytes = std::uint64_t{64} << 20;
};

// Not thread-safe.
class ZipArchive {
 public:
  // The file is held against the size and time that it has now: an entry read after it changed is an error,
  // as in byte_source.h, whose errors these are too. INVALID_ARGUMENT: no archive, or one of those refused;
  // DATA_LOSS: damaged or cut short; RESOURCE_EXHAUSTED: above a limit.
  static absl::StatusOr<ZipArchive> Open(const std::string& path, const ZipLimits& limits = {});
  // The same over bytes, which must outlive the archive; `name` stands in messages.
  static absl::StatusOr<ZipArchive> Over(absl::string_view bytes, const std::string& name,
                                         const ZipLimits& limits = {});

  const std::string& name() const;
  bool Has(const std::string& entry) const;
  // The entry's bytes, inflated; they keep the archive open. NOT_FOUND where there is no such entry.
  absl::StatusOr<std::unique_ptr<ByteSource>> OpenEntry(const std::string& entry) const;

 private:
  struct Opened;  // holds libzip's archive and the file
  class Entry;

  explicit ZipArchive(std::shared_ptr<Opened> opened) : opened_(std::move(opened)) {}

  std::shared_ptr<Opened> opened_;
};

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_ZIP_ARCHIVE_H_

// Where the bytes of a table come from. A seam, so that tests can inject short reads, failing disks and files
// that shrink.
#ifndef WAYMARK_NODE_INGEST_BYTE_SOURCE_H_
#define WAYMARK_NODE_INGEST_BYTE_SOURCE_H_

#include <cstddef>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

struct stat;  // sys/stat.h

namespace waymark::node {

// Not thread-safe.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  // Puts at most `most` bytes at `to` and returns how many; 0 only at the end.
  virtual absl::StatusOr<std::size_t> Read(char* to, std::size_t most) = 0;
};

// A file, read in pieces and not mapped into memory: a mapped file that another process cuts short kills the
// reader with SIGBUS, and council shares are written to while they are read. What is read is compared with
// the size and time that the file had when it was opened: DATA_LOSS if it has shrunk, UNAVAILABLE if it has
// changed otherwise. NOT_FOUND, PERMISSION_DENIED, or INVALID_ARGUMENT where `path` is a folder or no regular
// file.
absl::StatusOr<std::unique_ptr<ByteSource>> OpenFile(const std::string& path);

// What OpenFile rests on, for readers that need the descriptor itself. Opens `path` for reading and fills in
// `opened`; the caller closes the descriptor.
absl::StatusOr<int> OpenRegularFile(const std::string& path, struct stat& opened);
// DATA_LOSS or UNAVAILABLE where the file is no longer as `opened` says.
absl::Status CheckUnchanged(int fd, const struct stat& opened, const std::string& path);

// The bytes of `text`, which must outlive the source.
std::unique_ptr<ByteSource> OverText(absl::string_view text);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_BYTE_SOURCE_H_

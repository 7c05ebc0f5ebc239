// Small files, whole. Large data is read by node/ingest.
#ifndef WAYMARK_BASE_FILE_H_
#define WAYMARK_BASE_FILE_H_

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace waymark {

// The file's bytes. NOT_FOUND, PERMISSION_DENIED, or RESOURCE_EXHAUSTED above `max_bytes`; the message names
// the path and what to do.
absl::StatusOr<std::string> ReadFile(const std::string& path, std::size_t max_bytes);

// Writes beside, fsyncs and renames, so that a reader sees the old file or the new one, never half of one.
// `mode` as chmod takes it.
absl::Status WriteFileAtomically(const std::string& path, absl::string_view bytes, unsigned mode);

// Makes `path` and what is missing above it, the last with `mode`.
absl::Status MakeDirectories(const std::string& path, unsigned mode);

bool FileExists(const std::string& path);

// `path` itself if absolute, else `directory` / `path`.
std::string PathUnder(absl::string_view directory, absl::string_view path);

// The folder part of a path; "." if it has none.
std::string DirectoryOf(absl::string_view path);

}  // namespace waymark

#endif  // WAYMARK_BASE_FILE_H_

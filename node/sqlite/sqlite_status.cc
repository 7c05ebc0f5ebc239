#include "node/sqlite/sqlite_status.h"

#include <sqlite3.h>

#include <string>

#include "absl/strings/str_cat.h"

namespace waymark::node {

absl::Status FromSqlite(const SQLite::Exception& error, absl::string_view file, absl::string_view unharmed) {
  const std::string what = absl::StrCat(file, ": ", error.what());
  switch (error.getErrorCode()) {
    case SQLITE_FULL:
    case SQLITE_IOERR:
      return absl::ResourceExhaustedError(absl::StrCat(what, "; the disk is full or cannot be written. ",
                                                       unharmed, ". Make room and try again"));
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return absl::UnavailableError(absl::StrCat(what, "; another process holds it. Try again"));
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return absl::DataLossError(
          absl::StrCat(what, "; the file is damaged. ", unharmed, ". Put it back from a backup"));
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return absl::PermissionDeniedError(
          absl::StrCat(what, "; this user must be able to read and write the file and its folder"));
    case SQLITE_CONSTRAINT:
      return absl::AlreadyExistsError(what);
    default:
      return absl::InternalError(what);
  }
}

}  // namespace waymark::node

#include "absl/strings/str_cat.h"
#include "coordinator/store/sql_store.h"

namespace waymark::coordinator {
namespace {

std::vector<StoredPublishedFile> ReadFiles(SqlTransaction& sql, bool with_bytes) {
  Query query(sql, absl::StrCat("SELECT name, hash, imported_unix_s", with_bytes ? ", bytes" : "",
                                " FROM published_files ORDER BY name"));
  std::vector<StoredPublishedFile> files;
  while (query.Next()) {
    files.push_back({.name = query.GetString(0),
                     .hash = query.GetString(1),
                     .bytes = with_bytes ? query.GetString(3) : "",
                     .imported_unix_s = query.GetInt(2)});
  }
  return files;
}

}  // namespace

absl::Status SqlStore::PutPublishedFiles(const std::vector<StoredPublishedFile>& files, bool alone) {
  return Write([&](SqlTransaction& sql) -> absl::Status {
    if (alone) Query(sql, "DELETE FROM published_files").Run();
    for (const StoredPublishedFile& file : files) {
      Query(sql,
            "INSERT INTO published_files(name, hash, bytes, imported_unix_s) VALUES ($1, $2, $3, $4) "
            "ON CONFLICT(name) DO UPDATE SET hash = excluded.hash, bytes = excluded.bytes, "
            "imported_unix_s = excluded.imported_unix_s")
          .Text(file.name)
          .Blob(file.hash)
          .Blob(file.bytes)
          .Int(file.imported_unix_s)
          .Run();
    }
    return absl::OkStatus();
  });
}

absl::StatusOr<std::vector<StoredPublishedFile>> SqlStore::PublishedFiles() {
  return Read([](SqlTransaction& sql) -> absl::StatusOr<std::vector<StoredPublishedFile>> {
    return ReadFiles(sql, true);
  });
}

absl::StatusOr<std::vector<StoredPublishedFile>> SqlStore::ListPublishedFiles() {
  return Read([](SqlTransaction& sql) -> absl::StatusOr<std::vector<StoredPublishedFile>> {
    return ReadFiles(sql, false);
  });
}

}  // namespace waymark::coordinator

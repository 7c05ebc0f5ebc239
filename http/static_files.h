// Scripts, styles and images, read once. Only what was found then is served, by its exact address: no address
// reaches another file.
#ifndef WAYMARK_HTTP_STATIC_FILES_H_
#define WAYMARK_HTTP_STATIC_FILES_H_

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "http/message.h"

namespace waymark::http {

// Immutable once loaded; thread-safe.
class StaticFiles {
 public:
  // The files of DIRECTORY itself, at PREFIX/name; "name.gz" is what is sent of "name" to who takes it so.
  // Their names change with what they hold, so browsers keep them. NOT_FOUND without the folder;
  // INVALID_ARGUMENT of a file of no known kind; RESOURCE_EXHAUSTED of one over a MiB.
  static absl::StatusOr<StaticFiles> Load(const std::string& directory, const std::string& prefix);

  // Nothing where no file is meant.
  std::optional<Response> Respond(const Request& request) const;

 private:
  struct File {
    std::string type;
    std::string tag;
    std::shared_ptr<const std::string> plain, compressed;  // compressed: null where there is none
  };
  std::map<std::string, File, std::less<>> files_;  // by address
};

}  // namespace waymark::http

#endif  // WAYMARK_HTTP_STATIC_FILES_H_

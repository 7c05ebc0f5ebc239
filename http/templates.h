// Pages from templates (Mustache), for the programs that serve them. Every value is escaped: a template that
// asks for anything else is refused when it is read, so nothing that a page shows is ever executed.
#ifndef WAYMARK_HTTP_TEMPLATES_H_
#define WAYMARK_HTTP_TEMPLATES_H_

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "http/message.h"

namespace waymark::http {

// Immutable once loaded; thread-safe.
class Templates {
 public:
  // Reads WEB/templates/**.mustache, each called by its path there without the suffix ("national/metric"),
  // and WEB/manifest.json, where the build says under which names the script and the style are.
  // INVALID_ARGUMENT names the template that is no good; NOT_FOUND without the folder.
  static absl::StatusOr<Templates> Load(const std::string& web);

  // The template `page` within "layout". In the context an empty text, a null and an empty list are nothing,
  // and numbers are written by who makes it. Of a name that an inner object lacks, the outer one's is taken:
  // give every row all its names. INTERNAL of a page that is not there, or a number that is no integer.
  absl::StatusOr<std::string> Render(const std::string& page, const nlohmann::ordered_json& context) const;

  // The same as an answer that no cache keeps.
  absl::StatusOr<Response> Respond(const std::string& page, const nlohmann::ordered_json& context,
                                   int status = 200) const;

 private:
  absl::Status ReadManifest(const std::string& path);

  std::map<std::string, std::string> texts_;  // by name
  std::string script_, style_;                // their addresses
};

// What is wrong with a template's text; OK where nothing is.
absl::Status CheckTemplate(const std::string& text);

}  // namespace waymark::http

#endif  // WAYMARK_HTTP_TEMPLATES_H_

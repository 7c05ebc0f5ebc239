// The files in which a made-up council's system hands over its records, each system in its own way, and the
// node.toml that reads them.
#ifndef WAYMARK_DEPLOY_DEMO_COUNCILS_EXTRACT_H_
#define WAYMARK_DEPLOY_DEMO_COUNCILS_EXTRACT_H_

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "deploy/demo/councils/council.h"

namespace waymark::demo {

// One file: which records stand in it, and under which names. A column is a field (named as [source.mapping]
// names it) and the header over it; a field in `constants` is the same for all rows.
struct FileLayout {
  std::string name;
  std::vector<RecordKind> kinds;  // none: one row a child
  std::vector<std::pair<std::string, std::string>> columns;
  std::map<std::string, std::string> constants = {};
  std::string carries = {};  // as node.toml writes it; empty: not said
  bool events = false;       // one row for each start and each end
};

// Field → our code → the system's own word.
using Words = std::map<std::string, std::map<std::string, std::string>>;

struct System {
  std::string format;  // "ssd", "event-log"; "cin-census", "ssda903", which need nothing of the rest
  std::string folder;  // the files stand in it; the path of a source that is a folder
  std::vector<FileLayout> files = {};
  std::string delimiter = ",";
  std::string date_format = "%Y-%m-%d";
  bool windows_1252 = false;
  bool crlf = false;
  bool byte_order_mark = false;
  Words words = {};
};

// The systems of council `number` (0 to 11): no two councils write alike.
std::vector<System> SystemsOf(int number);

// Writes the council's files below `directory`, and returns the [[source]] tables that read them.
absl::StatusOr<std::string> WriteExtract(const Council& council, const System& system,
                                         const std::string& directory);

}  // namespace waymark::demo

#endif  // WAYMARK_DEPLOY_DEMO_COUNCILS_EXTRACT_H_

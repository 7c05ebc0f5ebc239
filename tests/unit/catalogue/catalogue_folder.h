// A catalogue in a temporary folder, for tests that break it.
#ifndef WAYMARK_TESTS_UNIT_CATALOGUE_CATALOGUE_FOLDER_H_
#define WAYMARK_TESTS_UNIT_CATALOGUE_CATALOGUE_FOLDER_H_

#include <string>

#include "absl/strings/string_view.h"

namespace waymark::catalogue {

// One sound entry of kind PROPORTION, a field a line, and one sound area.
extern const char kSoundEntry[];
extern const char kSoundArea[];

// Removed with all that is in it when the object goes.
class CatalogueFolder {
 public:
  CatalogueFolder();
  ~CatalogueFolder();
  CatalogueFolder(const CatalogueFolder&) = delete;
  CatalogueFolder& operator=(const CatalogueFolder&) = delete;

  // Writes metrics/NAME.textproto.
  void Metrics(const std::string& name, const std::string& text) const;
  void Areas(const std::string& text) const;
  void File(const std::string& name, const std::string& text) const;
  // Writes questionnaires/NAME.textproto.
  void Questionnaires(const std::string& name, const std::string& text) const;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// `text` with its one line that holds `part` replaced by `line`, or an error that stops the test.
std::string WithLine(const std::string& text, absl::string_view part, absl::string_view line);
// The number, from 1, of the one line that holds `part`.
int LineOf(const std::string& text, absl::string_view part);

}  // namespace waymark::catalogue

#endif  // WAYMARK_TESTS_UNIT_CATALOGUE_CATALOGUE_FOLDER_H_

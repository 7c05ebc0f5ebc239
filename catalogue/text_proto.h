// Text protos read with the line of every field, so that each fault is reported as "file:line: what is
// wrong".
#ifndef WAYMARK_CATALOGUE_TEXT_PROTO_H_
#define WAYMARK_CATALOGUE_TEXT_PROTO_H_

#include <google/protobuf/message.h>
#include <google/protobuf/text_format.h>

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace waymark::catalogue {

// Faults in the order found. Not thread-safe.
class Faults {
 public:
  void Add(absl::string_view file, int line, absl::string_view message);
  bool empty() const { return found_.empty(); }
  // OK, or INVALID_ARGUMENT with all faults, a line each, by file (in the order of first fault) and line.
  absl::Status ToStatus() const;

 private:
  struct Fault {
    std::string file;
    int line;
    std::string message;
  };
  std::vector<Fault> found_;
};

// The *.textproto of a folder, sorted, so that errors come in the same order everywhere. NOT_FOUND where it
// cannot be read or holds none.
absl::StatusOr<std::vector<std::string>> TextProtosIn(const std::string& directory);

using LocationTree = google::protobuf::TextFormat::ParseInfoTree;

// Parses `text`. Unknown fields, a single field given twice and all syntax errors become faults. False where
// the text could not be parsed, in which case `out` is not to be used; a text with only unknown fields is
// parsed all the same, so that its other faults are found too.
bool ParseTextProto(const std::string& text, const std::string& file, google::protobuf::Message& out,
                    LocationTree& locations, Faults& faults);

// A message and where it stands in its file. A light handle; all it points to must outlive it. Field names
// are those of the message's own type: another name is a fault of this program and gives the message's line.
class Located {
 public:
  Located(const std::string& file, const google::protobuf::Message& message, const LocationTree* tree,
          int line, Faults& faults)
      : file_(&file), message_(&message), tree_(tree), line_(line), faults_(&faults) {}

  // A fault at a field (the index-th of a repeated one; a list in brackets counts as one place), or at the
  // message where the field is not in the text.
  void Fail(absl::string_view field, int index, absl::string_view message) const;
  void Fail(absl::string_view field, absl::string_view message) const { Fail(field, -1, message); }

  // "file:line" of the message itself.
  std::string Where() const;

  // The message in a field; the index-th of a repeated one, -1 for a single one.
  Located Nested(absl::string_view field, int index) const;

 private:
  int LineOf(absl::string_view field, int index) const;

  const std::string* file_;
  const google::protobuf::Message* message_;
  const LocationTree* tree_;  // null where the text has no such message
  int line_;                  // from 1
  Faults* faults_;
};

}  // namespace waymark::catalogue

#endif  // WAYMARK_CATALOGUE_TEXT_PROTO_H_

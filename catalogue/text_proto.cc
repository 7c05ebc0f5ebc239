#include "catalogue/text_proto.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/io/tokenizer.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <system_error>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace waymark::catalogue {
namespace {

// Passes on what protobuf's parser says. Its warnings are faults here: the only ones there are, unknown
// fields, would otherwise be dropped without a word.
class Collector final : public google::protobuf::io::ErrorCollector {
 public:
  Collector(const std::string& file, const std::string& text, Faults& faults)
      : file_(file), lines_(absl::StrSplit(text, '\n')), faults_(faults) {}
  void AddError(int line, google::protobuf::io::ColumnNumber, const std::string& message) override {
    faults_.Add(file_, PlaceOf(message, line) + 1, message);
  }
  void AddWarning(int line, google::protobuf::io::ColumnNumber, const std::string& message) override {
    faults_.Add(file_, line + 1, message);
  }

 private:
  // The parser says where it stood when it noticed, which for an unknown enumeration value is the next token.
  int PlaceOf(const std::string& message, int line) const {
    const std::vector<absl::string_view> parts = absl::StrSplit(message, '"');
    if (!absl::StartsWith(message, "Unknown enumeration value") || parts.size() < 2) return line;
    for (int at = std::min(line, static_cast<int>(lines_.size()) - 1); at >= 0; --at) {
      if (absl::StrContains(lines_[static_cast<std::size_t>(at)], parts[1])) return at;
    }
    return line;
  }

  const std::string& file_;
  const std::vector<absl::string_view> lines_;
  Faults& faults_;
};

const google::protobuf::FieldDescriptor* FieldOf(const google::protobuf::Message& message,
                                                 absl::string_view name) {
  return message.GetDescriptor()->FindFieldByName(std::string(name));
}

}  // namespace

void Faults::Add(absl::string_view file, int line, absl::string_view message) {
  found_.push_back({std::string(file), line, std::string(message)});
}

absl::Status Faults::ToStatus() const {
  if (found_.empty()) return absl::OkStatus();
  std::map<std::string, std::size_t> order;
  for (const Fault& fault : found_) order.emplace(fault.file, order.size());
  std::vector<const Fault*> sorted;
  for (const Fault& fault : found_) sorted.push_back(&fault);
  std::stable_sort(sorted.begin(), sorted.end(), [&](const Fault* a, const Fault* b) {
    if (a->file != b->file) return order[a->file] < order[b->file];
    return a->line < b->line;
  });
  std::string text;
  for (const Fault* fault : sorted) {
    absl::StrAppend(&text, text.empty() ? "" : "\n", fault->file, ":", fault->line, ": ", fault->message);
  }
  return absl::InvalidArgumentError(text);
}

bool ParseTextProto(const std::string& text, const std::string& file, google::protobuf::Message& out,
                    LocationTree& locations, Faults& faults) {
  Collector collector(file, text, faults);
  google::protobuf::TextFormat::Parser parser;
  parser.RecordErrorsTo(&collector);
  parser.WriteLocationsTo(&locations);
  parser.AllowUnknownField(true);
  parser.SetRecursionLimit(20);
  return parser.ParseFromString(text, &out);
}

int Located::LineOf(absl::string_view field, int index) const {
  const google::protobuf::FieldDescriptor* descriptor = FieldOf(*message_, field);
  if (tree_ == nullptr || descriptor == nullptr) return line_;
  // A list in brackets has one place for all its elements, so the search goes back to the first.
  for (int i = descriptor->is_repeated() ? std::max(index, 0) : -1; i >= -1; --i) {
    if (descriptor->is_repeated() && i < 0) break;
    const int line = tree_->GetLocation(descriptor, i).line;
    if (line >= 0) return line + 1;
  }
  return line_;
}

void Located::Fail(absl::string_view field, int index, absl::string_view message) const {
  faults_->Add(*file_, LineOf(field, index), message);
}

std::string Located::Where() const {
  return absl::StrCat(*file_, ":", line_);
}

Located Located::Nested(absl::string_view field, int index) const {
  const google::protobuf::FieldDescriptor* descriptor = FieldOf(*message_, field);
  const google::protobuf::Reflection* reflection = message_->GetReflection();
  const google::protobuf::Message& nested =
      index < 0 ? reflection->GetMessage(*message_, descriptor)
                : reflection->GetRepeatedMessage(*message_, descriptor, index);
  const LocationTree* tree = tree_ == nullptr ? nullptr : tree_->GetTreeForNested(descriptor, index);
  return Located(*file_, nested, tree, LineOf(field, index), *faults_);
}

absl::StatusOr<std::vector<std::string>> TextProtosIn(const std::string& directory) {
  std::error_code error;
  std::vector<std::string> paths;
  for (std::filesystem::directory_iterator it(directory, error), end; !error && it != end;
       it.increment(error)) {
    if (it->path().extension() == ".textproto") paths.push_back(it->path().string());
  }
  if (error) {
    return absl::NotFoundError(absl::StrCat(directory,
                                            ": cannot read the catalogue's folder: ", error.message(),
                                            "; name the folder that holds metrics/ and areas.textproto"));
  }
  if (paths.empty()) return absl::NotFoundError(absl::StrCat(directory, ": holds no *.textproto"));
  std::sort(paths.begin(), paths.end());
  return paths;
}

}  // namespace waymark::catalogue

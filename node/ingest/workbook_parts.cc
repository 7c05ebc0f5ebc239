#include "node/ingest/workbook_parts.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "base/status.h"
#include "node/ingest/encoding.h"
#include "node/ingest/number_format.h"
#include "node/ingest/xml_reader.h"

namespace waymark::node {
namespace {

constexpr std::size_t kMostTextBytes = std::size_t{1}
                                       << 20;  // of one text; Excel writes 32,767 characters at most
constexpr std::size_t kMostStyles = 65'536;    // Excel's own limit is 65,490
constexpr std::size_t kMostSheets = 10'000;

struct Relation {
  std::string type;  // what stands after the last slash: "worksheet"
  std::string part;
};
using Relations = std::map<std::string, Relation>;  // by id

// "xl/", "../docs/a.xml" → "docs/a.xml"; "/xl/a.xml" → "xl/a.xml".
std::string PartName(absl::string_view folder, absl::string_view target) {
  std::vector<absl::string_view> steps;
  const std::string whole =
      absl::StartsWith(target, "/") ? std::string(target) : absl::StrCat(folder, target);
  for (const absl::string_view step : absl::StrSplit(whole, '/', absl::SkipEmpty())) {
    if (step == "..") {
      if (!steps.empty()) steps.pop_back();
    } else if (step != ".") {
      steps.push_back(step);
    }
  }
  return absl::StrJoin(steps, "/");
}

class RelationsHandler final : public XmlHandler {
 public:
  RelationsHandler(absl::string_view folder, Relations& out) : folder_(folder), out_(out) {}
  absl::Status Start(const XmlElement& element) override {
    // What lies outside the workbook is never fetched.
    if (element.name != "Relationship" || element.Get("TargetMode") == "External") return absl::OkStatus();
    const std::vector<absl::string_view> type = absl::StrSplit(element.Get("Type"), '/');
    out_[std::string(element.Get("Id"))] = {std::string(type.back()),
                                            PartName(folder_, element.Get("Target"))};
    return absl::OkStatus();
  }
  absl::Status Text(absl::string_view) override { return absl::OkStatus(); }
  absl::Status End(absl::string_view) override { return absl::OkStatus(); }

 private:
  absl::string_view folder_;
  Relations& out_;
};

class WorkbookHandler final : public XmlHandler {
 public:
  struct Listed {
    std::string name;
    std::string relation;
  };
  absl::Status Start(const XmlElement& element) override {
    if (!IsSpreadsheet(element.name_space)) return absl::OkStatus();
    if (element.name == "workbookPr") {
      const absl::string_view flag = element.Get("date1904");
      from_1904 = flag == "1" || flag == "true";
    } else if (element.name == "sheet") {
      if (sheets.size() == kMostSheets)
        return absl::ResourceExhaustedError("too many sheets; is it the right file?");
      Listed& sheet = sheets.emplace_back();
      for (const XmlAttribute& each : element.attributes) {
        if (each.name == "name") sheet.name = DecodeText(each.value);
        if (each.name == "id" && !each.name_space.empty()) sheet.relation = std::string(each.value);
      }
    }
    return absl::OkStatus();
  }
  absl::Status Text(absl::string_view) override { return absl::OkStatus(); }
  absl::Status End(absl::string_view) override { return absl::OkStatus(); }

  std::vector<Listed> sheets;
  bool from_1904 = false;
};

class StylesHandler final : public XmlHandler {
 public:
  explicit StylesHandler(std::vector<bool>& dates) : dates_(dates) {}
  absl::Status Start(const XmlElement& element) override {
    if (!IsSpreadsheet(element.name_space)) return absl::OkStatus();
    int number = 0;
    const bool has_number = absl::SimpleAtoi(element.Get("numFmtId"), &number);
    if (element.name == "cellXfs") {
      in_cells_ = true;
    } else if (element.name == "numFmt" && has_number && own_.size() < kMostStyles) {
      own_[number] = IsDateFormat(element.Get("formatCode"));
    } else if (element.name == "xf" && in_cells_ && dates_.size() < kMostStyles) {
      const auto own = own_.find(number);
      dates_.push_back(has_number && (own == own_.end() ? IsDateFormat(number) : own->second));
    }
    return absl::OkStatus();
  }
  absl::Status Text(absl::string_view) override { return absl::OkStatus(); }
  absl::Status End(absl::string_view name) override {
    if (name == "cellXfs") in_cells_ = false;
    return absl::OkStatus();
  }

 private:
  std::vector<bool>& dates_;
  std::map<int, bool> own_;  // the workbook's own formats; they stand before the cells' styles
  bool in_cells_ = false;
};

// A text is all its runs in a row, without the reading aids (phonetic runs) that may stand beside them.
class TextsHandler final : public XmlHandler {
 public:
  TextsHandler(SharedTexts& texts, std::size_t most_bytes, const std::string& name)
      : texts_(texts), most_bytes_(most_bytes), name_(name) {}
  absl::Status Start(const XmlElement& element) override {
    if (element.name == "si") text_.clear();
    if (element.name == "rPh") in_aid_ = true;
    in_text_ = element.name == "t" && !in_aid_;
    return absl::OkStatus();
  }
  absl::Status Text(absl::string_view text) override {
    if (!in_text_) return absl::OkStatus();
    if (text_.size() + text.size() > kMostTextBytes) {
      return absl::ResourceExhaustedError(
          absl::StrCat(name_, ": a cell's text of more than 1 MiB; is it the right file?"));
    }
    text_.append(text.data(), text.size());
    return absl::OkStatus();
  }
  absl::Status End(absl::string_view name) override {
    in_text_ = false;
    if (name == "rPh") in_aid_ = false;
    if (name != "si" || texts_.Add(DecodeText(text_), most_bytes_)) return absl::OkStatus();
    return absl::ResourceExhaustedError(
        absl::StrCat(name_, ": its texts take more than ", most_bytes_ >> 20U,
                     " MiB; save the sheets as \"CSV UTF-8\", or in several workbooks"));
  }

 private:
  SharedTexts& texts_;
  std::size_t most_bytes_;
  const std::string& name_;
  std::string text_;
  bool in_text_ = false;
  bool in_aid_ = false;
};

absl::Status ReadPart(const ZipArchive& archive, const std::string& part, XmlHandler& handler) {
  ASSIGN_OR_RETURN(const auto bytes, archive.OpenEntry(part));
  return ReadXml(*bytes, absl::StrCat(archive.name(), ", part ", part), handler);
}

absl::StatusOr<Relations> ReadRelations(const ZipArchive& archive, const std::string& folder,
                                        const std::string& part) {
  Relations relations;
  RelationsHandler handler(folder, relations);
  RETURN_IF_ERROR(ReadPart(archive, part, handler));
  return relations;
}

// The first part of a type; "" where there is none.
std::string PartOfType(const Relations& relations, absl::string_view type) {
  for (const auto& [id, relation] : relations) {
    if (relation.type == type) return relation.part;
  }
  return "";
}

absl::Status NoWorkbook(const ZipArchive& archive) {
  if (archive.Has("content.xml")) {
    return absl::InvalidArgumentError(absl::StrCat(
        archive.name(),
        " is an OpenDocument file (.ods); open it in Excel or LibreOffice and save it as .xlsx"));
  }
  return absl::InvalidArgumentError(
      absl::StrCat(archive.name(), " is an archive and no workbook; unpack it and name the workbook in it"));
}

absl::StatusOr<std::string> WorkbookPart(const ZipArchive& archive) {
  if (!archive.Has("_rels/.rels")) return NoWorkbook(archive);
  ASSIGN_OR_RETURN(const Relations top, ReadRelations(archive, "", "_rels/.rels"));
  const std::string part = PartOfType(top, "officeDocument");
  if (part.empty()) return NoWorkbook(archive);
  if (absl::EndsWith(part, ".bin")) {
    return absl::InvalidArgumentError(
        absl::StrCat(archive.name(), " is a binary workbook (.xlsb); open it in Excel and save it as .xlsx"));
  }
  return part;
}

}  // namespace

bool IsSpreadsheet(absl::string_view name_space) {
  return name_space == "http://schemas.openxmlformats.org/spreadsheetml/2006/main" ||
         name_space == "http://purl.oclc.org/ooxml/spreadsheetml/main";
}

std::string DecodeText(absl::string_view text) {
  std::string decoded;
  while (true) {
    const std::size_t at = text.find("_x");
    if (at == absl::string_view::npos) break;
    std::uint32_t number = 0;
    const bool escape = text.size() >= at + 7 && text[at + 6] == '_' &&
                        absl::SimpleHexAtoi(text.substr(at + 2, 4), &number) && number <= 0xFFFF;
    const std::size_t taken = escape ? at + 7 : at + 2;
    // Half of a pair of surrogates is no character and stays as it is written.
    if (!escape || (number >= 0xD800 && number <= 0xDFFF)) {
      absl::StrAppend(&decoded, text.substr(0, taken));
    } else {
      absl::StrAppend(&decoded, text.substr(0, at));
      AppendCodePoint(number < 0x20 && number != '\n' ? ' ' : number, decoded);
    }
    text.remove_prefix(taken);
  }
  absl::StrAppend(&decoded, text);
  return decoded;
}

bool SharedTexts::Add(absl::string_view text, std::size_t most_bytes) {
  if (texts_.size() + text.size() + (ends_.size() + 1) * sizeof(std::size_t) > most_bytes) return false;
  texts_.append(text.data(), text.size());
  ends_.push_back(texts_.size());
  return true;
}

absl::StatusOr<WorkbookParts> ReadWorkbookParts(const ZipArchive& archive) {
  ASSIGN_OR_RETURN(const std::string workbook, WorkbookPart(archive));
  const std::size_t slash = workbook.rfind('/');
  const std::size_t folder_bytes = slash == std::string::npos ? 0 : slash + 1;
  const std::string folder = workbook.substr(0, folder_bytes);
  ASSIGN_OR_RETURN(
      const Relations relations,
      ReadRelations(archive, folder, absl::StrCat(folder, "_rels/", workbook.substr(folder_bytes), ".rels")));
  WorkbookParts parts;
  WorkbookHandler list;
  RETURN_IF_ERROR(ReadPart(archive, workbook, list));
  parts.from_1904 = list.from_1904;
  for (WorkbookHandler::Listed& sheet : list.sheets) {
    const auto relation = relations.find(sheet.relation);
    if (relation == relations.end()) {
      return absl::InvalidArgumentError(
          absl::StrCat(archive.name(), ": the sheet \"", sheet.name,
                       "\" is not in the file; open it in Excel or LibreOffice and "
                       "save it again"));
    }
    if (relation->second.type != "worksheet") continue;
    parts.sheets.push_back({std::move(sheet.name), relation->second.part});
  }
  if (const std::string part = PartOfType(relations, "styles"); !part.empty()) {
    StylesHandler handler(parts.date_styles);
    RETURN_IF_ERROR(ReadPart(archive, part, handler));
  }
  parts.texts_part = PartOfType(relations, "sharedStrings");
  return parts;
}

absl::Status ReadSharedTexts(const ZipArchive& archive, std::size_t most_bytes, WorkbookParts& parts) {
  if (parts.texts_part.empty()) return absl::OkStatus();
  TextsHandler handler(parts.texts, most_bytes, archive.name());
  RETURN_IF_ERROR(ReadPart(archive, parts.texts_part, handler));
  parts.texts_part.clear();
  return absl::OkStatus();
}

}  // namespace waymark::node

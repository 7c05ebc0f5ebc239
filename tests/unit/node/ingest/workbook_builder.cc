#include "tests/unit/node/ingest/workbook_builder.h"

#include <zip.h>

#include <cstddef>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"

namespace waymark::node::testing {
namespace {

constexpr absl::string_view kXml = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";

// Also for fuzz targets, which have no test framework.
void Must(bool done) {
  if (!done) std::abort();
}

std::string Escaped(absl::string_view text) {
  return absl::StrReplaceAll(text, {{"&", "&amp;"}, {"<", "&lt;"}, {"\"", "&quot;"}});
}

}  // namespace

std::string MakeZip(const ZipEntries& entries, const std::string& password, bool packed) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* const bytes = zip_source_buffer_create(nullptr, 0, 0, &error);
  zip_t* const archive = zip_open_from_source(bytes, ZIP_TRUNCATE, &error);
  Must(archive != nullptr);
  zip_source_keep(bytes);
  for (const auto& [name, text] : entries) {
    zip_source_t* const entry = zip_source_buffer(archive, text.data(), text.size(), 0);
    const zip_int64_t index = zip_file_add(archive, name.c_str(), entry, 0);
    Must(index >= 0);
    const auto number = static_cast<zip_uint64_t>(index);
    Must(zip_set_file_compression(archive, number, packed ? ZIP_CM_DEFLATE : ZIP_CM_STORE, 0) == 0);
    if (password.empty()) continue;
    Must(zip_file_set_encryption(archive, number, ZIP_EM_AES_128, password.c_str()) == 0);
  }
  Must(zip_close(archive) == 0);
  zip_stat_t state;
  zip_stat_init(&state);
  zip_source_stat(bytes, &state);
  std::string zipped(static_cast<std::size_t>(state.size), '\0');
  zip_source_open(bytes);
  Must(zip_source_read(bytes, zipped.data(), zipped.size()) == static_cast<zip_int64_t>(zipped.size()));
  zip_source_close(bytes);
  zip_source_free(bytes);
  return zipped;
}

ZipEntries WorkbookBuilder::Entries() const {
  const std::string base = strict ? "http://purl.oclc.org/ooxml/" : "http://schemas.openxmlformats.org/";
  const std::string main = strict ? base + "spreadsheetml/main" : base + "spreadsheetml/2006/main";
  const std::string relation =
      strict ? base + "officeDocument/relationships" : base + "officeDocument/2006/relationships";
  const std::string relations = "http://schemas.openxmlformats.org/package/2006/relationships";
  const auto related = [&](absl::string_view id, absl::string_view type, absl::string_view target) {
    return absl::StrCat("<Relationship Id=\"", id, "\" Type=\"", relation, "/", type, "\" Target=\"", target,
                        "\"/>");
  };
  std::string list, links, styles, custom, table;
  ZipEntries entries;
  for (std::size_t i = 0; i < sheets.size(); ++i) {
    absl::StrAppend(&list, "<sheet name=\"", Escaped(sheets[i].first), "\" sheetId=\"", i + 1, "\" r:id=\"s",
                    i, "\"/>");
    absl::StrAppend(
        &links, related(absl::StrCat("s", i), "worksheet", absl::StrCat("worksheets/sheet", i + 1, ".xml")));
    entries.emplace_back(absl::StrCat("xl/worksheets/sheet", i + 1, ".xml"),
                         absl::StrCat(kXml, "<worksheet xmlns=\"", main, "\"><sheetData>", sheets[i].second,
                                      "</sheetData>", after_rows, "</worksheet>"));
  }
  for (std::size_t i = 0; i < formats.size(); ++i) {
    const bool common = formats[i][0] == '#';
    const std::string number = common ? formats[i].substr(1) : absl::StrCat(164 + i);
    absl::StrAppend(&styles, "<xf numFmtId=\"", number, "\"/>");
    if (common) continue;
    absl::StrAppend(&custom, "<numFmt numFmtId=\"", number, "\" formatCode=\"", Escaped(formats[i]), "\"/>");
  }
  for (const std::string& text : texts) absl::StrAppend(&table, "<si>", text, "</si>");
  links += related("styles", "styles", "styles.xml");
  if (!texts.empty()) links += related("texts", "sharedStrings", "/xl/sharedStrings.xml");
  const auto relation_part = [&](absl::string_view inside) {
    return absl::StrCat(kXml, "<Relationships xmlns=\"", relations, "\">", inside, "</Relationships>");
  };
  entries.emplace_back("_rels/.rels", relation_part(related("r1", "officeDocument", "xl/workbook.xml")));
  entries.emplace_back("xl/_rels/workbook.xml.rels", relation_part(links));
  entries.emplace_back(
      "xl/workbook.xml",
      absl::StrCat(kXml, "<workbook xmlns=\"", main, "\" xmlns:r=\"", relation, "\"><workbookPr",
                   from_1904 ? " date1904=\"1\"" : "", "/><sheets>", list, "</sheets></workbook>"));
  entries.emplace_back("xl/styles.xml",
                       absl::StrCat(kXml, "<styleSheet xmlns=\"", main, "\"><numFmts>", custom,
                                    "</numFmts><cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs><cellXfs>",
                                    styles, "</cellXfs></styleSheet>"));
  if (!texts.empty()) {
    entries.emplace_back("xl/sharedStrings.xml",
                         absl::StrCat(kXml, "<sst xmlns=\"", main, "\">", table, "</sst>"));
  }
  return entries;
}

std::string RowOf(const std::vector<std::string>& values) {
  std::string row = "<row>";
  for (const std::string& value : values) {
    if (!value.empty() && value[0] == '=') {
      row += value.substr(1);
    } else {
      absl::StrAppend(&row, "<c t=\"inlineStr\"><is><t>", Escaped(value), "</t></is></c>");
    }
  }
  return row + "</row>";
}

}  // namespace waymark::node::testing

// Makes workbooks for tests: the parts of a .xlsx, zipped in memory.
#ifndef WAYMARK_TESTS_UNIT_NODE_INGEST_WORKBOOK_BUILDER_H_
#define WAYMARK_TESTS_UNIT_NODE_INGEST_WORKBOOK_BUILDER_H_

#include <string>
#include <utility>
#include <vector>

namespace waymark::node::testing {

using ZipEntries = std::vector<std::pair<std::string, std::string>>;  // name, bytes

// With `password`, every entry is encrypted; not `packed`, each stands as it is.
std::string MakeZip(const ZipEntries& entries, const std::string& password = "", bool packed = true);

// A workbook of sheets whose rows are given as XML: "<row r=\"1\"><c t=\"inlineStr\">…</c></row>".
struct WorkbookBuilder {
  std::vector<std::pair<std::string, std::string>> sheets = {};  // name, rows
  std::vector<std::string> texts = {};                           // of shared strings: the XML inside <si>
  std::vector<std::string> formats =
      {};  // a cell's s="N" is shown in the N-th; "#14" is a format that all workbooks have
  bool from_1904 = false;
  bool strict = false;
  std::string after_rows = {};  // XML after </sheetData>

  ZipEntries Entries() const;
  std::string Bytes() const { return MakeZip(Entries()); }
};

// A row of texts as a sheet has it; a text that begins with "=" is taken for a cell's XML as it stands.
std::string RowOf(const std::vector<std::string>& values);

}  // namespace waymark::node::testing

#endif  // WAYMARK_TESTS_UNIT_NODE_INGEST_WORKBOOK_BUILDER_H_

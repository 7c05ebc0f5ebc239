// Workbooks of any bytes: reading ends, rows are whole and in order, and Annex A accounts for each of them.
//
// The first byte says what is done with the rest: its second bit whether it is read as records too, which is
// slow; its first, what it is: even, the file itself; odd, the parts of a workbook, which are put together
// here so that checksums do not stand in the way: a sheet's rows, the texts and the number formats, each
// after a line
// "==", and texts and formats a line each.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/configuration.h"
#include "node/ingest/ingest.h"
#include "node/ingest/workbook.h"
#include "tests/unit/node/ingest/workbook_builder.h"

namespace waymark::node {
namespace {

constexpr WorkbookLimits kLimits = {
    .zip = {.entries = 100, .entry_bytes = 1U << 20U, .total_bytes = 4U << 20U},
    .text_bytes = 1U << 16U,
    .record_bytes = 4096};

void ReadSheets(absl::string_view bytes) {
  absl::StatusOr<ZipArchive> archive = ZipArchive::Over(bytes, "f", kLimits.zip);
  if (!archive.ok()) return;
  absl::StatusOr<Workbook> workbook = Workbook::Over(*std::move(archive), kLimits);
  if (!workbook.ok()) return;
  for (std::size_t i = 0; i < workbook->sheets().size(); ++i) {
    const auto rows = workbook->OpenSheet(i, {{"Child Unique ID"}});
    if (!rows.ok()) continue;
    std::int64_t last = 0;
    while (true) {
      const absl::StatusOr<bool> any = (*rows)->Next();
      if (!any.ok() || !*any) break;
      if ((*rows)->line() <= last) std::abort();
      last = (*rows)->line();
      const absl::Span<const absl::string_view> row = (*rows)->row();
      if (row.size() != (*rows)->header().size() || row.size() != (*rows)->fields()) std::abort();
      std::size_t bytes_of_row = 0;
      for (std::size_t c = 0; c < row.size(); ++c) {
        if (row[c] != (*rows)->field(c)) std::abort();
        for (const char letter : row[c]) bytes_of_row += letter != '\0' ? 1 : 0;  // touches every byte
      }
      if (bytes_of_row > row.size() * (1U << 16U)) std::abort();
    }
  }
}

// The same as a file: through the rules for records.
void Ingested(absl::string_view bytes) {
  static const int file = ::memfd_create("workbook", 0);
  const auto size = static_cast<::off_t>(bytes.size());
  if (::ftruncate(file, size) != 0 || ::pwrite(file, bytes.data(), bytes.size(), 0) != size) std::abort();
  static const auto* const sources = [] {
    auto root =
        ConfigTable::Parse(absl::StrCat("[[source]]\nformat = \"annex-a\"\npath = \"/proc/self/fd/", file,
                                        "\"\ncovered_from = 2020-09-16\nextract_date = 2021-03-16\n"
                                        "[source.mapping]\nearly_help_end = \"assessment_completion\"\n"),
                           "node.toml");
    return new std::vector<SourceConfig>(ReadSources(*root, "."));
  }();
  const auto result = Ingest(*sources);
  if (!result.ok()) return;
  for (const FileReport& report : result->report.files) {
    std::int64_t left_out = 0;
    for (const auto& [reason, tally] : report.left_out) left_out += tally.count();
    if (report.rows_read != report.rows_used + left_out) std::abort();
  }
}

std::string PutTogether(absl::string_view text) {
  const std::vector<std::string> parts = absl::StrSplit(text, "\n==\n");
  testing::WorkbookBuilder builder;
  builder.sheets = {{"List 1", parts[0]}, {"List 7", parts[0]}};
  if (parts.size() > 1) builder.texts = absl::StrSplit(parts[1], '\n', absl::SkipEmpty());
  if (parts.size() > 2) builder.formats = absl::StrSplit(parts[2], '\n', absl::SkipEmpty());
  return testing::MakeZip(builder.Entries(), "", /*packed=*/false);
}

}  // namespace
}  // namespace waymark::node

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  using namespace waymark::node;
  const absl::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::string bytes = (data[0] & 1U) == 0 ? std::string(rest) : PutTogether(rest);
  ReadSheets(bytes);
  if ((data[0] & 2U) != 0) Ingested(bytes);
  return 0;
}

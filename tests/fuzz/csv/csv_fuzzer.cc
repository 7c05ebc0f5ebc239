// The CSV reader on any bytes: it ends, stays inside its buffer, and gives the same rows whatever pieces it
// is handed.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "node/ingest/csv_reader.h"
#include "tests/fuzz/pieces.h"

namespace waymark::node {
namespace {

// Every field and line, and how it ended.
std::string ReadAll(absl::string_view text, std::size_t piece, const CsvOptions& options) {
  auto reader = CsvReader::Open(std::make_unique<Pieces>(text, piece), "f", options);
  if (!reader.ok()) return "error";
  std::string out;
  std::int64_t last_line = 0;
  while (true) {
    const absl::StatusOr<bool> any = (*reader)->Next();
    if (!any.ok()) return out + "error";
    if (!*any) return out;
    if ((*reader)->line() <= last_line) std::abort();
    last_line = (*reader)->line();
    if ((*reader)->shape() == RowShape::kRegular && (*reader)->fields() != (*reader)->header().size())
      std::abort();
    for (std::size_t i = 0; i < (*reader)->fields(); ++i) {
      out.append((*reader)->field(i).data(), (*reader)->field(i).size());
      out.push_back('\x1F');
    }
    out.push_back('\x1E');
  }
}

}  // namespace
}  // namespace waymark::node

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  using namespace waymark::node;
  CsvOptions options{.max_field_bytes = 300, .max_record_bytes = 1000};
  options.delimiter = (data[0] & 1U) != 0 ? ';' : ',';
  options.encoding = (data[0] & 2U) != 0 ? Encoding::kWindows1252 : Encoding::kUtf8;
  const std::size_t piece = 1 + data[1];
  const absl::string_view text(reinterpret_cast<const char*>(data) + 2, size - 2);
  if (ReadAll(text, size, options) != ReadAll(text, piece, options)) std::abort();
  return 0;
}

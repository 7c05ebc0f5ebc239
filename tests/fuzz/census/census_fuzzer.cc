// The Children in Need census on any bytes: it ends, holds no more than a child, gives the same whatever
// pieces it is handed, and accounts for every row.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/configuration.h"
#include "base/status.h"
#include "node/ingest/census_xml.h"
#include "node/ingest/ingest.h"
#include "tests/fuzz/pieces.h"

namespace waymark::node {
namespace {

// Everything that it is told.
class Writer final : public CensusSink {
 public:
  absl::Status Header(const CensusRow& header) override {
    Write(header);
    return absl::OkStatus();
  }
  absl::Status Child(const CensusChild& child) override {
    Write(child.row);
    for (const CensusReferral& referral : child.referrals) {
      Write(referral.row);
      for (const auto* rows :
           {&referral.assessments, &referral.enquiries, &referral.need_plans, &referral.protection_plans}) {
        for (const CensusRow& row : *rows) Write(row);
      }
    }
    return absl::OkStatus();
  }

  std::string seen;

 private:
  void Write(const CensusRow& row) {
    absl::StrAppend(&seen, row.line, " ", row.hash);
    for (const auto& [field, value] : row.values)
      absl::StrAppend(&seen, " ", static_cast<int>(field), "=", value);
    absl::StrAppend(&seen, "\n");
  }
};

absl::StatusOr<std::string> ReadAll(absl::string_view text, std::size_t piece) {
  Pieces bytes(text, piece);
  Writer writer;
  FileReport report;
  RETURN_IF_ERROR(ReadCensus(bytes, "f", writer, report));
  return writer.seen;
}

// The same as a file: through the rules for records.
void Ingested(absl::string_view text) {
  static const int file = ::memfd_create("census", 0);
  const auto size = static_cast<::off_t>(text.size());
  if (::ftruncate(file, size) != 0 || ::pwrite(file, text.data(), text.size(), 0) != size) std::abort();
  static const auto* const sources = [] {
    auto root =
        ConfigTable::Parse(absl::StrCat("[[source]]\nformat = \"cin-census\"\npath = \"/proc/self/fd/", file,
                                        "\"\ncovered_from = 2020-04-01\nextract_date = 2022-03-31\n"),
                           "node.toml");
    return new std::vector<SourceConfig>(ReadSources(*root, "."));
  }();
  const auto result = Ingest(*sources);
  if (!result.ok()) return;
  const FileReport& report = result->report.files.at(0);
  std::int64_t left_out = 0;
  for (const auto& [reason, tally] : report.left_out) left_out += tally.count();
  if (report.rows_read != report.rows_used + left_out) std::abort();
}

}  // namespace
}  // namespace waymark::node

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  using namespace waymark::node;
  const absl::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const absl::StatusOr<std::string> whole = ReadAll(text, size);
  const absl::StatusOr<std::string> pieces = ReadAll(text, 1 + data[0]);
  if (whole.status() != pieces.status() || (whole.ok() && *whole != *pieces)) std::abort();
  if (whole.ok()) Ingested(text);
  return 0;
}

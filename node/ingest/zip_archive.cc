#include "node/ingest/zip_archive.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zip.h>

#include <cerrno>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"

namespace waymark::node {
namespace {

constexpr absl::string_view kArchiveStart("PK\x03\x04", 4);
constexpr absl::string_view kCompoundStart("\xD0\xCF\x11\xE0", 4);
constexpr absl::string_view kSaveAsWorkbook = "open it in Excel or LibreOffice and save it as .xlsx";

absl::Status CheckStart(absl::string_view start, const std::string& name) {
  if (start == kArchiveStart) return absl::OkStatus();
  if (start == kCompoundStart) {
    return absl::InvalidArgumentError(
        absl::StrCat(name, " is a workbook of the old kind (.xls) or is protected by a password; ",
                     kSaveAsWorkbook, " without a password"));
  }
  if (start.empty()) return absl::InvalidArgumentError(absl::StrCat(name, " is empty"));
  return absl::InvalidArgumentError(absl::StrCat(name, " is no workbook (.xlsx); ", kSaveAsWorkbook));
}

absl::Status Damaged(const std::string& name, absl::string_view what, absl::string_view why) {
  return absl::DataLossError(
      absl::StrCat(name, ": ", what, " is damaged or cut short (", why, "); export it again"));
}

std::string Megabytes(std::uint64_t bytes) {
  return absl::StrCat((bytes + (1U << 20U) - 1) >> 20U, " MiB");
}

}  // namespace

struct ZipArchive::Opened {
  Opened() = default;
  Opened(const Opened&) = delete;
  Opened& operator=(const Opened&) = delete;
  ~Opened() {
    if (archive != nullptr) zip_discard(archive);
    if (fd >= 0) ::close(fd);
  }

  absl::Status CheckEntries(const ZipLimits& limits, std::uint64_t packed_bytes) const;
  absl::Status CheckEntry(const zip_stat_t& entry, const ZipLimits& limits) const;
  absl::Status CheckUnchanged() const;

  std::string name;
  zip_t* archive = nullptr;
  int fd = -1;  // of a file, for CheckUnchanged
  struct stat state {};
};

absl::Status ZipArchive::Opened::CheckEntry(const zip_stat_t& entry, const ZipLimits& limits) const {
  constexpr zip_uint64_t kNeeded =
      ZIP_STAT_NAME | ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_ENCRYPTION_METHOD;
  if ((entry.valid & kNeeded) != kNeeded)
    return Damaged(name, "its list of contents", "an entry without a size");
  const std::string what = absl::StrCat(name, ": its part ", entry.name);
  if (entry.encryption_method != ZIP_EM_NONE) {
    return absl::InvalidArgumentError(
        absl::StrCat(what, " is encrypted; save the workbook without a password"));
  }
  if (entry.size > limits.entry_bytes) {
    return absl::ResourceExhaustedError(absl::StrCat(
        what, " is ", Megabytes(entry.size), " when unpacked; at most ", Megabytes(limits.entry_bytes),
        " are read. Save the sheet as \"CSV UTF-8\", or in several workbooks"));
  }
  if (entry.size > limits.small_bytes && entry.size / limits.ratio > entry.comp_size) {
    return absl::ResourceExhaustedError(absl::StrCat(
        what, " is more than ", limits.ratio, " times as large when unpacked (", Megabytes(entry.size),
        "), which no sheet of records is: is the file what it should be? If it "
        "is, delete the empty rows below the records, or save it as \"CSV UTF-8\""));
  }
  return absl::OkStatus();
}

absl::Status ZipArchive::Opened::CheckEntries(const ZipLimits& limits, std::uint64_t packed_bytes) const {
  const zip_int64_t count = zip_get_num_entries(archive, 0);
  if (count > limits.entries) {
    return absl::ResourceExhaustedError(absl::StrCat(name, " has ", count, " parts; a workbook has at most ",
                                                     limits.entries, ". Is it the right file?"));
  }
  absl::flat_hash_set<absl::string_view> names;
  std::uint64_t packed = 0;
  std::uint64_t inflated = 0;
  for (zip_int64_t i = 0; i < count; ++i) {
    zip_stat_t entry;
    zip_stat_init(&entry);
    if (zip_stat_index(archive, static_cast<zip_uint64_t>(i), 0, &entry) != 0) {
      return Damaged(name, "its list of contents", zip_strerror(archive));
    }
    RETURN_IF_ERROR(CheckEntry(entry, limits));
    if (!names.insert(entry.name).second) {
      return absl::InvalidArgumentError(absl::StrCat(
          name, " has the part ", entry.name, " twice; open it in Excel or LibreOffice and save it again"));
    }
    // Each is below a limit, and there are at most limits.entries: no sum overflows.
    inflated += entry.size;
    if (entry.comp_size > packed_bytes || (packed += entry.comp_size) > packed_bytes) {
      return absl::InvalidArgumentError(absl::StrCat(name,
                                                     ": its parts overlap (packed, they are larger than the "
                                                     "file); it is no workbook as Excel saves it"));
    }
  }
  if (inflated > limits.total_bytes) {
    return absl::ResourceExhaustedError(absl::StrCat(
        name, " is ", Megabytes(inflated), " when unpacked; at most ", Megabytes(limits.total_bytes),
        " are read. Save the sheets as \"CSV UTF-8\", or in several workbooks"));
  }
  return absl::OkStatus();
}

absl::Status ZipArchive::Opened::CheckUnchanged() const {
  if (fd < 0) return absl::OkStatus();
  return node::CheckUnchanged(fd, state, name);
}

class ZipArchive::Entry final : public ByteSource {
 public:
  Entry(std::shared_ptr<const Opened> archive, zip_file_t* file, const zip_stat_t& entry)
      : archive_(std::move(archive)),
        file_(file),
        what_(absl::StrCat("its part ", entry.name)),
        left_(entry.size) {}
  Entry(const Entry&) = delete;
  Entry& operator=(const Entry&) = delete;
  ~Entry() override { zip_fclose(file_); }

  absl::StatusOr<std::size_t> Read(char* to, std::size_t most) override {
    const zip_int64_t got = zip_fread(file_, to, most);
    if (got <= 0) RETURN_IF_ERROR(archive_->CheckUnchanged());
    if (got < 0) return Damaged(archive_->name, what_, zip_file_strerror(file_));
    if (static_cast<std::uint64_t>(got) > left_) {
      return Damaged(archive_->name, what_, "it is larger than it says");
    }
    left_ -= static_cast<std::uint64_t>(got);
    if (got == 0 && left_ > 0) return Damaged(archive_->name, what_, "it is smaller than it says");
    return static_cast<std::size_t>(got);
  }

 private:
  std::shared_ptr<const Opened> archive_;
  zip_file_t* file_;
  std::string what_;
  std::uint64_t left_;
};

absl::StatusOr<ZipArchive> ZipArchive::Open(const std::string& path, const ZipLimits& limits) {
  auto opened = std::make_shared<Opened>();
  opened->name = path;
  ASSIGN_OR_RETURN(opened->fd, OpenRegularFile(path, opened->state));
  char start[4] = {};
  const ssize_t got = ::pread(opened->fd, start, sizeof(start), 0);
  if (got < 0) return absl::ErrnoToStatus(errno, absl::StrCat("cannot read ", path));
  RETURN_IF_ERROR(CheckStart({start, static_cast<std::size_t>(got)}, path));
  // libzip closes the descriptor that it is given, where it can read the archive.
  const int given = ::fcntl(opened->fd, F_DUPFD_CLOEXEC, 0);
  if (given < 0) return absl::ErrnoToStatus(errno, absl::StrCat("cannot read ", path));
  int error = 0;
  opened->archive = zip_fdopen(given, 0, &error);
  if (opened->archive == nullptr) {
    ::close(given);
    RETURN_IF_ERROR(opened->CheckUnchanged());
    zip_error_t told;
    zip_error_init_with_code(&told, error);
    const absl::Status status = Damaged(path, "the file", zip_error_strerror(&told));
    zip_error_fini(&told);
    return status;
  }
  RETURN_IF_ERROR(opened->CheckEntries(limits, static_cast<std::uint64_t>(opened->state.st_size)));
  return ZipArchive(std::move(opened));
}

absl::StatusOr<ZipArchive> ZipArchive::Over(absl::string_view bytes, const std::string& name,
                                            const ZipLimits& limits) {
  auto opened = std::make_shared<Opened>();
  opened->name = name;
  RETURN_IF_ERROR(CheckStart(bytes.substr(0, 4), name));
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* const source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
  if (source != nullptr) opened->archive = zip_open_from_source(source, ZIP_RDONLY, &error);
  if (opened->archive == nullptr) {
    const absl::Status status = Damaged(name, "the file", zip_error_strerror(&error));
    if (source != nullptr) zip_source_free(source);
    zip_error_fini(&error);
    return status;
  }
  zip_error_fini(&error);
  RETURN_IF_ERROR(opened->CheckEntries(limits, bytes.size()));
  return ZipArchive(std::move(opened));
}

const std::string& ZipArchive::name() const {
  return opened_->name;
}

bool ZipArchive::Has(const std::string& entry) const {
  return zip_name_locate(opened_->archive, entry.c_str(), 0) >= 0;
}

absl::StatusOr<std::unique_ptr<ByteSource>> ZipArchive::OpenEntry(const std::string& entry) const {
  zip_stat_t state;
  zip_stat_init(&state);
  const zip_int64_t index = zip_name_locate(opened_->archive, entry.c_str(), 0);
  if (index < 0 || zip_stat_index(opened_->archive, static_cast<zip_uint64_t>(index), 0, &state) != 0) {
    return absl::NotFoundError(absl::StrCat(opened_->name, " has no part ", entry,
                                            "; open it in Excel or LibreOffice and save it as .xlsx"));
  }
  zip_file_t* const file = zip_fopen_index(opened_->archive, state.index, 0);
  if (file == nullptr) {
    return Damaged(opened_->name, absl::StrCat("its part ", entry), zip_strerror(opened_->archive));
  }
  return std::make_unique<Entry>(opened_, file, state);
}

}  // namespace waymark::node

#include "node/ingest/watched_database.h"

#include <cstdint>
#include <exception>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/patience.h"
#include "base/status.h"
#include "node/ingest/database_rows.h"

namespace waymark::node {
namespace {

// Of one connection: what nobody may use any more once it is `frozen`.
struct Watch {
  std::string label;
  absl::Duration limit;
  bool frozen = false;

  std::string NoAnswer() const {
    return absl::StrCat("the server has given no answer for ", absl::FormatDuration(limit),
                        " (timeout_seconds, and a little more)");
  }

  // Runs `call`, which owns whatever it uses.
  bool Returns(std::function<void()> call) {
    frozen = frozen || !ReturnsWithin(limit, std::move(call));
    return !frozen;
  }

  template <typename Result>
  absl::StatusOr<Result> Ask(std::function<absl::StatusOr<Result>()> call) {
    const auto result = std::make_shared<absl::StatusOr<Result>>(absl::UnknownError(""));
    try {
      if (Returns([result, call = std::move(call)] { *result = call(); })) return std::move(*result);
    } catch (const std::exception&) {
      return absl::ResourceExhaustedError(
          absl::StrCat(label, ": there is no memory or no thread left to ask the database"));
    }
    return absl::UnavailableError(absl::StrCat(
        label, ": ", NoAnswer(), "; see that it runs and try again, or set timeout_seconds higher"));
  }

  // To take leave of a database is to ask it something, too.
  template <typename Part>
  void Drop(std::shared_ptr<Part> part) {
    if (frozen) return;  // whoever was left behind has it
    try {
      Returns([last = std::move(part)]() mutable { last.reset(); });
    } catch (const std::exception&) {
      // Without a thread it went here.
    }
  }
};

// Rows one after another.
struct Batch {
  std::string text;                   // all fields
  std::vector<std::size_t> ends;      // of each in `text`
  std::vector<std::uint64_t> hashes;  // of each row
  absl::Status ended_by;              // OK at the end of all rows too
  bool ended = false;
};

absl::StatusOr<Batch> BatchOf(RowSource& rows) {
  Batch batch;
  while (batch.hashes.size() < kBatchRows) {
    const absl::StatusOr<bool> any = rows.Next();
    batch.ended = !any.ok() || !*any;
    batch.ended_by = any.status();
    if (batch.ended) break;
    for (std::size_t i = 0; i < rows.fields(); ++i) {
      absl::StrAppend(&batch.text, rows.field(i));
      batch.ends.push_back(batch.text.size());
    }
    batch.hashes.push_back(rows.hash());
  }
  return batch;
}

class WatchedRows final : public RowSource {
 public:
  WatchedRows(std::shared_ptr<Watch> watch, std::unique_ptr<RowSource> rows)
      : watch_(std::move(watch)), rows_(std::move(rows)), name_(rows_->name()), header_(rows_->header()) {}
  ~WatchedRows() override { watch_->Drop(std::move(rows_)); }
  WatchedRows(const WatchedRows&) = delete;
  WatchedRows& operator=(const WatchedRows&) = delete;

  const std::string& name() const override { return name_; }
  const std::vector<std::string>& header() const override { return header_; }

  absl::StatusOr<bool> Next() override {
    if (++at_ >= batch_.hashes.size()) {
      if (batch_.ended) return End();
      absl::StatusOr<Batch> next = watch_->Ask<Batch>([rows = rows_] { return BatchOf(*rows); });
      if (watch_->frozen) return LostInMidRead(name_, watch_->NoAnswer(), row_);
      if (!next.ok()) return next.status();
      batch_ = *std::move(next);
      at_ = 0;
      if (batch_.hashes.empty()) return End();
    }
    ++row_;
    return true;
  }

  absl::string_view malformed() const override { return ""; }
  std::size_t fields() const override { return header_.size(); }
  absl::string_view field(std::size_t index) const override {
    const std::size_t place = at_ * header_.size() + index;
    const std::size_t begin = place == 0 ? 0 : batch_.ends[place - 1];
    return absl::string_view(batch_.text).substr(begin, batch_.ends[place] - begin);
  }
  std::int64_t line() const override { return row_; }
  std::uint64_t hash() const override { return batch_.hashes[at_]; }

 private:
  absl::StatusOr<bool> End() {
    if (batch_.ended_by.ok()) return false;
    return batch_.ended_by;
  }

  std::shared_ptr<Watch> watch_;
  std::shared_ptr<RowSource> rows_;
  std::string name_;
  std::vector<std::string> header_;
  Batch batch_;
  std::size_t at_ = 0;
  std::int64_t row_ = 0;
};

class WatchedDatabase final : public Database {
 public:
  WatchedDatabase(std::shared_ptr<Watch> watch, std::unique_ptr<Database> database)
      : watch_(std::move(watch)), database_(std::move(database)) {}
  ~WatchedDatabase() override { watch_->Drop(std::move(database_)); }
  WatchedDatabase(const WatchedDatabase&) = delete;
  WatchedDatabase& operator=(const WatchedDatabase&) = delete;

  absl::StatusOr<std::vector<std::string>> Tables() override {
    return watch_->Ask<std::vector<std::string>>([database = database_] { return database->Tables(); });
  }
  absl::StatusOr<std::unique_ptr<RowSource>> ReadTable(absl::string_view table) override {
    return Rows([database = database_, name = std::string(table)] { return database->ReadTable(name); });
  }
  absl::StatusOr<std::unique_ptr<RowSource>> ReadQuery(absl::string_view query) override {
    return Rows([database = database_, text = std::string(query)] { return database->ReadQuery(text); });
  }

 private:
  absl::StatusOr<std::unique_ptr<RowSource>> Rows(
      std::function<absl::StatusOr<std::unique_ptr<RowSource>>()> read) {
    ASSIGN_OR_RETURN(std::unique_ptr<RowSource> rows,
                     watch_->Ask<std::unique_ptr<RowSource>>(std::move(read)));
    return std::make_unique<WatchedRows>(watch_, std::move(rows));
  }

  std::shared_ptr<Watch> watch_;
  std::shared_ptr<Database> database_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Database>> OpenWatched(
    std::string label, absl::Duration limit,
    std::function<absl::StatusOr<std::unique_ptr<Database>>()> open) {
  auto watch = std::make_shared<Watch>();
  watch->label = std::move(label);
  watch->limit = limit;
  ASSIGN_OR_RETURN(std::unique_ptr<Database> database,
                   watch->Ask<std::unique_ptr<Database>>(std::move(open)));
  return std::make_unique<WatchedDatabase>(std::move(watch), std::move(database));
}

}  // namespace waymark::node

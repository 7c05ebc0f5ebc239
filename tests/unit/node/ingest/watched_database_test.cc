// A database that stops answering: what a frozen server does to a driver is a call that does not return.
#include "node/ingest/watched_database.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "node/ingest/database_rows.h"

namespace waymark::node {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using waymark::testing::StatusIs;

// Freezes on the call of this number, the first of all being 1, until `thaw`.
struct Server {
  int freezes_at = 0;
  std::atomic<int> calls = 0;
  absl::Notification thaw;

  void Answer() {
    if (++calls == freezes_at) thaw.WaitForNotification();
  }
};

// Numbers from 1; an error after `rows` where it is said so.
class Numbers final : public RowSource {
 public:
  Numbers(std::shared_ptr<Server> server, int rows, absl::Status end)
      : server_(std::move(server)), rows_(rows), end_(std::move(end)) {}
  const std::string& name() const override { return name_; }
  const std::vector<std::string>& header() const override { return header_; }
  absl::StatusOr<bool> Next() override {
    server_->Answer();
    if (row_ == rows_) {
      if (!end_.ok()) return end_;
      return false;
    }
    fields_ = {absl::StrCat(++row_), row_ % 3 == 0 ? "" : "odd"};
    return true;
  }
  absl::string_view malformed() const override { return ""; }
  std::size_t fields() const override { return fields_.size(); }
  absl::string_view field(std::size_t index) const override { return fields_[index]; }
  std::int64_t line() const override { return row_; }
  std::uint64_t hash() const override { return 7U * static_cast<std::uint64_t>(row_); }

 private:
  std::shared_ptr<Server> server_;
  std::string name_ = "numbers";
  std::vector<std::string> header_ = {"n", "kind"};
  std::vector<std::string> fields_;
  int rows_;
  int row_ = 0;
  absl::Status end_;
};

class NumbersDatabase final : public Database {
 public:
  NumbersDatabase(std::shared_ptr<Server> server, int rows, absl::Status end)
      : server_(std::move(server)), rows_(rows), end_(std::move(end)) {}
  absl::StatusOr<std::vector<std::string>> Tables() override {
    server_->Answer();
    return std::vector<std::string>{"numbers"};
  }
  absl::StatusOr<std::unique_ptr<RowSource>> ReadTable(absl::string_view) override {
    server_->Answer();
    return std::make_unique<Numbers>(server_, rows_, end_);
  }
  absl::StatusOr<std::unique_ptr<RowSource>> ReadQuery(absl::string_view query) override {
    return ReadTable(query);
  }

 private:
  std::shared_ptr<Server> server_;
  int rows_;
  absl::Status end_;
};

absl::StatusOr<std::unique_ptr<Database>> Open(const std::shared_ptr<Server>& server, int rows = 0,
                                               absl::Status end = absl::OkStatus(),
                                               absl::Duration limit = absl::InfiniteDuration()) {
  return OpenWatched("here", limit, [=]() -> absl::StatusOr<std::unique_ptr<Database>> {
    server->Answer();
    return std::make_unique<NumbersDatabase>(server, rows, end);
  });
}

TEST(WatchedDatabase, GivesEveryRowAsItCame_OverAnyNumberOfBatches) {
  for (const int rows : {0, 1, static_cast<int>(kBatchRows) - 1, static_cast<int>(kBatchRows),
                         static_cast<int>(kBatchRows) + 1, 1000}) {
    ASSERT_OK_AND_ASSIGN(const std::unique_ptr<Database> database, Open(std::make_shared<Server>(), rows));
    EXPECT_THAT(database->Tables().value(), ElementsAre("numbers"));
    ASSERT_OK_AND_ASSIGN(const std::unique_ptr<RowSource> source, database->ReadTable("numbers"));
    EXPECT_EQ(source->name(), "numbers");
    EXPECT_THAT(source->header(), ElementsAre("n", "kind"));
    for (int row = 1; row <= rows; ++row) {
      ASSERT_TRUE(source->Next().value());
      ASSERT_EQ(source->field(0), absl::StrCat(row));
      ASSERT_EQ(source->field(1), row % 3 == 0 ? "" : "odd");
      ASSERT_EQ(source->line(), row);
      ASSERT_EQ(source->hash(), 7U * static_cast<unsigned>(row));
    }
    EXPECT_FALSE(source->Next().value());
    EXPECT_FALSE(source->Next().value());
  }
}

TEST(WatchedDatabase, GivesTheRowsBeforeAnError_AndTheError) {
  ASSERT_OK_AND_ASSIGN(const std::unique_ptr<Database> database,
                       Open(std::make_shared<Server>(), 2, absl::DataLossError("cut")));
  ASSERT_OK_AND_ASSIGN(const std::unique_ptr<RowSource> source, database->ReadQuery("numbers"));
  EXPECT_TRUE(source->Next().value());
  EXPECT_TRUE(source->Next().value());
  EXPECT_THAT(source->Next().status(), StatusIs(absl::StatusCode::kDataLoss, "cut"));
}

// Opening is call 1, the table 2, rows begin with 3.
TEST(WatchedDatabase, SaysThatTheServerHasStopped_WhereverItDoes) {
  constexpr absl::Duration kLimit = absl::Milliseconds(50);
  const auto stopped = AllOf(HasSubstr("no answer for 50ms"), HasSubstr("timeout_seconds higher"));
  const auto until = [](int call) {
    // They outlive the calls that are left behind.
    static auto* const kept = new std::vector<std::shared_ptr<Server>>();
    kept->push_back(std::make_shared<Server>());
    kept->back()->freezes_at = call;
    return kept->back();
  };

  std::shared_ptr<Server> server = until(1);
  EXPECT_THAT(Open(server, 0, {}, kLimit).status(), StatusIs(absl::StatusCode::kUnavailable, stopped));
  server->thaw.Notify();

  server = until(2);
  {
    ASSERT_OK_AND_ASSIGN(const std::unique_ptr<Database> database, Open(server, 0, {}, kLimit));
    EXPECT_THAT(database->Tables().status(), StatusIs(absl::StatusCode::kUnavailable, stopped));
    EXPECT_THAT(database->ReadTable("numbers").status(), StatusIs(absl::StatusCode::kUnavailable, stopped))
        << "nobody may use the session while the other call has it";
    EXPECT_EQ(server->calls, 2);
  }
  server->thaw.Notify();

  server = until(3 + static_cast<int>(kBatchRows));
  {
    ASSERT_OK_AND_ASSIGN(const std::unique_ptr<Database> database, Open(server, 1000, {}, kLimit));
    ASSERT_OK_AND_ASSIGN(const std::unique_ptr<RowSource> source, database->ReadTable("numbers"));
    for (std::size_t row = 0; row < kBatchRows; ++row) ASSERT_TRUE(source->Next().value());
    EXPECT_THAT(
        source->Next().status(),
        StatusIs(absl::StatusCode::kUnavailable,
                 AllOf(stopped, HasSubstr(absl::StrCat(kBatchRows, " rows had been read and none")))));
  }
  server->thaw.Notify();
}

}  // namespace
}  // namespace waymark::node

#include "node/site/figure_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <memory>
#include <new>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "tests/testing/status_matchers.h"

namespace waymark::node {
namespace {

using ::testing::ElementsAre;
using ::testing::StartsWith;

std::vector<FigureRow> RowsOf(std::size_t i) {
  FigureRow row;
  row.metric = absl::StrCat("m", i);
  row.title = "Title, with a comma";
  row.period = "2024-25";
  row.figure.quantity = "any";
  row.figure.value = static_cast<double>(i);
  return {row};
}

// What is written of requests of which the first and the last have no row, and the second is made last.
std::string Written(RowFormat format) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::tmpfile(), std::fclose);
  RowWriter writer(format, file.get());
  absl::Notification later_is_made;
  writer.WriteEach(5, [&](std::size_t i) {
    if (i == 1) later_is_made.WaitForNotificationWithTimeout(absl::Seconds(2));  // with one core nobody comes
    if (i == 3) later_is_made.Notify();
    return i == 0 || i == 4 ? std::vector<FigureRow>() : RowsOf(i);
  });
  writer.Write(RowsOf(5));
  EXPECT_OK(writer.Finish());
  std::string text(static_cast<std::size_t>(std::ftell(file.get())), '\0');
  std::rewind(file.get());
  EXPECT_EQ(std::fread(text.data(), 1, text.size(), file.get()), text.size());
  return text;
}

TEST(RowWriter, WritesInOrder_WhicheverIsMadeFirst) {
  std::vector<std::string> metrics;
  for (const auto& row : nlohmann::json::parse(Written(RowFormat::kJson))) {
    metrics.push_back(row.at("metric").get<std::string>());
  }
  EXPECT_THAT(metrics, ElementsAre("m1", "m2", "m3", "m5"));

  const std::vector<std::string> lines = absl::StrSplit(Written(RowFormat::kCsv), "\r\n");
  EXPECT_THAT(lines, ElementsAre(StartsWith("metric,version,title,"), StartsWith("m1,"), StartsWith("m2,"),
                                 StartsWith("m3,"), StartsWith("m5,"), ""));

  const std::vector<std::string> blocks = absl::StrSplit(Written(RowFormat::kText), "\n\n");
  EXPECT_THAT(blocks, ElementsAre(StartsWith("Metric m1 "), StartsWith("Metric m2 "),
                                  StartsWith("Metric m3 "), StartsWith("Metric m5 ")));
}

TEST(RowWriter, ThrowsOnWhatThrew_AndNobodyWaitsForItsTurn) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::tmpfile(), std::fclose);
  RowWriter writer(RowFormat::kText, file.get());
  const auto rows_of = [](std::size_t i) {
    if (i == 0) throw std::bad_alloc();
    FigureRow row = RowsOf(i).front();
    row.title.assign(RowWriter::kMostWaitingBytes / 4, 't');
    return std::vector<FigureRow>{row};
  };
  EXPECT_THROW(writer.WriteEach(12, rows_of), std::bad_alloc);
}

TEST(RowWriter, WritesAnEmptyList_WhenThereIsNoRow) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::tmpfile(), std::fclose);
  RowWriter writer(RowFormat::kJson, file.get());
  writer.WriteEach(3, [](std::size_t) { return std::vector<FigureRow>(); });
  EXPECT_OK(writer.Finish());
  std::rewind(file.get());
  char text[8] = {};
  EXPECT_EQ(std::fread(text, 1, sizeof text, file.get()), 3U);
  EXPECT_EQ(std::string(text), "[]\n");
}

}  // namespace
}  // namespace waymark::node

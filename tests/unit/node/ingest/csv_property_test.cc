// Random tables, written by a few lines here and read back.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "node/ingest/csv_reader.h"
#include "tests/testing/status_matchers.h"

namespace waymark::node {
namespace {

using Table = std::vector<std::vector<std::string>>;

std::string RandomField(std::mt19937& random) {
  static const std::vector<std::string> kPieces = {"a", "\"", "\"\"", ",",  "\n", "\r\n", "é",
                                                   "€", " ",  ";",    "12", "\r", "𝄞"};
  std::string field;
  const auto pieces = std::uniform_int_distribution<int>(0, 9)(random);
  for (int i = 0; i < pieces; ++i) {
    field += kPieces[std::uniform_int_distribution<std::size_t>(0, kPieces.size() - 1)(random)];
  }
  if (std::uniform_int_distribution<int>(0, 40)(random) == 0) field += std::string(300, 'z');
  return field;
}

std::string Quoted(const std::string& field) {
  std::string out = "\"";
  for (const char c : field) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

bool NeedsQuotes(const std::string& field) {
  return field.empty() || field.find_first_of(",\n\r\"") != std::string::npos;
}

std::string Write(const Table& table, const std::string& line_end, std::mt19937& random) {
  std::string text;
  for (const auto& row : table) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      const bool quote = NeedsQuotes(row[i]) || std::uniform_int_distribution<int>(0, 3)(random) == 0;
      text += (i == 0 ? "" : ",") + (quote ? Quoted(row[i]) : row[i]);
    }
    text += line_end;
  }
  return text;
}

TEST(CsvReader, ReadsBackWhatWasWritten_WhenTablesAreRandom) {
  constexpr unsigned kSeed = 20260401;
  SCOPED_TRACE(kSeed);
  std::mt19937 random(kSeed);
  std::size_t fields = 0;
  for (int round = 0; round < 2000; ++round) {
    const auto columns = std::uniform_int_distribution<std::size_t>(2, 12)(random);
    const auto rows = std::uniform_int_distribution<std::size_t>(0, 40)(random);
    Table table(rows, std::vector<std::string>(columns));
    for (auto& row : table) {
      for (auto& field : row) field = RandomField(random);
    }
    Table with_header = table;
    with_header.insert(with_header.begin(), std::vector<std::string>(columns, "name"));
    const std::string text = Write(with_header, round % 2 == 0 ? "\n" : "\r\n", random);

    ASSERT_OK_AND_ASSIGN(auto reader, CsvReader::Open(OverText(text), "random.csv", {}));
    Table read;
    while (reader->Next().value()) {
      ASSERT_EQ(reader->shape(), RowShape::kRegular);
      read.emplace_back();
      for (std::size_t i = 0; i < reader->fields(); ++i) read.back().emplace_back(reader->field(i));
      fields += reader->fields();
    }
    ASSERT_EQ(read, table) << "round " << round;
  }
  EXPECT_GT(fields, 100'000U);
}

// Without quotes, which has a way of its own: some rows with a field less or more, tables wider than what is
// looked for ahead, a last line without its end.
TEST(CsvReader, ReadsBackWhatWasWritten_WhenThereAreNoQuotes) {
  constexpr unsigned kSeed = 20261122;
  SCOPED_TRACE(kSeed);
  std::mt19937 random(kSeed);
  const auto number = [&random](std::size_t least, std::size_t most) {
    return std::uniform_int_distribution<std::size_t>(least, most)(random);
  };
  std::size_t ragged = 0;
  for (int round = 0; round < 500; ++round) {
    const std::size_t columns = round % 50 == 0 ? number(900, 1200) : number(2, 70);
    const std::string line_end = round % 2 == 0 ? "\n" : "\r\n";
    Table table(number(1, 60));
    std::string text = "name" + std::string(columns - 1, ',') + line_end;
    for (auto& row : table) {
      row.resize(number(0, 9) == 0 ? number(1, columns + 3) : columns);
      for (std::string& field : row) field = std::string(number(0, 1) * number(0, 90), 'x');
      row[0] += 'x';
      for (std::size_t i = 0; i < row.size(); ++i) text += (i == 0 ? "" : ",") + row[i];
      text += line_end;
    }
    if (round % 3 == 0) text.resize(text.size() - line_end.size());

    ASSERT_OK_AND_ASSIGN(auto reader, CsvReader::Open(OverText(text), "random.csv", {}));
    for (const auto& row : table) {
      ASSERT_TRUE(reader->Next().value());
      const RowShape shape = row.size() == columns  ? RowShape::kRegular
                             : row.size() < columns ? RowShape::kTooFewFields
                                                    : RowShape::kTooManyFields;
      ASSERT_EQ(reader->shape(), shape) << "round " << round;
      if (shape != RowShape::kRegular) ++ragged;
      for (std::size_t i = 0; i < std::min(columns, row.size()); ++i) ASSERT_EQ(reader->field(i), row[i]);
    }
    ASSERT_FALSE(reader->Next().value());
  }
  EXPECT_GT(ragged, 500U);
}

// Any bytes at all: an error or rows, never a crash, and never more than there are.
TEST(CsvReader, EndsInGoodOrder_WhenBytesAreRandom) {
  constexpr unsigned kSeed = 77;
  SCOPED_TRACE(kSeed);
  std::mt19937 random(kSeed);
  const std::string letters = "ab,\"\"\n\n\r;\xC3\xA9\xFF";
  int rows = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string text(std::uniform_int_distribution<std::size_t>(0, 200)(random), ' ');
    for (char& c : text)
      c = letters[std::uniform_int_distribution<std::size_t>(0, letters.size() - 1)(random)];
    const CsvOptions options{.encoding = round % 2 == 0 ? Encoding::kUtf8 : Encoding::kWindows1252};
    auto reader = CsvReader::Open(OverText(text), "random.csv", options);
    if (!reader.ok()) continue;
    while (true) {
      const auto any = (*reader)->Next();
      if (!any.ok() || !*any) break;
      ++rows;
      for (std::size_t i = 0; i < (*reader)->fields(); ++i)
        ASSERT_LE((*reader)->field(i).size(), 3 * text.size());
    }
  }
  EXPECT_GT(rows, 1000);
}

}  // namespace
}  // namespace waymark::node

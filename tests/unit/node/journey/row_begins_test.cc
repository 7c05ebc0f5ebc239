#include "node/journey/row_begins.h"

#include <cstddef>
#include <vector>

#include "gtest/gtest.h"

namespace waymark::node {
namespace {

// Where rows begin by counting them, against RowBegins.
void ExpectBegins(const std::vector<std::size_t>& counts) {
  RowBegins begins(counts.size());
  // In no order, as several threads tell them.
  for (std::size_t i = counts.size(); i-- > 0;) {
    if (counts[i] > 0) begins.SetCount(i, counts[i]);
  }
  begins.Finish();
  ASSERT_FALSE(begins.empty());
  std::size_t expected = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    EXPECT_EQ(begins.Of(i), expected) << "person " << i << " of " << counts.size();
    expected += counts[i];
  }
  EXPECT_EQ(begins.Of(counts.size()), expected);
}

TEST(RowBegins, StandWhereTheRowsBeforeEnd_WhateverTheNumberOfPersons) {
  for (std::size_t persons = 1; persons < 70; ++persons) {
    std::vector<std::size_t> counts;
    for (std::size_t i = 0; i < persons; ++i) counts.push_back(i * i % 7);
    ExpectBegins(counts);
  }
}

// Sixteen persons with just as many rows as a byte can tell apart, one more, and one person with very many.
TEST(RowBegins, AreRight_WhereAByteIsTooSmall) {
  for (const std::size_t many : {254, 255, 256, 300, 100'000}) {
    for (const std::size_t where : {0, 14, 15, 16, 31, 32, 49}) {
      std::vector<std::size_t> counts(50, 1);
      counts[where] = many;
      ExpectBegins(counts);
    }
  }
  ExpectBegins(std::vector<std::size_t>(50, 16));
  ExpectBegins(std::vector<std::size_t>(50, 17));
  ExpectBegins(std::vector<std::size_t>(50, 18));
}

TEST(RowBegins, AreNone_WhereNobodyIs) {
  EXPECT_TRUE(RowBegins().empty());
}

}  // namespace
}  // namespace waymark::node

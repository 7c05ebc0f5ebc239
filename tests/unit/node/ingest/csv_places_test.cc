#include "node/ingest/csv_places.h"

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <vector>

namespace waymark::node {
namespace {

constexpr unsigned kSeed = 20261123;

std::vector<std::uint32_t> Written(PlacesWriter write, const char* at, char delimiter, std::uint64_t counted,
                                   std::uint32_t first) {
  std::array<std::uint32_t, kMarksBytes> places{};
  const std::size_t count = write(at, delimiter, counted, first, places.data());
  return {places.begin(), places.begin() + static_cast<std::ptrdiff_t>(count)};
}

// Of none, some and all of the bytes that are looked at.
TEST(WritePlaces, AreWhereMarksStand_WhateverTheProcessor) {
  SCOPED_TRACE(kSeed);
  std::mt19937 random(kSeed);
  for (int i = 0; i < 20'000; ++i) {
    std::array<char, kMarksBytes> bytes{};
    const auto marks = random() % 9;
    for (char& c : bytes) c = random() % 8 < marks ? ",\"\n;"[random() % 4] : static_cast<char>(random());
    const char delimiter = random() % 2 == 0 ? ',' : ';';
    const std::uint64_t counted = ~std::uint64_t{0} >> (random() % 64);
    const std::uint32_t first = random() % 2 == 0 ? 0 : 0xFFFFFF00;
    std::vector<std::uint32_t> expected;
    for (std::uint32_t at = 0; at < kMarksBytes && (counted >> at & 1U) != 0; ++at) {
      if (bytes[at] == delimiter || bytes[at] == '"' || bytes[at] == '\n') expected.push_back(first + at);
    }
    ASSERT_EQ(Written(WritePlaces, bytes.data(), delimiter, counted, first), expected);
    ASSERT_EQ(Written(QuickestPlacesWriter(), bytes.data(), delimiter, counted, first), expected);
  }
}

}  // namespace
}  // namespace waymark::node

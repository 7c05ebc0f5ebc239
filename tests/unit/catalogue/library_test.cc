#include "catalogue/library.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "catalogue/columns.h"
#include "tests/testing/status_matchers.h"

namespace waymark::catalogue {
namespace {

TEST(LibraryTest, LoadsTheCatalogueAsItStands) {
  ASSERT_OK_AND_ASSIGN(const Library library, Library::Load("catalogue"));
  EXPECT_EQ(library.areas().size(), 153u);
  EXPECT_EQ(library.metrics().size(), 16u);
  for (const v1::Metric& metric : library.metrics()) EXPECT_FALSE(ColumnsOf(metric).empty());
}

}  // namespace
}  // namespace waymark::catalogue

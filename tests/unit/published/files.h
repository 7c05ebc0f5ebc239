// Made-up published files in a temporary folder.
#ifndef WAYMARK_TESTS_UNIT_PUBLISHED_FILES_H_
#define WAYMARK_TESTS_UNIT_PUBLISHED_FILES_H_

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "catalogue/library.h"
#include "published/mapping.h"
#include "tests/testing/status_matchers.h"

namespace waymark::published {

// The real catalogue, and a folder that is removed when the test ends.
class PublishedTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK_AND_ASSIGN(library_, catalogue::Library::Load("catalogue"));
    ASSERT_OK_AND_ASSIGN(mapping_, Mapping::Load("catalogue", library_));
    folder_ = ::testing::TempDir() + "waymark_published_" + std::to_string(getpid());
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string Write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ + "/" + name) << text;
    return folder_ + "/" + name;
  }

  catalogue::Library library_;
  Mapping mapping_;
  std::string folder_;
};

inline constexpr char kDfeFolder[] = "../shared/data/dfe";
inline constexpr char kHartlepool[] = "E06000001";
inline constexpr char kBarnet[] = "E09000003";
inline constexpr char kBarnsley[] = "E08000038";
inline constexpr char kEngland[] = "E92000001";

}  // namespace waymark::published

#endif  // WAYMARK_TESTS_UNIT_PUBLISHED_FILES_H_

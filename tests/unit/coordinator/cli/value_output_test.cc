#include "coordinator/cli/value_output.h"

#include <nlohmann/json.hpp>

#include "base/file.h"
#include "tests/testing/status_matchers.h"

namespace waymark::coordinator {
namespace {

ValueAssumptions Installed() {
  return ReadValueAssumptions(ReadFile("catalogue/value.toml", 1 << 20).value(), "value.toml").value();
}

TEST(ValueOutput, ShowsEveryAssumptionBesideWhatFollows) {
  const std::string text = ValueText(Installed());
  for (const char* part :
       {"no finding", "Source: Early Help Data Discovery", "7 councils", "£6.16m spend a year",
        "£1.52 benefit a pound", "60.0% confidence", "Costs = 7 councils × £0.27m, once",
        "Children looked after     £1.18             £5.50m\n",
        "Child protection plans   -£0.25            -£1.16m\n",
        "All                       £1.52             £7.08m\n"}) {
    EXPECT_THAT(text, ::testing::HasSubstr(part));
  }
  const std::size_t report = text.rfind("The report's case");
  const std::string line = text.substr(report, text.find('\n', report) - report);
  for (const char* part : {"3.6%", " 5 ", "£7.08m", "£1.89m", "£5.19m", "3.7", "£7.05m"})
    EXPECT_THAT(line, ::testing::HasSubstr(part));
}

TEST(ValueOutput, CsvAndJsonSayTheSame) {
  const auto json = nlohmann::json::parse(ValueJson(Installed()));
  EXPECT_EQ(json["scenarios"][0]["benefits"], 7078579.2);
  EXPECT_EQ(json["scenarios"][0]["by_benefit"]["looked_after"], 5495212.8);
  EXPECT_EQ(json["scenarios"][0]["reported"], 7050000);
  EXPECT_TRUE(json["scenarios"][1]["reported"].is_null());
  EXPECT_THAT(
      ValueCsv(Installed()),
      ::testing::HasSubstr("report,The report's case,7,6160000.00,1.5200,0.6,0.036,5,7078579.20,1890000.00,"
                           "5188579.20,7050000.00\n"));
}

}  // namespace
}  // namespace waymark::coordinator

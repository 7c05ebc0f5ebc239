#include "proto/contract/table.h"

#include <functional>

#include "tests/testing/status_matchers.h"
#include "tests/unit/proto/contract_examples.h"

namespace waymark::contract {
namespace {

using ::testing::HasSubstr;
using testing::StatusIs;

v1::Table Message() {
  v1::Table message;
  TableToProto(ExampleTable(), message);
  return message;
}

TEST(Table, RoundTrips) {
  ASSERT_OK_AND_ASSIGN(const Table table, TableFromProto(Message()));
  EXPECT_EQ(table, ExampleTable());
}

struct Spoiled {
  const char* name;
  std::function<void(v1::Table&)> spoil;
  const char* message;
};

class SpoiledTable : public ::testing::TestWithParam<Spoiled> {};

TEST_P(SpoiledTable, IsRefused) {
  v1::Table message = Message();
  GetParam().spoil(message);
  EXPECT_THAT(TableFromProto(message),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(GetParam().message)));
}

INSTANTIATE_TEST_SUITE_P(
    Fields, SpoiledTable,
    ::testing::Values(
        Spoiled{"NoMetric", [](v1::Table& t) { t.clear_metric(); }, "table.metric"},
        Spoiled{"MetricWithSpace", [](v1::Table& t) { t.set_metric("a b"); }, "table.metric"},
        Spoiled{"LongMetric", [](v1::Table& t) { t.set_metric(std::string(65, 'a')); }, "table.metric"},
        Spoiled{"BadPeriod", [](v1::Table& t) { t.set_period("2023-25"); }, "period"},
        Spoiled{"NoRows", [](v1::Table& t) { t.clear_rows(); }, "table.rows"},
        Spoiled{"NoColumns", [](v1::Table& t) { t.clear_columns(); }, "table.columns"},
        Spoiled{"LongRow", [](v1::Table& t) { t.set_rows(1, std::string(257, 'z')); }, "table.rows"},
        Spoiled{"RowTwice", [](v1::Table& t) { t.set_rows(1, "female"); }, "rising order"},
        Spoiled{"RowsOutOfOrder", [](v1::Table& t) { t.set_rows(1, "a"); }, "rising order"},
        Spoiled{"ColumnTwice", [](v1::Table& t) { t.set_columns(1, "any"); }, "table.columns"},
        Spoiled{"ThreeDimensions", [](v1::Table& t) { t.add_dimensions("a"), t.add_dimensions("b"); },
                "dimensions"},
        Spoiled{"ValueMissing", [](v1::Table& t) { t.mutable_values()->RemoveLast(); }, "table.values"},
        Spoiled{"ValueTooMany", [](v1::Table& t) { t.add_values(1); }, "table.values"},
        Spoiled{"StatusMissing", [](v1::Table& t) { t.mutable_status()->RemoveLast(); }, "table.status"},
        Spoiled{"HugeValue", [](v1::Table& t) { t.set_values(0, kMaxCellValue + 1); }, "10^15"},
        Spoiled{"HugeNegativeValue", [](v1::Table& t) { t.set_values(0, INT64_MIN); }, "10^15"},
        Spoiled{"UnknownStatus", [](v1::Table& t) { t.set_status(0, static_cast<v1::CellStatus>(99)); },
                "unknown status"},
        Spoiled{"NoStatus", [](v1::Table& t) { t.set_status(0, v1::CELL_STATUS_UNSPECIFIED); },
                "unknown status"},
        Spoiled{"SuppressedWithValue", [](v1::Table& t) { t.set_values(2, 4); }, "not shown has a value"},
        Spoiled{"NoUnit", [](v1::Table& t) { t.clear_unit(); }, "table.unit"},
        Spoiled{"UnknownUnit", [](v1::Table& t) { t.set_unit(static_cast<v1::Unit>(9)); }, "table.unit"},
        Spoiled{"RowsWithoutDimension", [](v1::Table& t) { t.clear_dimensions(); }, "one row"}),
    [](const auto& info) { return info.param.name; });

TEST(Table, ChecksTheProductOfRowsAndColumns_BeforeAllocating) {
  v1::Table message = Message();
  message.clear_rows();
  message.clear_columns();
  for (int i = 0; i < 100'000; ++i) message.add_rows(std::to_string(i));
  for (int i = 0; i < 100; ++i) message.add_columns(std::to_string(i));
  EXPECT_THAT(TableFromProto(message), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("cells")));
}

}  // namespace
}  // namespace waymark::contract

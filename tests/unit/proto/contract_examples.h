// A small valid table, release and round spec, to be spoiled one field at a time.
#ifndef WAYMARK_TESTS_UNIT_PROTO_CONTRACT_EXAMPLES_H_
#define WAYMARK_TESTS_UNIT_PROTO_CONTRACT_EXAMPLES_H_

#include <string>

#include "proto/contract/release.h"
#include "proto/contract/round_spec.h"

namespace waymark::contract {

inline Table ExampleTable() {
  return {.metric = "1",
          .version = 1,
          .period = "2023-24",
          .window_days = 365,
          .unit = v1::UNIT_EPISODES,
          .dimensions = {"sex"},
          .rows = {"female", "male"},
          .columns = {"any", "denominator"},
          .values = {15, 80, 0, 95},
          .status = {v1::CELL_STATUS_SHOWN, v1::CELL_STATUS_SHOWN, v1::CELL_STATUS_SUPPRESSED,
                     v1::CELL_STATUS_SHOWN}};
}

inline Release ExampleRelease() {
  return {.round_id = "2023-24-year",
          .spec_hash = std::string(32, '\x11'),
          .council = "E06000001",
          .tables = {{.table = ExampleTable(),
                      .protection = {.mode = v1::MODE_THRESHOLDED, .suppressed_to = 7, .rounded_to = 5}}},
          .absent = {{.item = 1, .absence = v1::ABSENCE_NOT_RELEASED}},
          .scope = {.includes_delivered = true, .note = "targeted only"},
          .ledger_sequence = 7,
          .ledger_head = std::string(32, '\x22'),
          .pseudonym = {},
          .signature = std::string(64, '\x33')};
}

inline RoundSpec ExampleSpec() {
  return {.round_id = "2023-24-year",
          .title = "Year 2023-24",
          .opens_unix_s = 1'700'000'000,
          .deadline_unix_s = 1'700'086'400,
          .least_contributors = 3,
          .data_version = 1,
          .items = {{.metric = "1",
                     .version = 1,
                     .definition_hash = std::string(32, '\x44'),
                     .period = "2023-24",
                     .mode = v1::MODE_NOISED,
                     .breakdowns = {"sex"},
                     .window_days = {365},
                     .units = {v1::UNIT_EPISODES},
                     .epsilon_numerator = 1,
                     .epsilon_denominator = 2}}};
}

}  // namespace waymark::contract

#endif  // WAYMARK_TESTS_UNIT_PROTO_CONTRACT_EXAMPLES_H_

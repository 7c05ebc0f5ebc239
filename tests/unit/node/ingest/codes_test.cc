#include "node/ingest/codes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "absl/strings/str_split.h"
#include "node/ingest/code_table.h"

namespace waymark::node {
namespace {

std::string Read(CodeField field, absl::string_view value, const CodeMap& own = {}) {
  CodeReader reader(field, own);
  const CodeReading reading = reader.Read(value);
  const CodeReading again = reader.Read(value);
  EXPECT_EQ(reading.code, again.code);
  EXPECT_EQ(reading.known, again.known);
  return std::string(reading.code) + (reading.known ? "" : "?");
}

TEST(CodeReader, ReadsTheWaysInWhichCouncilsWrite) {
  for (const char* male : {"a) Male", "M", "1", "Male", "male", " MALE "})
    EXPECT_EQ(Read(CodeField::kSex, male), "male");
  for (const char* female : {"b) Female", "F", "2", "Female"})
    EXPECT_EQ(Read(CodeField::kSex, female), "female");
  EXPECT_EQ(Read(CodeField::kSex, "c) Not stated/recorded"), "not known");
  EXPECT_EQ(Read(CodeField::kEthnicity, "a) WBRI"), "white");
  EXPECT_EQ(Read(CodeField::kEthnicity, "White  British"), "white");
  EXPECT_EQ(Read(CodeField::kEthnicity, "MOTH"), "mixed");
  EXPECT_EQ(Read(CodeField::kEthnicity, "CHNE"), "asian");
  EXPECT_EQ(Read(CodeField::kEthnicity, "NOBT"), "not known");
  EXPECT_EQ(Read(CodeField::kSource, "q) 6: Police"), "6");
  EXPECT_EQ(Read(CodeField::kSource, "1C"), "1C");
  EXPECT_EQ(Read(CodeField::kSource, "1c"), "1C");
  EXPECT_EQ(Read(CodeField::kSource, "5D: LA services - early help"), "5D");
  EXPECT_EQ(Read(CodeField::kNeed, "N1 - Abuse or neglect"), "N1");
  EXPECT_EQ(Read(CodeField::kNeed, "Abuse or neglect"), "N1");
  EXPECT_EQ(Read(CodeField::kDisability, "a) Yes"), "yes");
  EXPECT_EQ(Read(CodeField::kDisability, "b) No"), "no");
  EXPECT_EQ(Read(CodeField::kNfa, "true"), "yes");
  EXPECT_EQ(Read(CodeField::kNfa, "0"), "no");
  EXPECT_EQ(Read(CodeField::kEndReason, "RC1 - Adopted"), "other");
  EXPECT_EQ(Read(CodeField::kEndReason, "RC8"), "nfa");
  EXPECT_EQ(Read(CodeField::kLevel, "Child Protection"), "cp");
}

TEST(CodeReader, ReadsACodeInFront_HoweverItIsSetApart) {
  for (const char* need : {"N1 - Abuse", "N1: Abuse", "N1- Abuse", "N1-Abuse", "N1 \xE2\x80\x93 Abuse",
                           "b) N1 Abuse", "N1\xC2\xA0- Abuse"}) {
    EXPECT_EQ(Read(CodeField::kNeed, need), "N1") << need;
  }
  EXPECT_EQ(Read(CodeField::kEndReason, "k) E47: Special Guardianship Orders"), "other");
  EXPECT_EQ(Read(CodeField::kEndReason, "RC2 Died"), "died");
  EXPECT_EQ(Read(CodeField::kSource, "b) 1B: Individual"), "1B");
  EXPECT_EQ(Read(CodeField::kAnswer, "a) Yes"), "yes");
  EXPECT_EQ(Read(CodeField::kAssessmentOutcome, "b) No"), "not_in_need");
  EXPECT_EQ(Read(CodeField::kReferralOutcome, "Child in need"), "in_need");
  EXPECT_EQ(Read(CodeField::kSection47Outcome, "Conference - no plan"), "no_plan");
  EXPECT_EQ(Read(CodeField::kPlanOutcome, "0"), "first");
  EXPECT_EQ(Read(CodeField::kPlanOutcome, "12"), "repeat");
}

TEST(CodeReader, SaysThatItDoesNotKnow_AndGuessesNothing) {
  EXPECT_EQ(Read(CodeField::kSource, "3A High Street"), "?");
  EXPECT_EQ(Read(CodeField::kSex, "x-ray"), "not known?");
  EXPECT_EQ(Read(CodeField::kAssessmentOutcome, "CS Assessment Updated"), "?");
  EXPECT_EQ(Read(CodeField::kSex, "Q"), "not known?");
  EXPECT_EQ(Read(CodeField::kEthnicity, "WHI"), "not known?");
  EXPECT_EQ(Read(CodeField::kDisability, "maybe"), "not known?");
  EXPECT_EQ(Read(CodeField::kEndReason, "Case transferred internally"), "unknown?");
  EXPECT_EQ(Read(CodeField::kSource, "60"), "?");
  EXPECT_EQ(Read(CodeField::kSource, "6x"), "?");
  EXPECT_EQ(Read(CodeField::kSource, "6 Bridge Street"), "?");
  EXPECT_EQ(Read(CodeField::kNeed, "N10"), "?");
  EXPECT_EQ(Read(CodeField::kOutcome, "Passed on"), "?");
}

TEST(CodeReader, IsBlank_WhenTheValueIs) {
  for (const CodeField field : AllCodeFields()) EXPECT_EQ(Read(field, "  "), "") << CodeFieldName(field);
}

TEST(CodeReader, TakesTheCouncilsOwnRuleFirst) {
  const CodeMap own = {{"Closed: goals", "outcomes_met"}, {"refused", "disengaged"}};
  EXPECT_EQ(Read(CodeField::kEndReason, "closed:  GOALS", own), "outcomes_met");
  EXPECT_EQ(Read(CodeField::kEndReason, "Refused", own), "disengaged");
  EXPECT_EQ(Read(CodeField::kEndReason, "Refused"), "declined");
}

TEST(CodeTable, HasEachVariantOnce_AndInNormalForm) {
  std::set<std::pair<CodeField, std::string>> seen;
  for (const CodeRow& row : CodeTable()) {
    EXPECT_TRUE(seen.emplace(row.field, NormaliseCode(row.code)).second) << row.code;
    for (const absl::string_view variant : absl::StrSplit(row.variants, '|', absl::SkipEmpty())) {
      EXPECT_EQ(NormaliseCode(variant), variant);
      EXPECT_TRUE(seen.emplace(row.field, std::string(variant)).second) << variant;
    }
  }
  for (const CodeField field : AllCodeFields()) EXPECT_FALSE(CanonicalCodes(field).empty());
  EXPECT_EQ(CanonicalCodes(CodeField::kSource).size(), 22U);
  EXPECT_EQ(CanonicalCodes(CodeField::kNeed).size(), 10U);
}

}  // namespace
}  // namespace waymark::node

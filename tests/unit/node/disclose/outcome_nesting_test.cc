#include "node/disclose/outcome_nesting.h"

#include <gtest/gtest.h>

#include "tests/unit/node/disclose/made_up.h"

namespace waymark::node {
namespace {

const v1::Outcome& OutcomeOf(const std::string& metric, const std::string& id) {
  for (const v1::Outcome& outcome : EntryNamed(metric).outcomes()) {
    if (outcome.id() == id) return outcome;
  }
  ADD_FAILURE() << metric << " has no outcome " << id;
  return v1::Outcome::default_instance();
}

TEST(OutcomeNestingTest, OneEventLiesWithinSeveral_AndNotTheOtherWay) {
  const v1::Outcome& any = OutcomeOf("5", "any");
  const v1::Outcome& cin = OutcomeOf("5", "cin");
  const v1::Outcome& cp = OutcomeOf("5", "cp");
  const v1::Outcome& cla = OutcomeOf("5", "cla");
  EXPECT_TRUE(MayLieWithin(cin, any));
  EXPECT_FALSE(MayLieWithin(any, cin));
  EXPECT_FALSE(MayLieWithin(cp, cin));
  EXPECT_TRUE(MayBeCovered(any, {&cin, &cp, &cla}));
  EXPECT_FALSE(MayBeCovered(any, {&cin, &cla}));
  EXPECT_FALSE(MayBeCovered(cla, {&cin, &cp}));
  EXPECT_TRUE(MayBeCovered(cla, {&any}));
}

TEST(OutcomeNestingTest, SourcesAreNestedToo) {
  const v1::Outcome& any = OutcomeOf("1", "any");
  const v1::Outcome& self = OutcomeOf("1", "self");
  const v1::Outcome& child = OutcomeOf("1", "1C");
  const v1::Outcome& parent = OutcomeOf("1", "1A");
  EXPECT_TRUE(MayLieWithin(child, self));
  EXPECT_TRUE(MayLieWithin(self, any));
  EXPECT_FALSE(MayLieWithin(any, self));
  EXPECT_FALSE(MayLieWithin(child, parent));
  EXPECT_TRUE(MayBeCovered(self, {&child, &parent}));
  EXPECT_FALSE(MayBeCovered(self, {&child}));
  EXPECT_FALSE(MayBeCovered(any, {&child, &parent}));
  EXPECT_TRUE(MayBeCovered(any, {&child, &any}));
}

// A start of social care is one of the other starts as well; that nothing happened is of another kind.
TEST(OutcomeNestingTest, WhatIsNotKnownMayBe) {
  v1::Outcome cin = OutcomeOf("5", "cin");
  v1::Outcome social_care = cin;
  social_care.mutable_follow_up()->clear_events();
  social_care.mutable_follow_up()->add_events(v1::Outcome::FollowUp::EVENT_SOCIAL_CARE_START);
  EXPECT_TRUE(MayLieWithin(cin, social_care));
  EXPECT_TRUE(MayLieWithin(social_care, cin));
  EXPECT_TRUE(MayBeCovered(social_care, {&cin}));
  v1::Outcome none = OutcomeOf("5", "cp");
  none.mutable_follow_up()->set_none(true);
  EXPECT_TRUE(MayLieWithin(none, cin));
  EXPECT_TRUE(MayLieWithin(OutcomeOf("16", EntryNamed("16").outcomes(0).id()), cin));
}

}  // namespace
}  // namespace waymark::node

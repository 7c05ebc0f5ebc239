// How Boost's distributions are used here: errors are values that are not finite, never exceptions. For the
// .cc files of this folder only.
#ifndef WAYMARK_STATISTICS_BOOST_POLICY_H_
#define WAYMARK_STATISTICS_BOOST_POLICY_H_

#include <boost/math/policies/policy.hpp>

namespace waymark::statistics {

using Policy = boost::math::policies::policy<
    boost::math::policies::domain_error<boost::math::policies::ignore_error>,
    boost::math::policies::overflow_error<boost::math::policies::ignore_error>,
    boost::math::policies::evaluation_error<boost::math::policies::ignore_error>,
    boost::math::policies::promote_double<false>>;

}  // namespace waymark::statistics

#endif  // WAYMARK_STATISTICS_BOOST_POLICY_H_

#include "node/ingest/code_table.h"

namespace waymark::node {
namespace {

// Sources: children in need census (referral source, need, reason for closure RC1–RC9), SSDA903 (reason
// episode ceased), school census (ethnicity), Ofsted's Annex A lists (ethnicity, referral and contact
// sources).
constexpr CodeRow kTable[] = {
    {CodeField::kSource, "1A",
     "individual - family member/relative/carer|family member/relative/carer|family "
     "member|parent|parent/carer|carer|relative"},
    {CodeField::kSource, "1B",
     "individual - acquaintance (including neighbours and child minders)|individual - "
     "acquaintance|acquaintance|neighbour|friend"},
    {CodeField::kSource, "1C", "individual - self|self|self referral|self-referral|child|young person"},
    {CodeField::kSource, "1D", "individual - other (including strangers, mps)|individual - other"},
    {CodeField::kSource, "2A", "schools|school"},
    {CodeField::kSource, "2B", "education services|education"},
    {CodeField::kSource, "3A", "health services - gp|gp|general practitioner"},
    {CodeField::kSource, "3B", "health services - health visitor|health visitor"},
    {CodeField::kSource, "3C", "health services - school nurse|school nurse"},
    {CodeField::kSource, "3D",
     "health services - other primary health services|other primary health services"},
    {CodeField::kSource, "3E",
     "health services - a&e (emergency department)|a&e|a&e (emergency department)|hospital a&e"},
    {CodeField::kSource, "3F",
     "health services - other (e.g. hospice)|health services - other|health - other"},
    {CodeField::kSource, "4", "housing (la housing or housing association)|housing"},
    {CodeField::kSource, "5A",
     "la services - social care e.g. adult social care|la services - social care|adult social care"},
    {CodeField::kSource, "5B",
     "la services - other internal (department other than social care in la) e.g. youth offending (excluding "
     "housing)|la services - other internal|youth offending"},
    {CodeField::kSource, "5C",
     "la services - external e.g. from another las adult social care|la services - external|other local "
     "authority|another local authority"},
    {CodeField::kSource, "5D", "la services - early help|early help"},
    {CodeField::kSource, "6", "police"},
    {CodeField::kSource, "7",
     "other legal agency - including courts, probation, immigration, cafcass, prison|other legal "
     "agency|court|courts|probation|cafcass"},
    {CodeField::kSource, "8",
     "other - including children's centres, independent agency providers, voluntary "
     "organisations|other|voluntary organisation|children's centre"},
    {CodeField::kSource, "9", "anonymous"},
    {CodeField::kSource, "10", "unknown|not known"},

    {CodeField::kEndReason, "outcomes_met",
     "outcomes met|outcome met|needs met|goals met|goals achieved|outcomes achieved|closed - outcomes "
     "met|closed - needs met"},
    {CodeField::kEndReason, "step_up",
     "step up|step-up|stepped up|stepped up to social care|escalated|escalated to social care|step up to "
     "social care|step up to cin"},
    {CodeField::kEndReason, "declined",
     "consent declined|declined consent|consent refused|refused|family declined|declined support"},
    {CodeField::kEndReason, "disengaged",
     "disengagement|consent withdrawn|withdrew|withdrawn|withdrew consent|family "
     "disengaged|non-engagement|non engagement|did not engage"},
    {CodeField::kEndReason, "nfa", "no further action|rc8|case closed after assessment, no further action"},
    {CodeField::kEndReason, "moved",
     "moved away|moved abroad|child moved abroad|e16|moved out of area|moved out|transferred out|transfer "
     "out|transferred to another local "
     "authority|rc5|transferred to services of another local authority|e3|care taken over by another local "
     "authority"},
    {CodeField::kEndReason, "aged_out",
     "aged out|turned 18|reached 18|18th birthday|rc6|transferred to adult social services|e7|e15|e17"},
    {CodeField::kEndReason, "died", "death|deceased|rc2|e2"},
    // Of social care only: it ended for a reason that is none of the above.
    {CodeField::kEndReason, "other",
     "rc1|rc3|rc4|rc7|rc9|e1|e4|e4a|e4b|e5|e6|e8|e9|e11|e12|e13|e14|e41|e45|e46|e47|e48"},
    // X1: the next episode begins at once; where none does, why it ended is not known.
    {CodeField::kEndReason, "unknown", "not known|not recorded|x1"},

    {CodeField::kNeed, "N0", "not stated"},
    {CodeField::kNeed, "N1", "abuse or neglect|abuse/neglect"},
    {CodeField::kNeed, "N2", "child's disability or illness|child's disability"},
    {CodeField::kNeed, "N3",
     "parental disability or illness|parental illness or disability|parental illness/disability"},
    {CodeField::kNeed, "N4", "family in acute stress"},
    {CodeField::kNeed, "N5", "family dysfunction"},
    {CodeField::kNeed, "N6", "socially unacceptable behaviour"},
    {CodeField::kNeed, "N7", "low income"},
    {CodeField::kNeed, "N8", "absent parenting"},
    {CodeField::kNeed, "N9", "cases other than children in need|case other than cin"},

    {CodeField::kSex, "female", "f|2|girl|woman"},
    {CodeField::kSex, "male", "m|1|boy|man"},
    {CodeField::kSex, "other", "i|9|x|indeterminate|neither"},
    {CodeField::kSex, "not known",
     "u|0|unknown|unborn|not stated|not recorded|not stated/recorded|not stated/recorded (or unborn)"},

    {CodeField::kEthnicity, "white",
     "wbri|wiri|woth|wirt|wrom|white british|british|irish|white irish|any other white background|traveller "
     "of irish heritage|gypsy/roma|gypsy / roma|gypsy or roma|roma"},
    {CodeField::kEthnicity, "mixed",
     "mwbc|mwba|mwas|moth|white and black caribbean|white and black african|white and asian|any other mixed "
     "background|mixed or multiple ethnic groups"},
    {CodeField::kEthnicity, "asian",
     "aind|apkn|aban|aoth|chne|indian|pakistani|bangladeshi|chinese|any other asian background|asian or "
     "asian british"},
    {CodeField::kEthnicity, "black",
     "bcrb|bafr|both|caribbean|african|black caribbean|black african|any other black background|black or "
     "black british|black, african, caribbean or black british"},
    {CodeField::kEthnicity, "other", "ooth|arab|any other ethnic group|other ethnic group"},
    {CodeField::kEthnicity, "not known",
     "nobt|refu|unknown|not obtained|refused|information refused|not yet obtained|information not yet "
     "obtained|not stated"},

    {CodeField::kDisability, "yes", "y|1|true|disabled"},
    {CodeField::kDisability, "no", "n|0|false|none|not disabled"},
    {CodeField::kDisability, "not known", "unknown|u|not stated|not recorded"},

    {CodeField::kNfa, "yes", "y|1|true|nfa|no further action"},
    {CodeField::kNfa, "no", "n|0|false"},

    {CodeField::kOutcome, "early_help",
     "early help|eh|eh referral|early help referral|referred to early help|early help assessment"},
    {CodeField::kOutcome, "social_care",
     "social care|cin referral|referral|referral to social care|statutory assessment|strategy "
     "discussion|section 47|s47"},
    {CodeField::kOutcome, "nfa", "no further action"},
    {CodeField::kOutcome, "other",
     "advice|information and advice|signposted|advice and information|information"},

    {CodeField::kLevel, "early_help", "early help|eh|eha|early help assessment|family help"},
    {CodeField::kLevel, "cin", "child in need|children in need"},
    {CodeField::kLevel, "cp", "cpp|child protection|child protection plan"},
    {CodeField::kLevel, "cla", "lac|looked after|child looked after|looked after child|in care"},

    {CodeField::kKind, "episode", "case|spell"},
    {CodeField::kKind, "referral", ""},
    {CodeField::kKind, "contact", ""},
    {CodeField::kKind, "person", "child"},
    {CodeField::kKind, "early_help_assessment", "early help assessment|eh assessment|eha|caf"},
    {CodeField::kKind, "assessment",
     "social care assessment|single assessment|continuous assessment|child and family assessment|c&f "
     "assessment|c and f assessment"},
    {CodeField::kKind, "section_47", "section 47|section 47 enquiry|s47|s47 enquiry|enquiry"},
    {CodeField::kKind, "plan", "child protection plan|cp plan|cpp"},

    {CodeField::kAnswer, "yes", "y|1|true"},
    {CodeField::kAnswer, "no", "n|0|false"},

    {CodeField::kAssessmentOutcome, "in_need", "yes|y|1|true|in need|child in need"},
    {CodeField::kAssessmentOutcome, "not_in_need", "no|n|0|false|not in need|no further action|nfa"},

    {CodeField::kReferralOutcome, "nfa", "no further action"},
    {CodeField::kReferralOutcome, "not_in_need",
     "not in need|assessed not in need|assessed as not in need|rc8|case closed after assessment, no further "
     "action"},
    {CodeField::kReferralOutcome, "in_need", "in need|child in need|assessed in need|assessed as in need"},

    {CodeField::kSection47Outcome, "plan",
     "child protection plan|cp plan|conference - plan|conference: plan|made subject of a plan"},
    {CodeField::kSection47Outcome, "no_plan", "no plan|conference - no plan|conference: no plan"},
    {CodeField::kSection47Outcome, "not_required",
     "not required|conference not required|no conference|nfa|no further action"},

    // Or the number of earlier plans.
    {CodeField::kPlanOutcome, "first", "0|none|first plan"},
    {CodeField::kPlanOutcome, "repeat",
     "1|2|3|4|5|6|7|8|9|10|11|12|13|14|15|16|17|18|19|20|second|third|subsequent|second or later|repeat "
     "plan"},
};

}  // namespace

absl::Span<const CodeRow> CodeTable() {
  return kTable;
}

}  // namespace waymark::node

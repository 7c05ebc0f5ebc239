// What follows from the mode in which a table leaves a council.
#ifndef WAYMARK_PROTO_CONTRACT_MODES_H_
#define WAYMARK_PROTO_CONTRACT_MODES_H_

#include <string>
#include <vector>

#include "waymark/v1/catalogue.pb.h"

namespace waymark::contract {

// Whether its counts hold random noise, which is charged for.
inline bool HasNoise(v1::Mode mode) {
  return mode == v1::MODE_NOISED || mode == v1::MODE_SECURE_SUM;
}

// By name, as files and options give them.
std::vector<std::string> ModeNames();

}  // namespace waymark::contract

#endif  // WAYMARK_PROTO_CONTRACT_MODES_H_

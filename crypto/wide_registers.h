// Internal to crypto: the vector registers of x86-64 beyond those that every such processor has. Elsewhere
// these functions do nothing special.
#ifndef WAYMARK_CRYPTO_WIDE_REGISTERS_H_
#define WAYMARK_CRYPTO_WIDE_REGISTERS_H_

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace waymark::crypto::internal {

#if defined(__x86_64__)

// Calls `function`, an always_inline lambda, compiled for AVX2 where the processor has it. By value, so that
// the compiler knows that no store of the lambda changes what it captured.
template <typename Function>
[[gnu::target("avx2")]] void RunOnAvx2(Function function) {
  function();
}

template <typename Function>
void RunWide(Function function) {
  if (__builtin_cpu_supports("avx2")) {
    RunOnAvx2(function);
  } else {
    function();
  }
}

[[gnu::target("avx")]] inline void ClearUpperHalves() {
  _mm256_zeroupper();
}

inline void ClearWideRegisters() {
  if (__builtin_cpu_supports("avx")) ClearUpperHalves();
}

#else

template <typename Function>
void RunWide(Function function) {
  function();
}

inline void ClearWideRegisters() {}

#endif

// Clears the registers' upper halves on leaving the scope. OpenSSL 3.0's ChaCha20-Poly1305 leaves them full
// where the processor has AVX-512, and until they are cleared all ordinary vector code of the thread takes up
// to five times as long (measured on an AMD EPYC, family 26).
class WideRegistersGuard {
 public:
  WideRegistersGuard() = default;
  WideRegistersGuard(const WideRegistersGuard&) = delete;
  WideRegistersGuard& operator=(const WideRegistersGuard&) = delete;
  ~WideRegistersGuard() { ClearWideRegisters(); }
};

}  // namespace waymark::crypto::internal

#endif  // WAYMARK_CRYPTO_WIDE_REGISTERS_H_

#include "machine.h"

#define CHAINS 12

// Where the chains begin is read when they do: of beginnings that the compiler knows, one was where a multiply-add changes
// nothing (1 x 0.9999 + 0.0001), and of that chain nothing was left. Tests/Kernels/sets counts them.
#define DEFINE_RUN(NAME, LANES, TARGET)                                                         \
  TARGET static double NAME(int64_t rounds) {                                                   \
    typedef float vector __attribute__((ext_vector_type(LANES)));                               \
    vector sums[CHAINS];                                                                        \
    vector factor = (vector)0.9999f, term = (vector)1e-4f;                                      \
    volatile float beginning = 2.0f;                                                            \
    for (int i = 0; i < CHAINS; ++i) sums[i] = (vector)(beginning + (float)i);                  \
    for (int64_t r = 0; r < rounds; ++r) {                                                      \
      _Pragma("clang loop unroll(full)") for (int i = 0; i < CHAINS; ++i) sums[i] =             \
          __builtin_elementwise_fma(sums[i], factor, term);                                     \
    }                                                                                           \
    vector total = (vector)0.0f;                                                                \
    for (int i = 0; i < CHAINS; ++i) total += sums[i];                                          \
    volatile float sink = total[0];                                                             \
    (void)sink;                                                                                 \
    return 2.0 * LANES * CHAINS * (double)rounds;                                               \
  }

#if defined(__x86_64__)
DEFINE_RUN(run_avx512, 16, __attribute__((target("avx512f,fma"))))
DEFINE_RUN(run_avx2, 8, __attribute__((target("avx2,fma"))))

double machine_limit_run(int64_t rounds) {
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx512f") ? run_avx512(rounds) : run_avx2(rounds);
}
#else
DEFINE_RUN(run_native, 4, )

double machine_limit_run(int64_t rounds) { return run_native(rounds); }
#endif

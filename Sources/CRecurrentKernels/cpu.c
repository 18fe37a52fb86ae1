// Which instruction sets this CPU runs, and how many processors there are.

#if defined(__linux__)
#define _GNU_SOURCE
#include <sched.h>
#if defined(__aarch64__)
#include <sys/auxv.h>
#endif
#endif
#include <unistd.h>

#include "recurrent_kernels.h"

int rk_processor_count(void) {
#if defined(__linux__)
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) return CPU_COUNT(&set);
#endif
  return (int)sysconf(_SC_NPROCESSORS_ONLN);
}

extern const rk_kernels rk_kernels_scalar;

#if defined(__x86_64__)
extern const rk_kernels rk_kernels_avx2, rk_kernels_avx512, rk_kernels_avx512_dot;

int rk_best_isa(void) {
  __builtin_cpu_init();
  if (!__builtin_cpu_supports("fma")) return -1;
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512dq"))
    return __builtin_cpu_supports("avx512bf16") && __builtin_cpu_supports("avx512vnni") ? RK_ISA_AVX512_DOT
                                                                                       : RK_ISA_AVX512;
  return __builtin_cpu_supports("avx2") ? RK_ISA_AVX2 : RK_ISA_SCALAR;
}
#elif defined(__aarch64__) && defined(__linux__) && !defined(__ARM_FEATURE_DOTPROD)
extern const rk_kernels rk_kernels_neon_dot;

int rk_best_isa(void) {
  enum { DOT_PRODUCTS = 1 << 20 };  // HWCAP_ASIMDDP
  return getauxval(AT_HWCAP) & DOT_PRODUCTS ? RK_ISA_NEON_DOT : RK_ISA_SCALAR;
}
#else
int rk_best_isa(void) { return RK_ISA_SCALAR; }
#endif

const rk_kernels *rk_kernels_for(int isa) {
  if (isa < 0 || isa > rk_best_isa()) return NULL;
#if defined(__x86_64__)
  if (isa == RK_ISA_AVX512_DOT) return &rk_kernels_avx512_dot;
  if (isa == RK_ISA_AVX512) return &rk_kernels_avx512;
  if (isa == RK_ISA_AVX2) return &rk_kernels_avx2;
#elif defined(__aarch64__) && defined(__linux__) && !defined(__ARM_FEATURE_DOTPROD)
  if (isa == RK_ISA_NEON_DOT) return &rk_kernels_neon_dot;
#endif
  return &rk_kernels_scalar;
}

// Sixteen lanes: AVX-512.

#include "recurrent_kernels.h"

#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang diagnostic error "-Wignored-attributes"
#pragma clang attribute push(__attribute__((target("avx512f,avx512vl,avx512bw,avx512dq,fma"))), apply_to = function)
#define RK_W 16
#define RK_HAS_DOT 0
#define RK_SIGNED_DOT 0
#define RK_ISA RK_ISA_AVX512
#define RK_NAME "avx512"
#define RK_TABLE rk_kernels_avx512
#include "template/kernels.inc"
#pragma clang attribute pop
#endif

// Eight lanes: AVX2 with fused multiply-add.

#include "recurrent_kernels.h"

#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang diagnostic error "-Wignored-attributes"
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define RK_W 8
#define RK_HAS_DOT 0
#define RK_SIGNED_DOT 0
#define RK_ISA RK_ISA_AVX2
#define RK_NAME "avx2"
#define RK_TABLE rk_kernels_avx2
#include "template/kernels.inc"
#pragma clang attribute pop
#endif

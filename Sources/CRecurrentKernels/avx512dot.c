// Sixteen lanes: AVX-512 with dot products of bfloat16 and of bytes (Zen 4, Cooper Lake, Sapphire Rapids or later).

#include "recurrent_kernels.h"

#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang diagnostic error "-Wignored-attributes"
#define RK_TARGET "avx512f,avx512vl,avx512bw,avx512dq,avx512bf16,avx512vnni,fma"
#pragma clang attribute push(__attribute__((target(RK_TARGET))), apply_to = function)
#define RK_W 16
#define RK_HAS_DOT 1
#define RK_SIGNED_DOT 0
#define RK_ISA RK_ISA_AVX512_DOT
#define RK_NAME "avx512dot"
#define RK_TABLE rk_kernels_avx512_dot
#include "template/kernels.inc"
#pragma clang attribute pop
#endif

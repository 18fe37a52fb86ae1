// The portable path: one float at a time on x86-64 with hardware fused multiply-add, four lanes on arm64.

#include "recurrent_kernels.h"

#pragma clang diagnostic error "-Wignored-attributes"

#if defined(__x86_64__)
#define RK_W 1
#pragma clang attribute push(__attribute__((target("fma"))), apply_to = function)
#define RK_SIGNED_DOT 0
#else
#define RK_W 4
// what the compiler may use everywhere (Apple), without a table of its own
#if defined(__ARM_FEATURE_DOTPROD)
#include <arm_neon.h>
#define RK_SIGNED_DOT 1
#else
#define RK_SIGNED_DOT 0
#endif
#endif

#define RK_HAS_DOT 0
#define RK_ISA RK_ISA_SCALAR
#define RK_NAME "scalar"
#define RK_TABLE rk_kernels_scalar
#include "template/kernels.inc"

#if defined(__x86_64__)
#pragma clang attribute pop
#endif

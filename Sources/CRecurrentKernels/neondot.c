// Four lanes: arm64 with dot products of bytes (Armv8.2 with FEAT_DotProd), where not every processor of the target has
// them.

#include "recurrent_kernels.h"

#if defined(__aarch64__) && !defined(__ARM_FEATURE_DOTPROD)
#include <arm_neon.h>

#pragma clang diagnostic error "-Wignored-attributes"
#pragma clang attribute push(__attribute__((target("dotprod"))), apply_to = function)
#define RK_W 4
#define RK_HAS_DOT 0
#define RK_SIGNED_DOT 1
#define RK_ISA RK_ISA_NEON_DOT
#define RK_NAME "neondot"
#define RK_TABLE rk_kernels_neon_dot
#include "template/kernels.inc"
#pragma clang attribute pop
#endif

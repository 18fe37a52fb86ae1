// The product of two matrices.
#pragma once

#include <stdbool.h>
#include <stdint.h>

// C[M, N] (+)= op(A)[M, K] op(B)[K, N]. One stride of A and one of B must be 1.
typedef struct {
  int64_t m, n, k;
  const float *a;
  int64_t a_row, a_column;  // strides of op(A) between rows and between columns
  const float *b;
  int64_t b_row, b_column;      // strides of op(B); unused when b_packed is set
  const float *b_packed;        // made by pack_b, or NULL
  const float *bias;            // [N], added to every row, or NULL; only with accumulate = false
  float *c;
  int64_t c_row;    // stride between rows of C
  bool accumulate;  // start from C instead of from zero or bias
  float *scratch;   // gemm_scratch_bytes, 64-byte aligned
} rk_gemm_args;

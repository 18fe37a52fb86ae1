// Numeric kernels of Recurrent: no allocation, no input or output, no global mutable state.
//
// Every kernel exists once as a vector source (template/) and is compiled for several instruction sets; rk_kernels_for
// returns the table of one of them. All paths give the same bits: an output element is one chain of fused multiply-adds
// in a fixed order, a sum over many elements uses 16 lanes and a fixed tree, and the transcendental functions are the
// same polynomials everywhere.
//
// Threads: a kernel that takes an rk_team is called by every member at once, with the same arguments; results do not
// depend on the size of the team. Matrices are row-major, sequences time-major.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rk_attention.h"
#include "rk_cells.h"
#include "rk_gemm.h"
#include "rk_likeliest.h"
#include "rk_losses.h"
#include "rk_optimizers.h"
#include "rk_team.h"

// MARK: Instruction sets

// AVX512_DOT has dot products of bfloat16 and of bytes besides (avx512_bf16, avx512_vnni), NEON_DOT those of bytes. On
// arm64 SCALAR has four lanes.
typedef enum {
  RK_ISA_SCALAR = 0, RK_ISA_AVX2 = 1, RK_ISA_AVX512 = 2, RK_ISA_AVX512_DOT = 3, RK_ISA_NEON_DOT = 4
} rk_isa;

// The best instruction set that this CPU runs, or -1 when it lacks hardware fused multiply-add.
int rk_best_isa(void);

// Processors that this process may run on.
int rk_processor_count(void);

// MARK: Element-wise work

typedef enum {
  RK_NEGATE, RK_EXP, RK_LOG, RK_SQRT, RK_SQUARE, RK_ABS, RK_SIGN, RK_RECIPROCAL,
  RK_SIGMOID, RK_TANH, RK_RELU, RK_SOFTPLUS
} rk_unary_op;

typedef enum {
  RK_ADD, RK_SUBTRACT, RK_MULTIPLY, RK_DIVIDE, RK_MAXIMUM, RK_MINIMUM, RK_GREATER,
  RK_TANH_GRADIENT,     // a = upstream gradient, b = tanh(x):    a (1 - b b)
  RK_SIGMOID_GRADIENT,  // a = upstream gradient, b = sigmoid(x): a b (1 - b)
  RK_RELU_GRADIENT      // a = upstream gradient, b = relu(x):    a where b > 0
} rk_binary_op;

// MARK: The table of one instruction set

typedef struct {
  rk_isa isa;
  const char *name;
  void (*unary)(rk_unary_op op, int64_t n, const float *x, float *y);
  // Operand strides are 0 (one value for all) or 1.
  void (*binary)(rk_binary_op op, int64_t n, const float *a, int64_t a_stride, const float *b, int64_t b_stride, float *y);
  // rows x columns -> rows: sums or maxima along each row
  void (*sum_rows)(int64_t rows, int64_t columns, const float *x, float *y);
  void (*max_rows)(int64_t rows, int64_t columns, const float *x, float *y);
  // rows x columns -> columns: sums down each column, rows in order; `stride` between rows
  void (*sum_columns)(int64_t rows, int64_t columns, int64_t stride, const float *x, float *y);
  // the same, going on from what y holds
  void (*add_column_sums)(int64_t rows, int64_t columns, int64_t stride, const float *x, float *y);
  // over stretches of 4096 elements, the sums of these in double and in order
  double (*sum_of_squares)(int64_t n, const float *x);
  // the same bits for a table that is zero but for n rows; ids[i], rising, says which one rows[i] is
  double (*sum_of_squares_rows)(int64_t n, int64_t width, const int32_t *ids, const float *rows);
  size_t (*gemm_scratch_bytes)(int64_t m, int64_t n, bool packs_left, int32_t members);
  void (*gemm)(const rk_gemm_args *args, rk_team team);
  // op(B) [K, N] as panels [ceil(N / 64)][K][64], for many products with the same right side
  void (*pack_b)(int64_t n, int64_t k, const float *b, int64_t b_row, int64_t b_column, float *packed);
  void (*transpose)(int64_t rows, int64_t columns, const float *x, int64_t x_stride, float *y, int64_t y_stride);
  // out[i] = table[ids[i]]; the caller has checked the ids
  void (*gather_rows)(int64_t n, int64_t width, const float *table, const int32_t *ids, float *out);
  // table[ids[i]] += rows[i] in order of i; negative ids are skipped; members share out the rows of the table
  void (*scatter_add_rows)(int64_t n, int64_t width, const float *rows, const int32_t *ids, float *table, rk_team team);
  // `options` may be NULL, and must be for a precision other than float32; of them the shape matters here, not what they point to
  size_t (*recurrent_packed_bytes)(rk_cell cell, const rk_options *options, rk_precision precision, int64_t input,
                                   int64_t hidden);
  size_t (*recurrent_saved_bytes)(rk_cell cell, const rk_options *options, int64_t slots, int64_t hidden);
  size_t (*recurrent_forward_scratch_bytes)(const rk_forward_args *args, int32_t members);
  size_t (*recurrent_backward_scratch_bytes)(const rk_backward_args *args, int32_t members);
  void (*recurrent_pack)(rk_cell cell, const rk_options *options, rk_precision precision, int64_t input, int64_t hidden,
                         const rk_weights *weights, float *packed, rk_team team);
  void (*recurrent_forward)(const rk_forward_args *args, rk_team team);
  void (*recurrent_backward)(const rk_backward_args *args, rk_team team);
  void (*scan_forward)(const rk_scan_forward_args *args, rk_team team);
  void (*scan_backward)(const rk_scan_backward_args *args, rk_team team);
  size_t (*slstm_scratch_bytes)(int64_t hidden, int64_t heads, int32_t members);
  void (*slstm_forward)(const rk_slstm_forward_args *args, rk_team team);
  void (*slstm_backward)(const rk_slstm_backward_args *args, rk_team team);
  size_t (*mlstm_checkpoint_bytes)(const rk_mlstm_forward_args *args);
  size_t (*mlstm_scratch_bytes)(const rk_mlstm_forward_args *args, int32_t members);
  void (*mlstm_forward)(const rk_mlstm_forward_args *args, rk_team team);
  void (*mlstm_backward)(const rk_mlstm_backward_args *args, rk_team team);
  size_t (*attention_scratch_bytes)(const rk_attention_args *args, bool is_backward, int32_t members);
  void (*attention_forward)(const rk_attention_args *args, rk_team team);
  void (*attention_backward)(const rk_attention_backward_args *args, rk_team team);
  void (*recurrent_step)(const rk_step_stage *stages, int64_t count, rk_team team);
  void (*cross_entropy_forward)(const rk_cross_entropy_args *args);
  void (*cross_entropy_backward)(const rk_cross_entropy_args *args);
  void (*likeliest)(const rk_likeliest_args *args, rk_team team);
  size_t (*ctc_scratch_bytes)(const rk_ctc_args *args, int32_t members);
  void (*ctc_forward)(const rk_ctc_args *args, rk_team team);
  void (*ctc_backward)(const rk_ctc_backward_args *args, rk_team team);
  // normalized and inverse deviation are kept for the backward pass
  void (*layer_norm_forward)(int64_t rows, int64_t width, const float *x, const float *weight, const float *bias,
                             float epsilon, float *y, float *normalized, float *inverse_deviation);
  void (*layer_norm_backward)(int64_t rows, int64_t width, const float *dy, const float *weight,
                              const float *normalized, const float *inverse_deviation, float *dx);
  void (*optimize)(const rk_optimizer_args *args);
  // Uniform in [0, 1), element `start + i` of the stream of `key`; see Salmon et al. 2011 (Philox4x32-10).
  void (*uniform)(uint64_t key, int64_t start, int64_t n, float *y);
  // y = x scale where the uniform number `start + i` is at least `rate`, else 0
  void (*dropout)(uint64_t key, int64_t start, int64_t n, float rate, float scale, const float *x, float *y);
} rk_kernels;

// The kernels of an instruction set, on arm64 those of the best one up to it; NULL when this CPU does not run it.
const rk_kernels *rk_kernels_for(int isa);

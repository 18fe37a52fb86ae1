// Cells over whole sequences, single steps of them, and scans.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rk_gemm.h"

// How the rows of a time-major batch are walked. A segment is a maximal run of steps of one batch row without a reset;
// segments are sorted by falling length, so those alive at step s are the first alive[s]. Slot offset[s] + j is
// segment j at step s; it stands at row first[j] + s * stride of the [T * B, F] inputs and outputs.
typedef struct {
  int64_t segments;       // S, including those of length zero
  int64_t steps;          // length of the longest segment
  int64_t slots;          // sum of all lengths
  const int64_t *first;   // [S]
  int64_t stride;         // B forward in time, -B backward
  const int64_t *alive;   // [steps]
  const int64_t *offset;  // [steps]
} rk_walk;

// RK_ELMAN takes its activation from the options.
typedef enum { RK_LSTM, RK_GRU, RK_GRU_RESET_BEFORE, RK_ELMAN_TANH, RK_ELMAN_RELU, RK_ELMAN } rk_cell;

// Activations of the ONNX operators, with their alpha and beta.
typedef enum {
  RK_ACTIVATE_TANH, RK_ACTIVATE_RELU, RK_ACTIVATE_SIGMOID,
  RK_ACTIVATE_AFFINE,            // alpha x + beta
  RK_ACTIVATE_LEAKY_RELU,        // x, below zero alpha x
  RK_ACTIVATE_THRESHOLDED_RELU,  // x above alpha, else 0
  RK_ACTIVATE_SCALED_TANH,       // alpha tanh(beta x)
  RK_ACTIVATE_HARD_SIGMOID,      // alpha x + beta, kept in 0 ... 1
  RK_ACTIVATE_ELU,               // x, below zero alpha (e^x - 1)
  RK_ACTIVATE_SOFTSIGN,          // x / (1 + |x|)
  RK_ACTIVATE_SOFTPLUS           // log(1 + e^x)
} rk_activation;

// How much of the old state a step leaves: all of it where `keep` is 1 and nothing where it is 0, or the same part,
// `rate`, everywhere.
typedef struct {
  const float *keep;  // [T * B, width of the state], or NULL
  float rate;
} rk_zoneout;

// What a cell does beyond its plain equations; all zero for nothing. R is the width of the state h: P or H.
typedef struct {
  rk_activation activation;  // RK_ELMAN
  float alpha, beta;
  int64_t projection;        // LSTM: P, width of h = W_hr m; 0 for none
  bool coupled;              // LSTM: f = 1 - i, gates i g o
  bool peephole;             // LSTM: the gates also see the cell state
  bool normalized;           // LSTM: layer normalisation of both products and of the cell state
  float cell_clip;           // LSTM: bound of |c|; 0 for none
  rk_zoneout zoneout_hidden, zoneout_cell;
  const float *recurrent_mask;  // [S, R], factors on h before the recurrent product, or NULL
} rk_options;

// Parameters of a cell; NULL for those that it does not have. G = 4, 3 or 1 gates.
typedef struct {
  const float *weight_ih, *weight_hh;  // [G * H, I], [G * H, R]
  const float *bias_ih, *bias_hh;      // [G * H]
  const float *weight_hr;              // [P, H]
  const float *peephole;               // [3 * H], gates i f o; coupled [2 * H], gates i o
  const float *norm_ih, *norm_hh;      // [G * H], scales of the normalised products
  const float *norm_cell, *norm_cell_bias;  // [H]
} rk_weights;

typedef struct {
  float *weight_ih, *weight_hh, *bias_ih, *bias_hh, *weight_hr, *peephole;
  float *norm_ih, *norm_hh, *norm_cell, *norm_cell_bias;
} rk_weight_gradients;

// What the operands of the products are rounded to; everything else is float32, sums among it.
//   bfloat16: one sum is a chain over pairs along K, acc = fma(even, even, fma(odd, odd, acc)), and numbers below the
//             normal range count as zero, as vdpbf16ps has it.
//   int8:     a scale for each row of the weights and for each row of inputs and of states, found as it comes; exact
//             sums of integers. Inference only; inputs and states have at most 65,536 numbers.
// Cells with options know float32 alone.
typedef enum { RK_FLOAT32 = 0, RK_BFLOAT16 = 1, RK_INT8 = 2 } rk_precision;

// A cell over a whole sequence. Weights and gate order are PyTorch's: LSTM i f g o, GRU r z n.
typedef struct {
  rk_cell cell;
  rk_precision precision;
  rk_walk walk;
  int64_t input, hidden;  // I, H
  const rk_options *options;  // NULL for none
  const float *x;         // [T * B, I]
  const float *h0, *c0;   // [S, R] and [S, H], one row a segment; c0 only for LSTM
  const float *packed;    // made by recurrent_pack for the same precision
  float *y;               // [T * B, R]; rows outside the walk are left alone
  float *hn, *cn;         // [S, R], [S, H]
  float *saved;           // recurrent_saved_bytes in training, NULL in inference
  float *scratch;         // recurrent_*_scratch_bytes
} rk_forward_args;

// All gradients of a cell over a whole sequence. Gradients of weights are written, not accumulated.
typedef struct {
  rk_cell cell;
  rk_precision precision;
  rk_walk walk;
  int64_t input, hidden;
  const rk_options *options;     // as in the forward pass
  const float *x, *y;            // as in the forward pass
  const float *h0, *c0;          // as in the forward pass
  rk_weights weights;
  float *saved;                  // of the forward pass; overwritten
  const float *dy;               // [T * B, R], or NULL for zero
  const float *dhn, *dcn;        // [S, R], [S, H], or NULL for zero
  float *dx;                     // [T * B, I], or NULL when not wanted; rows outside the walk are left alone
  float *dh0, *dc0;              // [S, R], [S, H]
  rk_weight_gradients gradients;
  float *scratch;                // recurrent_*_scratch_bytes
} rk_backward_args;

// A stage of a stack that is stepped: a cell whose walk has one step, or a product. What a stage reads is what the one
// before wrote; memory and prepared weights are the caller's and stay from step to step.
typedef struct {
  bool is_product;
  rk_forward_args cell;
  rk_gemm_args product;
} rk_step_stage;

// MARK: Scans

// What is left of a cell when the products over its input are done: recurrences without a product over the state. One
// row of gates a step, G blocks of H preactivations.
typedef enum {
  RK_SCAN_MIN_GRU,            // z n
  RK_SCAN_MIN_GRU_POSITIVE,   // z n, n passed through a positive function
  RK_SCAN_MIN_LSTM,           // f i n
  RK_SCAN_MIN_LSTM_POSITIVE,  // f i n
  RK_SCAN_INDRNN_TANH,        // one sum; vectors u
  RK_SCAN_INDRNN_RELU,
  RK_SCAN_SRU,                // x f r, and the residual; vectors v_f v_r
  RK_SCAN_QRNN_F,             // z f
  RK_SCAN_QRNN_FO,            // z f o
  RK_SCAN_QRNN_IFO            // z f o i
} rk_scan;

// Gates and residual have a row for each slot, in the order of slots, or one for each of the T * B rows.
typedef struct {
  rk_scan scan;
  rk_walk walk;
  bool by_slot;
  int64_t hidden;        // H
  float scale;           // SRU: of the residual
  const float *gates;    // [rows, G * H], `gate_stride` between rows
  int64_t gate_stride;
  const float *residual;  // SRU: [rows, H], `residual_stride` between rows
  int64_t residual_stride;
  const float *vectors;  // [P * H], or NULL for scans without
  const float *c0;       // [S, H]
  float *y;              // [T * B, H]; rows outside the walk are left alone
  float *cn;             // [S, H]
  float *saved;          // [slots, H]: states, in training of scans whose output is not the state; else NULL
} rk_scan_forward_args;

typedef struct {
  rk_scan_forward_args forward;  // as in the forward pass, `y` and `saved` filled
  const float *dy;               // [T * B, H], or NULL for zero
  const float *dcn;              // [S, H], or NULL for zero
  float *dgates, *dresidual;     // as gates and residual, with the same strides
  float *dc0;                    // [S, H]
  float *dvectors;               // [S, P * H]: one row a segment, to be summed; or NULL
} rk_scan_backward_args;

// xLSTM's sLSTM: exponential input gate, normaliser and stabiliser, a recurrence of its own in each head of H / heads
// units. Gates i f z o in blocks of H.
typedef struct {
  rk_walk walk;
  bool by_slot;           // as in rk_scan_forward_args
  int64_t hidden, heads;  // H; H is a multiple of heads
  const float *gates;     // [rows, 4 * H]
  const float *weight_hh;  // [4 * H, H / heads]
  const float *h0, *c0, *n0, *m0;  // [S, H]
  float *y;                        // [T * B, H]; rows outside the walk are left alone
  float *hn, *cn, *nn, *mn;        // [S, H]
  float *saved;    // [slots, 7 * H]: the four sums, c, n and m of each step; NULL in inference
  float *scratch;  // slstm_scratch_bytes
} rk_slstm_forward_args;

typedef struct {
  rk_slstm_forward_args forward;
  const float *dy;                      // [T * B, H], or NULL for zero
  const float *dhn, *dcn, *dnn, *dmn;   // [S, H], or NULL for zero
  float *dgates;                        // [rows, 4 * H]
  float *dh0, *dc0, *dn0, *dm0;         // [S, H]
} rk_slstm_backward_args;

// xLSTM's mLSTM: a matrix memory of d x d in each head of d = H / heads units.
typedef struct {
  rk_walk walk;
  bool by_slot;
  int64_t hidden, heads;
  const float *values;  // [rows, 4 * H]: q k v o
  const float *gates;   // [rows, 2 * heads]: i f
  const float *c0, *n0, *m0;  // [S, heads, d (of k), d (of v)], [S, heads, d], [S, heads]
  float *y;                   // [T * B, H]; rows outside the walk are left alone
  float *cn, *nn, *mn;        // as c0, n0, m0
  int64_t interval;   // steps between two checkpoints
  float *checkpoints;  // mlstm_checkpoint_bytes, states every `interval` steps; NULL in inference
  float *scratch;      // mlstm_scratch_bytes
} rk_mlstm_forward_args;

typedef struct {
  rk_mlstm_forward_args forward;
  const float *dy;                // [T * B, H], or NULL for zero
  const float *dcn, *dnn, *dmn;   // as cn, nn, mn, or NULL for zero
  float *dvalues, *dgates;        // as values and gates
  float *dc0, *dn0, *dm0;         // as c0, n0, m0
} rk_mlstm_backward_args;

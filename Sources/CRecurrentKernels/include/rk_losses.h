// Losses over rows of logits.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Softmax with cross-entropy over rows of logits [N, V]; the mean or sum over rows is the caller's.
//   loss_n = (1 - smoothing) w[y] (lse - l[y]) + smoothing / V * sum_c w[c] (lse - l[c])
// Rows whose label is `ignored` have loss and gradient zero.
typedef struct {
  int64_t rows, classes;
  const float *logits;
  const int32_t *labels;
  const float *class_weights;  // [V], or NULL for ones
  float smoothing;
  int32_t ignored;
  float *losses;          // [N] out
  float *log_normalizer;  // [N] out, read by the backward pass
  float scale;            // backward: upstream gradient times what the mean divides by
  float *dlogits;         // [N, V], backward
} rk_cross_entropy_args;

// Connectionist temporal classification over rows of logits [T, B, V] (Graves et al. 2006), a loss a row, in nats. A
// target of L tokens, none of them the blank, needs a frame for each token and one between equal neighbours; the caller
// has checked that.
typedef struct {
  int64_t steps, rows, classes;  // T, B, V
  const float *logits;     // [T, B, V]; frames past a row's length are not read
  const int64_t *lengths;  // [B]: frames of each row
  const int64_t *sizes;    // [B]: L of each row
  // row b has P labels from label_starts[b]: its tokens, and behind them the blank, at least once and up to a multiple of
  // 16
  const int32_t *labels;
  const int64_t *label_starts;  // [B + 1]
  const int64_t *order;         // [B]: the rows, in the order in which members take them: longest work first
  float *losses;                // [B] out
  float *tops, *log_sums;       // [T, B] out: the largest logit of each frame within the lengths, log sum exp less that
  // row b is [lengths[b], P] at frame_starts[b]. Out with wants_occupancies: column i the probability that a frame is
  // token i, column L that it is a blank, zero beyond; without them its contents are of no use afterwards.
  float *occupancies;
  const int64_t *frame_starts;  // [B]
  bool wants_occupancies;
  float *scratch;  // ctc_scratch_bytes, 64-byte aligned
} rk_ctc_args;

typedef struct {
  rk_ctc_args forward;   // as in the forward pass, with occupancies
  const float *weights;  // [B]: the upstream gradient of the losses
  float *dlogits;        // [T, B, V]; zero past the lengths
} rk_ctc_backward_args;

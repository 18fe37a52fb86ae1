// A decoder that looks at a memory in every step.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rk_cells.h"

// The right sides of products, made by pack_b.
typedef struct {
  const float *first_hidden;   // [H -> 3H]; backward [3H -> H]
  const float *query;          // [H -> A];  backward [A -> H]
  const float *second_input;   // [M -> 3H]; backward [3H -> M]
  const float *second_hidden;  // [H -> 3H]; backward [3H -> H]
} rk_attention_panels;

// Two GRU steps around additive attention, over whole targets. For a slot, with the state h before it, the memory
// m_1 ... m_L of its row and their keys k_1 ... k_L,
//
//   s  = GRU(x; h)                x are the products of the inputs with the first cell's weights
//   e_i = v . tanh(k_i + W_q s),  a = softmax(e),  c = sum over i of a_i m_i
//   h' = GRU(W c; s)
//
// with PyTorch's GRU, gates r z n. A row's results do not depend on the other rows.
typedef struct {
  rk_walk walk;                  // forward in time
  int64_t hidden, width, keys;   // H, M, A
  int64_t places, rows;          // S, and R rows of the memory
  const float *x;                // [T * B, 3H], biases of the inputs among them
  const float *h0;               // [segments, H]
  const float *memory;           // [S, R, M]
  const float *projected;        // [S, R, A]: the keys
  const int64_t *lengths;        // [R]: L of each row of the memory
  const int64_t *sources;        // [segments]: the row of the memory that a segment looks at
  // In a call of one step segments may share rows; NULL where each has its own.
  const int64_t *input_rows;     // [B]: the row of x that a row of the batch reads
  const int64_t *state_rows;     // [segments]: the row of h0, and of its products
  const float *state_products;   // W h + b of each row of h0, 3H each; with state_rows
  rk_attention_panels panels;
  const float *first_hidden_bias, *second_input_bias, *second_hidden_bias;  // [3H], or NULL
  const float *vector;           // [A]: v
  float *y;                      // [T * B, H + M]: h' and c
  float *attention;              // [T * B, S]: a; zero beyond the lengths, as the caller has left it
  float *hn;                     // [segments, H]
  // By slot with keeps_slots, else by segment, so that the next step overwrites them.
  bool keeps_slots;
  float *before;                 // h, H each
  float *first_gates;            // r z (W h + b)_n n, 4H each
  float *between;                // s, H each
  float *queries;                // W_q s, A each
  float *contexts;               // c, M each
  float *second_gates;           // r z (W s + b)_n n, 4H each
  float *scratch;                // attention_scratch_bytes(false)
} rk_attention_args;

typedef struct {
  rk_attention_args forward;  // as in the forward pass, with keeps_slots, and panels of the backward pass
  const float *dy;            // [T * B, H + M], or NULL
  const float *dhn;           // [segments, H], or NULL
  float *dx;                  // [T * B, 3H]; rows of no slot are left alone
  float *dh0;                 // [segments, H]
  float *dmemory, *dprojected;  // [S, R, M] and [S, R, A], added to; each row is the source of one segment at most
  // Gradients by slot, for products with what the forward pass kept.
  float *dfirst_hidden;   // of W h + b, 3H each
  float *dqueries;        // A each
  float *dvectors;        // of v, A each
  float *dsecond_input;   // of W c + b, 3H each
  float *dsecond_hidden;  // of W s + b, 3H each
  float *scratch;         // attention_scratch_bytes(true)
} rk_attention_backward_args;

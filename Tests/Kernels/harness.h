// What the checks share: random numbers, memory, teams of threads, and the comparison of results.
#pragma once

#include <stdio.h>
#include <string.h>

#include "recurrent_kernels.h"

double now(void);

void seed_random(uint64_t seed);
int64_t draw(int64_t least, int64_t most);  // both may come
float draw_float(void);                     // in -1 ... 1

// Zeroed memory, 64-byte aligned, until release_blocks.
float *block(int64_t count);
float *random_block(int64_t count);
void *bytes_block(size_t bytes);
void release_blocks(void);

// A table of kernels that this processor runs; with RK_TEST_ISA in the environment always that one. Draws one number.
const rk_kernels *draw_kernels(void);

// Calls `body` once for each of `members` members, each in a thread of its own.
void run_team(int32_t members, void (*body)(void *context, rk_team team), void *context);

// Results of a case: the same buffers are filled by one member and by several.
typedef struct {
  int64_t count;
  float *values[64];
  int64_t sizes[64];
} results;

// A buffer for a result, with a pattern in it that shows what was not written.
float *result_block(results *r, int64_t count);
int64_t count_differences(const results *a, const results *b);

// A digest of the bits of everything that was compared since it was last asked for. All that is not a number counts as one.
uint64_t take_digest(void);

// A random ragged walk over a batch of T steps and B rows; `rows` is T * B.
typedef struct {
  rk_walk walk;
  int64_t rows;
} random_walk;
random_walk draw_walk(int64_t most_slots);

int64_t check_recurrent(char *name);
int64_t check_scan(char *name);
int64_t check_slstm(char *name);
int64_t check_mlstm(char *name);
int64_t check_ctc(char *name);
int64_t check_attention(char *name);
int64_t check_likeliest(char *name);
int64_t check_gemm(char *name);
int64_t check_scatter(char *name);
int64_t check_step(char *name);

// Kernels without a team: computed twice.
int64_t check_elements(char *name);
int64_t check_rows(char *name);
int64_t check_cross_entropy(char *name);
int64_t check_layer_norm(char *name);
int64_t check_optimizer(char *name);
int64_t check_layout(char *name);

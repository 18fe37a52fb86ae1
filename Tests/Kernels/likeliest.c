// The largest scores of rows.

#include <math.h>

#include "harness.h"

typedef struct {
  const rk_kernels *kernels;
  rk_likeliest_args args;
} likeliest_run;

static void likeliest(void *context, rk_team team) {
  likeliest_run *r = context;
  r->kernels->likeliest(&r->args, team);
}

int64_t check_likeliest(char *name) {
  const rk_kernels *k = draw_kernels();
  const int64_t rows = draw(1, draw(1, 40)), classes = draw(1, draw(1, 600));
  // now and then few different numbers, so that many are equal, and some that cannot be
  const bool coarse = draw(0, 1), odd = draw(0, 3) == 0;
  float *scores = random_block(rows * classes);
  for (int64_t i = 0; i < rows * classes; ++i) {
    if (coarse) scores[i] = floorf(scores[i] * 8);
    if (odd && draw(0, 9) == 0) scores[i] = -INFINITY;
  }
  int64_t *starts = bytes_block((size_t)(rows + 1) * sizeof(int64_t));
  for (int64_t i = 0; i < rows; ++i) starts[i + 1] = starts[i] + draw(0, draw(0, 3) ? classes < 12 ? classes : 12 : classes);
  const rk_likeliest_args shared = {.rows = rows, .classes = classes, .scores = scores, .normalizes = draw(0, 1),
                                    .column = draw(0, classes - 1), .starts = starts};
  const int32_t members = (int32_t)draw(2, 8);
  results all[2] = {{0}, {0}};
  for (int round = 0; round < 2; ++round) {
    likeliest_run r = {k, shared};
    // classes and counts are compared as numbers
    float *found = result_block(&all[round], starts[rows]), *counts = result_block(&all[round], 2 * rows);
    r.args.found = (int32_t *)found;
    r.args.counts = (int64_t *)counts;
    r.args.values = result_block(&all[round], starts[rows]);
    r.args.singles = result_block(&all[round], rows);
    run_team(round ? members : 1, likeliest, &r);
  }
  snprintf(name, 512, "%s, %lld rows of %lld%s, %d members", k->name, (long long)rows, (long long)classes,
           shared.normalizes ? ", softmax" : "", members);
  return count_differences(&all[0], &all[1]);
}

// The kernels without a product over the state, matrix products, and sums into a table.

#include <stdlib.h>

#include "harness.h"

// MARK: Scans

typedef struct {
  const rk_kernels *kernels;
  rk_scan_forward_args forward;
  rk_scan_backward_args backward;
} scan_run;

static void scan_forward(void *context, rk_team team) {
  scan_run *r = context;
  r->kernels->scan_forward(&r->forward, team);
}

static void scan_backward(void *context, rk_team team) {
  scan_run *r = context;
  r->kernels->scan_backward(&r->backward, team);
}

int64_t check_scan(char *name) {
  static const int64_t gate_counts[] = {2, 2, 3, 3, 1, 1, 3, 2, 3, 4};
  const rk_kernels *k = draw_kernels();
  const rk_scan scan = (rk_scan)draw(RK_SCAN_MIN_GRU, RK_SCAN_QRNN_IFO);
  const int64_t hidden = draw(1, draw(1, 150)), gates = gate_counts[scan];
  const random_walk walk = draw_walk(60000 / (hidden + 20));
  const bool by_slot = draw(0, 1), is_sru = scan == RK_SCAN_SRU;
  const int64_t rows = by_slot ? walk.walk.slots : walk.rows, segments = walk.walk.segments;
  const int64_t vectors = is_sru ? 2 : scan == RK_SCAN_INDRNN_TANH || scan == RK_SCAN_INDRNN_RELU ? 1 : 0;
  const bool saves = is_sru || scan == RK_SCAN_QRNN_FO || scan == RK_SCAN_QRNN_IFO;
  const int32_t members = (int32_t)draw(2, 8);
  const rk_scan_forward_args shared = {
      .scan = scan, .walk = walk.walk, .by_slot = by_slot, .hidden = hidden, .scale = 1.5f,
      .gates = random_block(rows * gates * hidden), .gate_stride = gates * hidden,
      .residual = is_sru ? random_block(rows * hidden) : NULL, .residual_stride = hidden,
      .vectors = vectors ? random_block(vectors * hidden) : NULL, .c0 = random_block(segments * hidden)};
  const float *dy = random_block(walk.rows * hidden), *dcn = draw(0, 1) ? random_block(segments * hidden) : NULL;
  results all[2] = {{0}, {0}};
  for (int round = 0; round < 2; ++round) {
    results *to = &all[round];
    scan_run r = {.kernels = k, .forward = shared};
    r.forward.y = result_block(to, walk.rows * hidden);
    r.forward.cn = result_block(to, segments * hidden);
    r.forward.saved = saves ? result_block(to, walk.walk.slots * hidden) : NULL;
    run_team(round ? members : 1, scan_forward, &r);
    r.backward = (rk_scan_backward_args){.forward = r.forward, .dy = dy, .dcn = dcn};
    r.backward.dgates = result_block(to, rows * gates * hidden);
    r.backward.dresidual = is_sru ? result_block(to, rows * hidden) : NULL;
    r.backward.dc0 = result_block(to, segments * hidden);
    r.backward.dvectors = vectors ? result_block(to, segments * vectors * hidden) : NULL;
    run_team(round ? members : 1, scan_backward, &r);
  }
  snprintf(name, 512, "kind %d, %s, T %lld, B %lld, H %lld, %d members", (int)scan, k->name,
           (long long)walk.walk.steps, (long long)segments, (long long)hidden, members);
  return count_differences(&all[0], &all[1]);
}

// MARK: sLSTM

typedef struct {
  const rk_kernels *kernels;
  rk_slstm_forward_args forward;
  rk_slstm_backward_args backward;
} slstm_run;

static void slstm_forward(void *context, rk_team team) {
  slstm_run *r = context;
  r->kernels->slstm_forward(&r->forward, team);
}

static void slstm_backward(void *context, rk_team team) {
  slstm_run *r = context;
  r->kernels->slstm_backward(&r->backward, team);
}

int64_t check_slstm(char *name) {
  const rk_kernels *k = draw_kernels();
  const int64_t heads = draw(1, 5), size = draw(1, draw(1, 40)), hidden = heads * size;
  const random_walk walk = draw_walk(30000 / (hidden + 20));
  const bool by_slot = draw(0, 1);
  const int64_t rows = by_slot ? walk.walk.slots : walk.rows, states = walk.walk.segments * hidden;
  const int32_t members = (int32_t)draw(2, 8);
  const rk_slstm_forward_args shared = {
      .walk = walk.walk, .by_slot = by_slot, .hidden = hidden, .heads = heads,
      .gates = random_block(rows * 4 * hidden), .weight_hh = random_block(4 * hidden * size),
      .h0 = random_block(states), .c0 = random_block(states), .n0 = random_block(states), .m0 = random_block(states)};
  const float *dy = random_block(walk.rows * hidden), *dhn = draw(0, 1) ? random_block(states) : NULL;
  results all[2] = {{0}, {0}};
  for (int round = 0; round < 2; ++round) {
    results *to = &all[round];
    const int32_t count = round ? members : 1;
    slstm_run r = {.kernels = k, .forward = shared};
    rk_slstm_forward_args *f = &r.forward;
    f->y = result_block(to, walk.rows * hidden);
    f->hn = result_block(to, states);
    f->cn = result_block(to, states);
    f->nn = result_block(to, states);
    f->mn = result_block(to, states);
    f->saved = result_block(to, walk.walk.slots * 7 * hidden);
    f->scratch = bytes_block(k->slstm_scratch_bytes(hidden, heads, count));
    run_team(count, slstm_forward, &r);
    r.backward = (rk_slstm_backward_args){.forward = *f, .dy = dy, .dhn = dhn};
    r.backward.dgates = result_block(to, rows * 4 * hidden);
    r.backward.dh0 = result_block(to, states);
    r.backward.dc0 = result_block(to, states);
    r.backward.dn0 = result_block(to, states);
    r.backward.dm0 = result_block(to, states);
    run_team(count, slstm_backward, &r);
  }
  snprintf(name, 512, "%s, T %lld, B %lld, H %lld, %lld heads, %d members", k->name, (long long)walk.walk.steps,
           (long long)walk.walk.segments, (long long)hidden, (long long)heads, members);
  return count_differences(&all[0], &all[1]);
}

// MARK: mLSTM

typedef struct {
  const rk_kernels *kernels;
  rk_mlstm_forward_args forward;
  rk_mlstm_backward_args backward;
} mlstm_run;

static void mlstm_forward(void *context, rk_team team) {
  mlstm_run *r = context;
  r->kernels->mlstm_forward(&r->forward, team);
}

static void mlstm_backward(void *context, rk_team team) {
  mlstm_run *r = context;
  r->kernels->mlstm_backward(&r->backward, team);
}

int64_t check_mlstm(char *name) {
  const rk_kernels *k = draw_kernels();
  const int64_t heads = draw(1, 4), size = draw(1, draw(1, 24)), hidden = heads * size;
  const random_walk walk = draw_walk(30000 / (hidden * size + 20) + 4);
  const bool by_slot = draw(0, 1);
  const int64_t rows = by_slot ? walk.walk.slots : walk.rows, items = walk.walk.segments * heads;
  const int32_t members = (int32_t)draw(2, 8);
  const rk_mlstm_forward_args shared = {
      .walk = walk.walk, .by_slot = by_slot, .hidden = hidden, .heads = heads,
      .values = random_block(rows * 4 * hidden), .gates = random_block(rows * 2 * heads),
      .c0 = random_block(items * size * size), .n0 = random_block(items * size), .m0 = random_block(items),
      .interval = draw(1, 1 + walk.walk.steps)};
  const float *dy = random_block(walk.rows * hidden);
  results all[2] = {{0}, {0}};
  for (int round = 0; round < 2; ++round) {
    results *to = &all[round];
    const int32_t count = round ? members : 1;
    mlstm_run r = {.kernels = k, .forward = shared};
    rk_mlstm_forward_args *f = &r.forward;
    f->y = result_block(to, walk.rows * hidden);
    f->cn = result_block(to, items * size * size);
    f->nn = result_block(to, items * size);
    f->mn = result_block(to, items);
    f->checkpoints = bytes_block(k->mlstm_checkpoint_bytes(f));
    f->scratch = bytes_block(k->mlstm_scratch_bytes(f, count));
    run_team(count, mlstm_forward, &r);
    r.backward = (rk_mlstm_backward_args){.forward = *f, .dy = dy};
    r.backward.dvalues = result_block(to, rows * 4 * hidden);
    r.backward.dgates = result_block(to, rows * 2 * heads);
    r.backward.dc0 = result_block(to, items * size * size);
    r.backward.dn0 = result_block(to, items * size);
    r.backward.dm0 = result_block(to, items);
    run_team(count, mlstm_backward, &r);
  }
  snprintf(name, 512, "%s, T %lld, B %lld, H %lld, %lld heads, interval %lld, %d members", k->name,
           (long long)walk.walk.steps, (long long)walk.walk.segments, (long long)hidden, (long long)heads,
           (long long)shared.interval, members);
  return count_differences(&all[0], &all[1]);
}

// MARK: Products

typedef struct {
  const rk_kernels *kernels;
  rk_gemm_args product;
} gemm_run;

static void gemm(void *context, rk_team team) {
  gemm_run *r = context;
  r->kernels->gemm(&r->product, team);
}

int64_t check_gemm(char *name) {
  const rk_kernels *k = draw_kernels();
  const int64_t m = draw(1, draw(1, 150)), n = draw(1, draw(1, 300)), depth = draw(1, draw(1, 600));
  const bool left = draw(0, 1), right = draw(0, 1), packed = draw(0, 2) == 0;
  const int32_t members = (int32_t)draw(2, 8);
  rk_gemm_args shared = {.m = m, .n = n, .k = depth, .a = random_block(m * depth), .b = random_block(depth * n),
                         .c_row = n, .accumulate = draw(0, 1)};
  shared.a_row = left ? 1 : depth;
  shared.a_column = left ? m : 1;
  shared.b_row = right ? 1 : n;
  shared.b_column = right ? depth : 1;
  if (!shared.accumulate && draw(0, 1)) shared.bias = random_block(n);
  if (packed) {
    float *panels = block((n + 63) / 64 * 64 * depth);
    k->pack_b(n, depth, shared.b, shared.b_row, shared.b_column, panels);
    shared.b_packed = panels;
  }
  results all[2] = {{0}, {0}};
  int64_t wrong = 0;
  for (int round = 0; round < 2; ++round) {
    const int32_t count = round ? members : 1;
    gemm_run r = {k, shared};
    r.product.c = result_block(&all[round], m * n);
    for (int64_t i = 0; i < m * n; ++i) r.product.c[i] = (float)(i % 17);
    const size_t bytes = k->gemm_scratch_bytes(m, n, left, count);
    for (int32_t fewer = 1; fewer < count; ++fewer) wrong += k->gemm_scratch_bytes(m, n, left, fewer) > bytes;
    r.product.scratch = bytes_block(bytes);
    run_team(count, gemm, &r);
  }
  snprintf(name, 512, "%s, %lld x %lld x %lld%s%s%s, %d members%s", k->name, (long long)m, (long long)n,
           (long long)depth, left ? ", left turned" : "", right ? ", right turned" : "", packed ? ", packed" : "",
           members, wrong ? ", scratch is not enough for fewer members" : "");
  return wrong + count_differences(&all[0], &all[1]);
}

// MARK: Sums into a table

typedef struct {
  const rk_kernels *kernels;
  int64_t count, width;
  const float *rows;
  const int32_t *ids;
  float *table;
} scatter_run;

static void scatter(void *context, rk_team team) {
  scatter_run *r = context;
  r->kernels->scatter_add_rows(r->count, r->width, r->rows, r->ids, r->table, team);
}

int64_t check_scatter(char *name) {
  const rk_kernels *k = draw_kernels();
  const int64_t count = draw(1, 2000), width = draw(1, 40), rows = draw(1, 100);
  const float *values = random_block(count * width);
  int32_t *ids = bytes_block((size_t)count * sizeof(int32_t));
  for (int64_t i = 0; i < count; ++i) ids[i] = (int32_t)draw(-1, rows - 1);
  const int32_t members = (int32_t)draw(2, 8);
  results all[2] = {{0}, {0}};
  for (int round = 0; round < 2; ++round) {
    scatter_run r = {k, count, width, values, ids, result_block(&all[round], rows * width)};
    memset(r.table, 0, (size_t)(rows * width) * sizeof(float));
    run_team(round ? members : 1, scatter, &r);
  }
  snprintf(name, 512, "%s, %lld rows of %lld into %lld, %d members", k->name, (long long)count, (long long)width,
           (long long)rows, members);
  return count_differences(&all[0], &all[1]);
}

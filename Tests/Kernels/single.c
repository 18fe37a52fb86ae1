// Kernels without a team: the whole against its parts. An element has the bits that it has in any other place, a row
// those that it has alone.

#include <float.h>
#include <math.h>

#include "harness.h"

// Numbers of every size: now and then zeros, numbers below the normal range, infinities and what is no number.
static float *odd_block(int64_t count) {
  static const float odd[] = {0.0f, -0.0f, 1e-41f, -1e-41f, FLT_MIN, FLT_MAX, -FLT_MAX, INFINITY, -INFINITY, NAN, 88.8f,
                              -87.5f, -103.9f, 1.0f, 9.02f, 16.7f};
  float *values = random_block(count);
  for (int64_t i = 0; i < count; ++i) {
    const int64_t kind = draw(0, 9);
    if (kind == 0) values[i] = odd[draw(0, sizeof odd / sizeof *odd - 1)];
    if (kind > 0 && kind < 5) values[i] = ldexpf(values[i], (int)draw(-20, 7));
  }
  return values;
}

int64_t check_elements(char *name) {
  const rk_kernels *k = draw_kernels();
  const int64_t n = draw(1, draw(1, 600)), cut = draw(0, n);
  const float *a = odd_block(n), *b = odd_block(n);
  const int64_t a_stride = draw(0, 3) > 0, b_stride = draw(0, 3) > 0;
  const uint64_t key = (uint64_t)draw(0, INT64_MAX - 1);
  const int64_t start = draw(0, 1000);
  results all[2] = {{0}, {0}};
  for (int round = 0; round < 2; ++round) {
    const int64_t begins[3] = {0, round ? cut : n, n};
    for (int op = RK_NEGATE; op <= RK_SOFTPLUS; ++op) {
      float *y = result_block(&all[round], n);
      for (int i = 0; i < 2; ++i)
        k->unary((rk_unary_op)op, begins[i + 1] - begins[i], a + begins[i], y + begins[i]);
    }
    for (int op = RK_ADD; op <= RK_RELU_GRADIENT; ++op) {
      float *y = result_block(&all[round], n);
      for (int i = 0; i < 2; ++i) {
        const int64_t from = begins[i], count = begins[i + 1] - from;
        if (count)
          k->binary((rk_binary_op)op, count, a + a_stride * from, a_stride, b + b_stride * from, b_stride, y + from);
      }
    }
    float *uniform = result_block(&all[round], n), *dropped = result_block(&all[round], n);
    for (int i = 0; i < 2; ++i) {
      const int64_t from = begins[i], count = begins[i + 1] - from;
      k->uniform(key, start + from, count, uniform + from);
      k->dropout(key, start + from, count, 0.3f, 1 / 0.7f, a + from, dropped + from);
    }
  }
  snprintf(name, 512, "%s, %lld elements, cut at %lld, strides %lld and %lld, from %lld", k->name, (long long)n,
           (long long)cut, (long long)a_stride, (long long)b_stride, (long long)start);
  return count_differences(&all[0], &all[1]);
}

int64_t check_rows(char *name) {
  const rk_kernels *k = draw_kernels();
  const int64_t rows = draw(1, draw(1, 60)), columns = draw(1, draw(1, 300)), cut = draw(0, rows);
  const float *x = random_block(rows * columns), *base = random_block(columns);
  int32_t *ids = bytes_block((size_t)rows * sizeof(int32_t));
  for (int64_t i = 0, at = 0; i < rows; ++i, ++at) ids[i] = (int32_t)(at += draw(0, 2));
  const int64_t table_rows = ids[rows - 1] + draw(1, 3);
  float *table = block(table_rows * columns);
  for (int64_t i = 0; i < rows; ++i)
    memcpy(table + ids[i] * columns, x + i * columns, (size_t)columns * sizeof(float));
  results all[2] = {{0}, {0}};
  for (int round = 0; round < 2; ++round) {
    float *sums = result_block(&all[round], rows), *tops = result_block(&all[round], rows);
    float *down = result_block(&all[round], columns), *going_on = result_block(&all[round], columns);
    float *squares = result_block(&all[round], 2);
    memcpy(going_on, base, (size_t)columns * sizeof(float));
    if (round == 0) {
      k->sum_rows(rows, columns, x, sums);
      k->max_rows(rows, columns, x, tops);
      k->sum_columns(rows, columns, columns, x, down);
      k->add_column_sums(rows, columns, columns, x, going_on);
    } else {
      for (int64_t r = 0; r < rows; ++r) {
        k->sum_rows(1, columns, x + r * columns, sums + r);
        k->max_rows(1, columns, x + r * columns, tops + r);
      }
      for (int64_t c = 0; c < columns; ++c) k->sum_columns(rows, 1, columns, x + c, down + c);
      k->add_column_sums(cut, columns, columns, x, going_on);
      k->add_column_sums(rows - cut, columns, columns, x + cut * columns, going_on);
    }
    const double square = round ? k->sum_of_squares_rows(rows, columns, ids, x)
                                : k->sum_of_squares(table_rows * columns, table);
    memcpy(squares, &square, sizeof square);
  }
  snprintf(name, 512, "%s, %lld x %lld, cut at %lld, a table of %lld rows", k->name, (long long)rows,
           (long long)columns, (long long)cut, (long long)table_rows);
  return count_differences(&all[0], &all[1]);
}

int64_t check_cross_entropy(char *name) {
  const rk_kernels *k = draw_kernels();
  const int64_t rows = draw(1, draw(1, 40)), classes = draw(1, draw(1, 300));
  float *logits = random_block(rows * classes);
  for (int64_t i = 0; i < rows * classes; ++i) logits[i] *= 12;
  int32_t *labels = bytes_block((size_t)rows * sizeof(int32_t));
  for (int64_t i = 0; i < rows; ++i) labels[i] = (int32_t)draw(draw(0, 3) ? 0 : -1, classes - 1);
  rk_cross_entropy_args shared = {.rows = rows, .classes = classes, .logits = logits, .labels = labels, .ignored = -1,
                                  .smoothing = draw(0, 1) ? 0.1f : 0.0f, .scale = 0.25f};
  if (draw(0, 1)) {
    float *weights = random_block(classes);
    for (int64_t i = 0; i < classes; ++i) weights[i] = fabsf(weights[i]) + 0.1f;
    shared.class_weights = weights;
  }
  results all[2] = {{0}, {0}};
  for (int round = 0; round < 2; ++round) {
    rk_cross_entropy_args args = shared;
    args.losses = result_block(&all[round], rows);
    args.log_normalizer = result_block(&all[round], rows);
    args.dlogits = result_block(&all[round], rows * classes);
    const int64_t calls = round ? rows : 1;
    if (round) args.rows = 1;
    for (int64_t i = 0; i < calls; ++i) {
      k->cross_entropy_forward(&args);
      k->cross_entropy_backward(&args);
      args.logits += classes;
      args.dlogits += classes;
      ++args.labels;
      ++args.losses;
      ++args.log_normalizer;
    }
  }
  snprintf(name, 512, "%s, %lld rows of %lld%s%s", k->name, (long long)rows, (long long)classes,
           shared.class_weights ? ", weights" : "", shared.smoothing > 0 ? ", smoothing" : "");
  return count_differences(&all[0], &all[1]);
}

int64_t check_layer_norm(char *name) {
  const rk_kernels *k = draw_kernels();
  const int64_t rows = draw(1, draw(1, 40)), width = draw(1, draw(1, 300));
  const float *x = random_block(rows * width), *dy = random_block(rows * width);
  const float *weight = random_block(width), *bias = random_block(width);
  results all[2] = {{0}, {0}};
  for (int round = 0; round < 2; ++round) {
    float *y = result_block(&all[round], rows * width), *normalized = result_block(&all[round], rows * width);
    float *inverse = result_block(&all[round], rows), *dx = result_block(&all[round], rows * width);
    const int64_t count = round ? 1 : rows;
    for (int64_t r = 0; r < rows; r += count) {
      const int64_t at = r * width;
      k->layer_norm_forward(count, width, x + at, weight, bias, 1e-5f, y + at, normalized + at, inverse + r);
      k->layer_norm_backward(count, width, dy + at, weight, normalized + at, inverse + r, dx + at);
    }
  }
  snprintf(name, 512, "%s, %lld rows of %lld", k->name, (long long)rows, (long long)width);
  return count_differences(&all[0], &all[1]);
}

int64_t check_optimizer(char *name) {
  const rk_kernels *k = draw_kernels();
  const int64_t n = draw(1, draw(1, 500)), cut = draw(0, n);
  rk_optimizer_args shared = {.kind = (rk_optimizer)draw(RK_SGD, RK_AVERAGE), .gradient_scale = 0.7,
                              .learning_rate = 0.01, .weight_decay = draw(0, 1) ? 0.02 : 0, .decoupled_decay = 0.99,
                              .beta1 = 0.9, .beta2 = 0.98, .epsilon = 1e-8, .correction1 = 0.19, .correction2 = 0.2,
                              .momentum = draw(0, 1) ? 0.9 : 0, .mu = 0.3, .nesterov = draw(0, 1),
                              .first_step = draw(0, 1), .amsgrad = draw(0, 1), .centered = draw(0, 1)};
  if (shared.momentum == 0) shared.nesterov = false;
  const float *start = random_block(n), *gradient = random_block(n);
  float *states[3];
  for (int i = 0; i < 3; ++i) {
    states[i] = random_block(n);
    for (int64_t e = 0; i > 0 && e < n; ++e) states[i][e] = fabsf(states[i][e]) + 1;
  }
  results all[2] = {{0}, {0}};
  for (int round = 0; round < 2; ++round) {
    float *blocks[4];
    for (int i = 0; i < 4; ++i) {
      blocks[i] = result_block(&all[round], n);
      memcpy(blocks[i], i ? states[i - 1] : start, (size_t)n * sizeof(float));
    }
    const int64_t begins[3] = {0, round ? cut : n, n};
    for (int i = 0; i < 2; ++i) {
      rk_optimizer_args args = shared;
      const int64_t from = begins[i];
      args.count = begins[i + 1] - from;
      args.parameter = blocks[0] + from;
      args.gradient = gradient + from;
      args.first = blocks[1] + from;
      args.second = blocks[2] + from;
      args.third = blocks[3] + from;
      k->optimize(&args);
    }
  }
  snprintf(name, 512, "%s, kind %d, %lld parameters, cut at %lld", k->name, (int)shared.kind, (long long)n,
           (long long)cut);
  return count_differences(&all[0], &all[1]);
}

int64_t check_layout(char *name) {
  const rk_kernels *k = draw_kernels();
  const int64_t rows = draw(1, draw(1, 200)), columns = draw(1, draw(1, 200)), cut = draw(0, rows);
  const float *x = random_block(rows * columns);
  int32_t *ids = bytes_block((size_t)rows * sizeof(int32_t));
  for (int64_t i = 0; i < rows; ++i) ids[i] = (int32_t)draw(0, rows - 1);
  const int64_t panels = (columns + 63) / 64 * 64 * rows;
  float *turned = block(rows * columns);
  k->transpose(rows, columns, x, columns, turned, rows);
  results all[2] = {{0}, {0}};
  for (int round = 0; round < 2; ++round) {
    float *y = result_block(&all[round], rows * columns), *gathered = result_block(&all[round], rows * columns);
    float *packed = result_block(&all[round], panels);
    const int64_t begins[3] = {0, round ? cut : rows, rows};
    for (int i = 0; i < 2; ++i) {
      const int64_t from = begins[i], count = begins[i + 1] - from;
      k->transpose(count, columns, x + from * columns, columns, y + from, rows);
      k->gather_rows(count, columns, x, ids + from, gathered + from * columns);
    }
    if (round) k->pack_b(columns, rows, turned, 1, rows, packed);
    else k->pack_b(columns, rows, x, columns, 1, packed);
  }
  snprintf(name, 512, "%s, %lld x %lld, cut at %lld", k->name, (long long)rows, (long long)columns, (long long)cut);
  return count_differences(&all[0], &all[1]);
}

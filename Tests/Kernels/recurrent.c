// Cells over sequences, forward and backward, and packing; one step of a stack.

#include <stdlib.h>

#include "harness.h"

typedef struct {
  const rk_kernels *kernels;
  random_walk walk;
  rk_cell cell;
  rk_precision precision;
  rk_options option_values;
  const rk_options *options;
  int64_t input, hidden, state;
  bool trains, wants_input;
  rk_weights weights;
  const float *x, *h0, *c0, *dy, *dhn, *dcn;
} recurrent_case;

typedef struct {
  const recurrent_case *of;
  rk_forward_args forward;
  rk_backward_args backward;
  float *packed;
} recurrent_run;

static void pack(void *context, rk_team team) {
  recurrent_run *r = context;
  const recurrent_case *c = r->of;
  c->kernels->recurrent_pack(c->cell, c->options, c->precision, c->input, c->hidden, &c->weights, r->packed, team);
}

static void forward(void *context, rk_team team) {
  recurrent_run *r = context;
  r->of->kernels->recurrent_forward(&r->forward, team);
}

static void backward(void *context, rk_team team) {
  recurrent_run *r = context;
  r->of->kernels->recurrent_backward(&r->backward, team);
}

static float *random_mask(int64_t count, bool is_scaled) {
  float *mask = block(count);
  for (int64_t i = 0; i < count; ++i) mask[i] = draw(0, 3) == 0 ? 0.0f : is_scaled ? 4.0f / 3 : 1.0f;
  return mask;
}

static void draw_options(recurrent_case *c) {
  const int64_t segments = c->walk.walk.segments;
  rk_options *o = &c->option_values;
  const bool is_lstm = c->cell == RK_LSTM;
  c->state = c->hidden;
  if (c->cell == RK_ELMAN) {
    o->activation = (rk_activation)draw(RK_ACTIVATE_TANH, RK_ACTIVATE_SOFTPLUS);
    o->alpha = 0.3f;
    o->beta = 0.7f;
  } else if (c->cell == RK_ELMAN_TANH || c->cell == RK_ELMAN_RELU || draw(0, 2) == 0) {
    return;
  }
  c->options = o;
  c->precision = RK_FLOAT32;
  if (is_lstm) {
    if (draw(0, 1)) o->projection = c->state = draw(1, c->hidden + 20);
    o->coupled = draw(0, 2) == 0;
    o->peephole = draw(0, 1);
    o->normalized = draw(0, 1);
    if (draw(0, 3) == 0) o->cell_clip = 0.5f;
    const int64_t zoned = draw(0, 3);
    if (zoned == 1) o->zoneout_cell.rate = 0.2f;
    if (zoned == 2) o->zoneout_cell.keep = random_mask(c->walk.rows * c->hidden, false);
  }
  const int64_t zoned = draw(0, 3);
  if (zoned == 1) o->zoneout_hidden.rate = 0.3f;
  if (zoned == 2) o->zoneout_hidden.keep = random_mask(c->walk.rows * c->state, false);
  if (draw(0, 1)) o->recurrent_mask = random_mask(segments * c->state, true);
}

static void draw_weights(recurrent_case *c) {
  const rk_options *o = &c->option_values;
  const bool is_gru = c->cell == RK_GRU || c->cell == RK_GRU_RESET_BEFORE;
  const int64_t gates = c->cell == RK_LSTM ? (o->coupled ? 3 : 4) : is_gru ? 3 : 1, rows = gates * c->hidden;
  rk_weights *w = &c->weights;
  w->weight_ih = random_block(rows * c->input);
  w->weight_hh = random_block(rows * c->state);
  w->bias_ih = random_block(rows);
  w->bias_hh = random_block(rows);
  if (o->projection) w->weight_hr = random_block(o->projection * c->hidden);
  if (o->peephole) w->peephole = random_block(3 * c->hidden);
  if (o->normalized) {
    w->norm_ih = random_block(rows);
    w->norm_hh = random_block(rows);
    w->norm_cell = random_block(c->hidden);
    w->norm_cell_bias = random_block(c->hidden);
  }
}

static float *optional_block(int64_t count) { return draw(0, 2) ? random_block(count) : NULL; }

static results run(const recurrent_case *c, int32_t members) {
  results all = {0};
  recurrent_run r = {.of = c};
  const rk_kernels *k = c->kernels;
  const int64_t segments = c->walk.walk.segments, rows = c->walk.rows;
  const size_t packed = k->recurrent_packed_bytes(c->cell, c->options, c->precision, c->input, c->hidden);
  r.packed = bytes_block(packed);
  run_team(members, pack, &r);
  all.values[all.count] = r.packed;
  all.sizes[all.count++] = (int64_t)(packed / sizeof(float));

  rk_forward_args *f = &r.forward;
  *f = (rk_forward_args){c->cell, c->precision, c->walk.walk, c->input, c->hidden, c->options, c->x, c->h0, c->c0,
                         r.packed, NULL, NULL, NULL, NULL, NULL};
  f->y = result_block(&all, rows * c->state);
  f->hn = result_block(&all, segments * c->state);
  if (c->cell == RK_LSTM) f->cn = result_block(&all, segments * c->hidden);
  if (c->trains)
    f->saved = bytes_block(k->recurrent_saved_bytes(c->cell, c->options, c->walk.walk.slots, c->hidden));
  f->scratch = bytes_block(k->recurrent_forward_scratch_bytes(f, members));
  run_team(members, forward, &r);
  if (!c->trains) return all;

  rk_backward_args *b = &r.backward;
  *b = (rk_backward_args){.cell = c->cell, .precision = c->precision, .walk = c->walk.walk, .input = c->input,
                          .hidden = c->hidden, .options = c->options, .x = c->x, .y = f->y, .h0 = c->h0, .c0 = c->c0,
                          .weights = c->weights, .saved = f->saved, .dy = c->dy, .dhn = c->dhn, .dcn = c->dcn};
  if (c->wants_input) b->dx = result_block(&all, rows * c->input);
  b->dh0 = result_block(&all, segments * c->state);
  if (c->cell == RK_LSTM) b->dc0 = result_block(&all, segments * c->hidden);
  rk_weight_gradients *d = &b->gradients;
  const int64_t gates = 4 * c->hidden;
  d->weight_ih = result_block(&all, gates * c->input);
  d->weight_hh = result_block(&all, gates * c->state);
  d->bias_ih = result_block(&all, gates);
  d->bias_hh = result_block(&all, gates);
  d->weight_hr = result_block(&all, c->state * c->hidden);
  d->peephole = result_block(&all, 3 * c->hidden);
  d->norm_ih = result_block(&all, gates);
  d->norm_hh = result_block(&all, gates);
  d->norm_cell = result_block(&all, c->hidden);
  d->norm_cell_bias = result_block(&all, c->hidden);
  b->scratch = bytes_block(k->recurrent_backward_scratch_bytes(b, members));
  run_team(members, backward, &r);
  return all;
}

// Scratch for a team serves every smaller team: a backend may give a call fewer members than it asked memory for.
static int64_t check_scratch(const recurrent_case *c, int32_t members) {
  float some[1] = {0};
  rk_forward_args f = {c->cell, c->precision, c->walk.walk, c->input, c->hidden, c->options, c->x, c->h0, c->c0,
                       some, some, some, some, c->trains ? some : NULL, some};
  rk_backward_args b = {.cell = c->cell, .precision = c->precision, .walk = c->walk.walk, .input = c->input,
                        .hidden = c->hidden, .options = c->options, .dx = c->wants_input ? some : NULL};
  int64_t wrong = 0;
  for (int32_t fewer = 1; fewer < members; ++fewer) {
    wrong += c->kernels->recurrent_forward_scratch_bytes(&f, fewer) >
             c->kernels->recurrent_forward_scratch_bytes(&f, members);
    wrong += c->kernels->recurrent_backward_scratch_bytes(&b, fewer) >
             c->kernels->recurrent_backward_scratch_bytes(&b, members);
  }
  return wrong;
}

int64_t check_recurrent(char *name) {
  static const char *cells[] = {"LSTM", "GRU", "GRU reset before", "Elman tanh", "Elman ReLU", "Elman"};
  recurrent_case c = {.kernels = draw_kernels()};
  c.cell = (rk_cell)draw(RK_LSTM, RK_ELMAN);
  c.precision = draw(0, 2) ? RK_FLOAT32 : (rk_precision)draw(RK_BFLOAT16, RK_INT8);
  c.input = draw(1, draw(1, 70));
  c.hidden = draw(1, draw(1, draw(0, 3) ? 70 : 200));
  c.walk = draw_walk(40000 / (c.hidden + 20));
  draw_options(&c);
  draw_weights(&c);
  c.trains = c.precision != RK_INT8 && draw(0, 1);
  c.wants_input = draw(0, 2) > 0;
  const int64_t segments = c.walk.walk.segments;
  c.x = random_block(c.walk.rows * c.input);
  c.h0 = random_block(segments * c.state);
  c.c0 = random_block(segments * c.hidden);
  c.dy = optional_block(c.walk.rows * c.state);
  c.dhn = optional_block(segments * c.state);
  c.dcn = optional_block(segments * c.hidden);
  const results one = run(&c, 1);
  const int32_t members = (int32_t)draw(2, 8);
  snprintf(name, 512,
           "%s, %s, precision %d, T %lld, B %lld, %lld slots, I %lld, H %lld, R %lld, %d members%s%s%s%s%s",
           cells[c.cell], c.kernels->name, (int)c.precision, (long long)c.walk.walk.steps, (long long)segments,
           (long long)c.walk.walk.slots, (long long)c.input, (long long)c.hidden, (long long)c.state, members,
           c.trains ? ", training" : "", c.option_values.normalized ? ", normalised" : "",
           c.option_values.coupled ? ", coupled" : "", c.option_values.peephole ? ", peephole" : "",
           c.option_values.recurrent_mask ? ", mask" : "");
  int64_t wrong = check_scratch(&c, members);
  if (wrong) printf("scratch for %d members is not enough for fewer\n", members);
  const results several = run(&c, members);
  return wrong + count_differences(&one, &several);
}

// MARK: A step of a stack

typedef struct {
  const rk_kernels *kernels;
  rk_step_stage stages[3];
} step_run;

static void step(void *context, rk_team team) {
  step_run *r = context;
  r->kernels->recurrent_step(r->stages, 3, team);
}

int64_t check_step(char *name) {
  const rk_kernels *k = draw_kernels();
  const int64_t batch = draw(1, draw(1, 40)), input = draw(1, 60), width = draw(1, 150);
  int64_t *first = bytes_block((size_t)batch * sizeof(int64_t)), *alive = bytes_block(sizeof(int64_t));
  int64_t *offset = bytes_block(sizeof(int64_t));
  for (int64_t i = 0; i < batch; ++i) first[i] = i;
  *alive = batch;
  const rk_walk walk = {batch, 1, batch, first, batch, alive, offset};
  const int32_t members = (int32_t)draw(2, 8);
  // two cells and a product; both runs read the same random numbers
  float *x = random_block(batch * input), *packed[2], *h0[2], *c0[2];
  rk_cell cells[2];
  int64_t sizes[2];
  for (int i = 0, from = (int)input; i < 2; ++i) {
    cells[i] = (rk_cell)draw(RK_LSTM, RK_ELMAN_RELU);
    sizes[i] = draw(1, 150);
    const rk_weights w = {.weight_ih = random_block(4 * sizes[i] * from),
                          .weight_hh = random_block(4 * sizes[i] * sizes[i])};
    packed[i] = bytes_block(k->recurrent_packed_bytes(cells[i], NULL, RK_FLOAT32, from, sizes[i]));
    k->recurrent_pack(cells[i], NULL, RK_FLOAT32, from, sizes[i], &w, packed[i], (rk_team){0, 1, NULL});
    h0[i] = random_block(batch * sizes[i]);
    c0[i] = random_block(batch * sizes[i]);
    from = (int)sizes[i];
  }
  float *right = random_block(sizes[1] * width), *panels = block((width + 63) / 64 * 64 * sizes[1]);
  k->pack_b(width, sizes[1], right, width, 1, panels);
  results all[2] = {{0}, {0}};
  for (int round = 0; round < 2; ++round) {
    const int32_t count = round ? members : 1;
    step_run r = {.kernels = k};
    size_t most = k->gemm_scratch_bytes(batch, width, false, count);
    const float *from = x;
    int64_t from_size = input;
    for (int i = 0; i < 2; ++i) {
      rk_forward_args *f = &r.stages[i].cell;
      *f = (rk_forward_args){cells[i], RK_FLOAT32, walk, from_size, sizes[i], NULL, from, h0[i], c0[i], packed[i],
                             NULL, NULL, NULL, NULL, NULL};
      f->y = result_block(&all[round], batch * sizes[i]);
      f->hn = result_block(&all[round], batch * sizes[i]);
      f->cn = result_block(&all[round], batch * sizes[i]);
      const size_t bytes = k->recurrent_forward_scratch_bytes(f, count);
      most = bytes > most ? bytes : most;
      from = f->y;
      from_size = sizes[i];
    }
    r.stages[2].is_product = true;
    r.stages[2].product = (rk_gemm_args){.m = batch, .n = width, .k = from_size, .a = from, .a_row = from_size,
                                         .a_column = 1, .b_packed = panels, .c_row = width};
    r.stages[2].product.c = result_block(&all[round], batch * width);
    float *scratch = bytes_block(most);
    r.stages[0].cell.scratch = r.stages[1].cell.scratch = r.stages[2].product.scratch = scratch;
    run_team(count, step, &r);
  }
  snprintf(name, 512, "%s, B %lld, I %lld, H %lld and %lld, V %lld, cells %d and %d, %d members", k->name,
           (long long)batch, (long long)input, (long long)sizes[0], (long long)sizes[1], (long long)width, cells[0],
           cells[1], members);
  return count_differences(&all[0], &all[1]);
}

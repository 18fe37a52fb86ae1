// The decoder with attention.

#include "harness.h"

typedef struct {
  const rk_kernels *kernels;
  rk_attention_args forward;
  rk_attention_backward_args backward;
} attention_run;

static void attention_forward(void *context, rk_team team) {
  attention_run *r = context;
  r->kernels->attention_forward(&r->forward, team);
}

static void attention_backward(void *context, rk_team team) {
  attention_run *r = context;
  r->kernels->attention_backward(&r->backward, team);
}

// Random panels of a right side of k rows and n columns.
static const float *random_panels(int64_t k, int64_t n) { return random_block((n + 63) / 64 * 64 * k); }

static rk_attention_panels draw_panels(int64_t hidden, int64_t keys, int64_t width, bool is_backward) {
  const int64_t gates = 3 * hidden;
  return is_backward ? (rk_attention_panels){random_panels(gates, hidden), random_panels(keys, hidden),
                                             random_panels(gates, width), random_panels(gates, hidden)}
                     : (rk_attention_panels){random_panels(hidden, gates), random_panels(hidden, keys),
                                             random_panels(width, gates), random_panels(hidden, gates)};
}

int64_t check_attention(char *name) {
  const rk_kernels *k = draw_kernels();
  const int64_t hidden = draw(1, draw(1, 90)), width = draw(1, draw(1, 90)), keys = draw(1, draw(1, 90));
  const random_walk walk = draw_walk(20000 / (hidden + width + keys));
  const int64_t segments = walk.walk.segments, slots = walk.walk.slots, places = draw(0, draw(0, 20));
  int64_t *lengths = bytes_block((size_t)segments * sizeof(int64_t));
  int64_t *sources = bytes_block((size_t)segments * sizeof(int64_t));
  for (int64_t i = 0; i < segments; ++i) {
    lengths[i] = draw(0, places);
    sources[i] = segments - 1 - i;
  }
  const bool trains = draw(0, 3) > 0, shares = !trains && draw(0, 1);
  const int64_t rows = trains ? slots : segments;
  int64_t *input_rows = bytes_block((size_t)walk.rows * sizeof(int64_t));
  int64_t *state_rows = bytes_block((size_t)segments * sizeof(int64_t));
  for (int64_t i = 0; i < walk.rows; ++i) input_rows[i] = draw(0, walk.rows - 1);
  for (int64_t i = 0; i < segments; ++i) state_rows[i] = draw(0, segments - 1);
  const int32_t members = (int32_t)draw(2, 8);
  const rk_attention_args shared = {
      .walk = walk.walk, .hidden = hidden, .width = width, .keys = keys, .places = places, .rows = segments,
      .x = random_block(walk.rows * 3 * hidden), .h0 = random_block(segments * hidden),
      .memory = random_block(places * segments * width), .projected = random_block(places * segments * keys),
      .lengths = lengths, .sources = sources,
      .input_rows = shares ? input_rows : NULL, .state_rows = shares ? state_rows : NULL,
      .state_products = shares ? random_block(segments * 3 * hidden) : NULL,
      .panels = draw_panels(hidden, keys, width, false),
      .first_hidden_bias = draw(0, 1) ? random_block(3 * hidden) : NULL, .vector = random_block(keys),
      .keeps_slots = trains};
  const rk_attention_panels back = draw_panels(hidden, keys, width, true);
  const float *dy = draw(0, 3) ? random_block(walk.rows * (hidden + width)) : NULL;
  const float *dhn = draw(0, 1) ? random_block(segments * hidden) : NULL;
  results all[2] = {{0}, {0}};
  for (int round = 0; round < 2; ++round) {
    results *to = &all[round];
    const int32_t count = round ? members : 1;
    attention_run r = {.kernels = k, .forward = shared};
    r.forward.y = result_block(to, walk.rows * (hidden + width));
    r.forward.attention = result_block(to, walk.rows * places);
    r.forward.hn = result_block(to, segments * hidden);
    r.forward.before = result_block(to, rows * hidden);
    r.forward.first_gates = result_block(to, rows * 4 * hidden);
    r.forward.between = result_block(to, rows * hidden);
    r.forward.queries = result_block(to, rows * keys);
    r.forward.contexts = result_block(to, rows * width);
    r.forward.second_gates = result_block(to, rows * 4 * hidden);
    r.forward.scratch = bytes_block(k->attention_scratch_bytes(&r.forward, false, count));
    run_team(count, attention_forward, &r);
    if (!trains) continue;
    r.backward = (rk_attention_backward_args){.forward = r.forward, .dy = dy, .dhn = dhn};
    r.backward.forward.panels = back;
    r.backward.dx = result_block(to, walk.rows * 3 * hidden);
    r.backward.dh0 = result_block(to, segments * hidden);
    r.backward.dmemory = result_block(to, places * segments * width);
    r.backward.dprojected = result_block(to, places * segments * keys);
    memset(r.backward.dmemory, 0, (size_t)(places * segments * width) * sizeof(float));
    memset(r.backward.dprojected, 0, (size_t)(places * segments * keys) * sizeof(float));
    r.backward.dfirst_hidden = result_block(to, slots * 3 * hidden);
    r.backward.dqueries = result_block(to, slots * keys);
    r.backward.dvectors = result_block(to, slots * keys);
    r.backward.dsecond_input = result_block(to, slots * 3 * hidden);
    r.backward.dsecond_hidden = result_block(to, slots * 3 * hidden);
    r.backward.scratch = bytes_block(k->attention_scratch_bytes(&r.forward, true, count));
    run_team(count, attention_backward, &r);
  }
  snprintf(name, 512, "%s, T %lld, B %lld, H %lld, M %lld, A %lld, S %lld, %d members%s", k->name,
           (long long)walk.walk.steps, (long long)segments, (long long)hidden, (long long)width, (long long)keys,
           (long long)places, members, trains ? ", trains" : "");
  return count_differences(&all[0], &all[1]);
}

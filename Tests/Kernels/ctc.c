// Connectionist temporal classification.

#include "harness.h"

typedef struct {
  const rk_kernels *kernels;
  rk_ctc_args forward;
  rk_ctc_backward_args backward;
} ctc_run;

static void ctc_forward(void *context, rk_team team) {
  ctc_run *r = context;
  r->kernels->ctc_forward(&r->forward, team);
}

static void ctc_backward(void *context, rk_team team) {
  ctc_run *r = context;
  r->kernels->ctc_backward(&r->backward, team);
}

int64_t check_ctc(char *name) {
  const rk_kernels *k = draw_kernels();
  const int64_t rows = draw(1, draw(1, 30)), classes = draw(2, draw(2, draw(0, 3) ? 60 : 700));
  const int64_t most = draw(0, draw(0, 60)), blank = draw(0, classes - 1);
  int64_t *lengths = bytes_block((size_t)rows * sizeof(int64_t)), *sizes = bytes_block((size_t)rows * sizeof(int64_t));
  int64_t *label_starts = bytes_block((size_t)(rows + 1) * sizeof(int64_t));
  int64_t *order = bytes_block((size_t)rows * sizeof(int64_t));
  int64_t *frame_starts = bytes_block((size_t)rows * sizeof(int64_t));
  int32_t *labels = bytes_block((size_t)(rows * (most / 16 + 1) * 16) * sizeof(int32_t));
  int64_t steps = 0, frames = 0;
  for (int64_t row = 0; row < rows; ++row) {
    const int64_t size = sizes[row] = draw(0, most), width = (size / 16 + 1) * 16, start = label_starts[row];
    int64_t needed = size;
    for (int64_t i = 0; i < width; ++i) {
      const int32_t token = (int32_t)draw(0, classes - 2);
      labels[start + i] = i < size ? token + (token >= blank) : (int32_t)blank;
      needed += i > 0 && i < size && labels[start + i] == labels[start + i - 1];
    }
    label_starts[row + 1] = start + width;
    lengths[row] = needed + draw(0, 30);
    steps = lengths[row] > steps ? lengths[row] : steps;
    order[row] = (row + 1) % rows;
    frame_starts[row] = frames;
    frames += lengths[row] * width;
  }
  const bool wants_occupancies = draw(0, 3) > 0;
  rk_ctc_args shared = {.steps = steps, .rows = rows, .classes = classes,
                        .logits = random_block(steps * rows * classes), .lengths = lengths, .sizes = sizes,
                        .labels = labels, .label_starts = label_starts, .order = order, .frame_starts = frame_starts,
                        .wants_occupancies = wants_occupancies};
  const float *weights = random_block(rows);
  const int32_t members = (int32_t)draw(2, 8);
  results all[2] = {{0}, {0}};
  for (int round = 0; round < 2; ++round) {
    results *to = &all[round];
    const int32_t count = round ? members : 1;
    ctc_run r = {.kernels = k, .forward = shared};
    r.forward.losses = result_block(to, rows);
    r.forward.tops = result_block(to, steps * rows);
    r.forward.log_sums = result_block(to, steps * rows);
    r.forward.occupancies = result_block(to, frames);
    r.forward.scratch = bytes_block(k->ctc_scratch_bytes(&r.forward, count));
    run_team(count, ctc_forward, &r);
    if (!wants_occupancies) continue;
    r.backward = (rk_ctc_backward_args){.forward = r.forward, .weights = weights};
    r.backward.dlogits = result_block(to, steps * rows * classes);
    run_team(count, ctc_backward, &r);
  }
  snprintf(name, 512, "%s, T %lld, B %lld, V %lld, L up to %lld, %d members%s", k->name, (long long)steps,
           (long long)rows, (long long)classes, (long long)most, members, wants_occupancies ? ", occupancies" : "");
  return count_differences(&all[0], &all[1]);
}

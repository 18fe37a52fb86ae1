// A control loop: one step of a network every millisecond, and how long the steps take.
//
//     control MODEL [TICKS]
//
// MODEL is a bundle of a task that streams numbers, such as sequence-regression or control with --causal, or a file with
// recurrent layers. The first number of what the network says is the estimate; a controller would act on it.
#define _GNU_SOURCE
#include <errno.h>
#include <math.h>
#include <recurrent.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { PERIOD = 1000000, WIDEST = 64 };  // nanoseconds, numbers

static int64_t nanoseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static void sleep_until(int64_t time) {
  for (;;) {
    const int64_t left = time - nanoseconds();
    if (left <= 0) return;
    const struct timespec pause = {left / 1000000000, left % 1000000000};
    nanosleep(&pause, NULL);
  }
}

static int rising(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

// The width of a step: that of layers, else the number of values that the task takes without an error.
static int64_t width_of_step(const rec_model *model, rec_error *error) {
  if (rec_model_input_size(model) > 0) return rec_model_input_size(model);
  float x[WIDEST] = {0}, y[WIDEST];
  int64_t written;
  for (int64_t width = 1; width <= WIDEST; ++width) {
    rec_session *probe = rec_session_new(model, 1, error);
    if (!probe) return 0;
    const int32_t code = rec_push(probe, x, width, y, WIDEST, &written, error);
    rec_session_free(probe);
    if (code == REC_OK) return width;
  }
  return 0;
}

int main(int count, char **arguments) {
  if (count < 2) return fprintf(stderr, "usage: control MODEL [TICKS]\n"), 2;
  const int ticks = count > 2 ? atoi(arguments[2]) : 5000;
  if (ticks < 1) return fprintf(stderr, "control: TICKS is %s, expected 1 or more\n", arguments[2]), 2;

  rec_error error;
  // one thread: a step is over before a second one would have woken
  rec_engine *engine = rec_engine_new(1, &error);
  rec_model *model = engine ? rec_open(arguments[1], engine, &error) : NULL;
  const int64_t width = model ? width_of_step(model, &error) : 0;
  rec_session *session = width > 0 ? rec_session_new(model, 1, &error) : NULL;
  double *taken = calloc((size_t)ticks, sizeof *taken);
  int32_t code = session && taken ? REC_OK : REC_ARGUMENT;
  float x[WIDEST], y[WIDEST];
  int64_t due = nanoseconds(), written = 0, late = 0;
  for (int tick = 0; code == REC_OK && tick < ticks; ++tick, due += PERIOD) {
    sleep_until(due);
    for (int64_t i = 0; i < width; ++i) x[i] = sinf(0.001f * (float)tick * (float)(i + 1));
    const int64_t begin = nanoseconds();
    code = rec_push(session, x, width, y, WIDEST, &written, &error);
    const int64_t end = nanoseconds();
    taken[tick] = (double)(end - begin) / 1000;
    late += end > due + PERIOD;
  }
  if (code == REC_OK) {
    qsort(taken, (size_t)ticks, sizeof *taken, rising);
    printf("%d steps of %lld numbers: %.1f us each, 99 %% within %.1f us, longest %.1f us, %lld late\n", ticks,
           (long long)width, taken[ticks / 2], taken[(int)(ticks * 0.99)], taken[ticks - 1], (long long)late);
  } else {
    fprintf(stderr, "control: %s\n", error.message);
  }
  free(taken);
  rec_session_free(session);
  rec_model_free(model);
  rec_engine_free(engine);
  return code == REC_OK ? 0 : 1;
}

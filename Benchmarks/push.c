// The least microseconds of a step of a session with 32 numbers and 64 units: push MODEL
#include <recurrent.h>
#include <stdio.h>
#include <time.h>
int main(int count, char **arguments) {
  rec_error error;
  rec_engine *engine = rec_engine_new(1, &error);
  rec_model *model = rec_open(arguments[count - 1], engine, &error);
  rec_session *session = model ? rec_session_new(model, 1, &error) : NULL;
  if (!session) return fprintf(stderr, "%s\n", error.message), 1;
  float x[32], y[64];
  double best = 1e9;
  for (int index = 0; index < 32; index++) x[index] = 1;
  for (int round = 0; round < 20; round++) {
    struct timespec begin, end;
    clock_gettime(CLOCK_MONOTONIC, &begin);
    for (int index = 0; index < 2000; index++) rec_push(session, x, 32, y, 64, NULL, &error);
    clock_gettime(CLOCK_MONOTONIC, &end);
    const double mean = ((end.tv_sec - begin.tv_sec) * 1e9 + (end.tv_nsec - begin.tv_nsec)) / 2000 / 1e3;
    if (mean < best) best = mean;
  }
  printf("%.4f\n", best);
  return 0;
}

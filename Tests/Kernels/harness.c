#include "harness.h"

#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <time.h>

double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

// MARK: Random numbers

// The number of phases differs between instruction sets: delays take nothing from the numbers of the cases.
static uint64_t case_state;
static _Thread_local uint64_t delay_state;

static uint64_t next(uint64_t *state) {
  uint64_t z = (*state += 0x9e3779b97f4a7c15u);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

void seed_random(uint64_t seed) { case_state = seed * 0x2545f4914f6cdd1du; }

int64_t draw(int64_t least, int64_t most) {
  return least + (int64_t)(next(&case_state) % (uint64_t)(most - least + 1));
}

float draw_float(void) { return (float)(int64_t)(next(&case_state) >> 40) / 8388608.0f - 1.0f; }

// Called by a test build of the kernels at the end of each phase: now and then a member is far behind the others.
void rk_test_delay(void) {
  const uint64_t kind = next(&delay_state) % 64;
  if (kind < 4) sched_yield();
  if (kind == 4)
    for (uint64_t i = next(&delay_state) % 20000; i > 0; --i) rk_relax();
}

// MARK: Memory

static void *blocks[4096];
static int64_t block_count;

void *bytes_block(size_t bytes) {
  void *memory = NULL;
  if (block_count == 4096 || posix_memalign(&memory, 64, bytes + 64)) abort();
  memset(memory, 0, bytes + 64);
  blocks[block_count++] = memory;
  return memory;
}

float *block(int64_t count) { return bytes_block((size_t)count * sizeof(float)); }

float *random_block(int64_t count) {
  float *values = block(count);
  for (int64_t i = 0; i < count; ++i) values[i] = draw_float();
  return values;
}

void release_blocks(void) {
  while (block_count > 0) free(blocks[--block_count]);
}

// MARK: Teams

const rk_kernels *draw_kernels(void) {
  const char *only = getenv("RK_TEST_ISA");
  const int drawn = (int)draw(0, rk_best_isa());
  const rk_kernels *kernels = rk_kernels_for(only ? atoi(only) : drawn);
  if (!kernels) {
    fprintf(stderr, "RK_TEST_ISA is %s, expected 0 to %d\n", only, rk_best_isa());
    exit(2);
  }
  return kernels;
}

typedef struct {
  void (*body)(void *, rk_team);
  void *context;
  rk_team team;
  uint64_t seed;
} member;

static void *run_member(void *argument) {
  const member *m = argument;
  delay_state = m->seed;
  m->body(m->context, m->team);
  return NULL;
}

void run_team(int32_t members, void (*body)(void *, rk_team), void *context) {
  rk_barrier barrier;
  memset(&barrier, 0, sizeof barrier);
  if (members == 1) {
    body(context, (rk_team){0, 1, &barrier});
    return;
  }
  pthread_t threads[64];
  member all[64];
  for (int32_t i = 0; i < members; ++i) all[i] = (member){body, context, {i, members, &barrier}, next(&case_state)};
  for (int32_t i = 0; i < members; ++i)
    if (pthread_create(&threads[i], NULL, run_member, &all[i])) abort();
  for (int32_t i = 0; i < members; ++i) pthread_join(threads[i], NULL);
}

// MARK: Results

float *result_block(results *r, int64_t count) {
  float *values = block(count);
  memset(values, 0x7f, (size_t)count * sizeof(float));
  r->values[r->count] = values;
  r->sizes[r->count++] = count;
  return values;
}

// Bits, but for what is not a number: the processor keeps the payload of one operand or the other.
static bool are_equal(float a, float b) { return memcmp(&a, &b, sizeof a) == 0 || (a != a && b != b); }

static uint64_t digest;

static void digest_values(const float *values, int64_t count) {
  for (int64_t i = 0; i < count; ++i) {
    uint32_t bits = 0x7fc00000u;
    if (values[i] == values[i]) memcpy(&bits, &values[i], sizeof bits);
    digest = (digest ^ bits) * 0x100000001b3u;
    digest ^= digest >> 29;
  }
}

uint64_t take_digest(void) {
  const uint64_t value = digest;
  digest = 0;
  return value;
}

int64_t count_differences(const results *a, const results *b) {
  int64_t wrong = 0;
  for (int64_t i = 0; i < a->count; ++i) {
    digest_values(a->values[i], a->sizes[i]);
    int64_t at = 0;
    while (at < a->sizes[i] && are_equal(a->values[i][at], b->values[i][at])) ++at;
    if (at == a->sizes[i]) continue;
    printf("result %lld of %lld, element %lld of %lld: %.9g and %.9g\n", (long long)i, (long long)a->count,
           (long long)at, (long long)a->sizes[i], (double)a->values[i][at], (double)b->values[i][at]);
    ++wrong;
  }
  return wrong;
}

// MARK: Walks

static int fall(const void *a, const void *b) {
  const int64_t x = ((const int64_t *)a)[0], y = ((const int64_t *)b)[0];
  return x < y ? 1 : x > y ? -1 : 0;
}

random_walk draw_walk(int64_t most_slots) {
  const int64_t batch = draw(1, draw(1, 48)), steps = draw(1, 1 + most_slots / batch);
  const bool full = draw(0, 5) == 0, backward = draw(0, 2) == 0;
  int64_t lengths[64][2];
  for (int64_t b = 0; b < batch; ++b) {
    lengths[b][0] = full ? steps : draw(0, steps);
    lengths[b][1] = b;
  }
  lengths[draw(0, batch - 1)][0] = steps;
  qsort(lengths, (size_t)batch, sizeof *lengths, fall);
  int64_t *first = bytes_block((size_t)batch * sizeof(int64_t));
  int64_t *alive = bytes_block((size_t)steps * sizeof(int64_t)), *offset = bytes_block((size_t)steps * sizeof(int64_t));
  int64_t slots = 0;
  for (int64_t s = 0; s < steps; ++s) {
    offset[s] = slots;
    while (alive[s] < batch && lengths[alive[s]][0] > s) ++alive[s];
    slots += alive[s];
  }
  for (int64_t i = 0; i < batch; ++i)
    first[i] = lengths[i][1] + (backward && lengths[i][0] > 0 ? (lengths[i][0] - 1) * batch : 0);
  return (random_walk){{batch, steps, slots, first, backward ? -batch : batch, alive, offset}, steps * batch};
}

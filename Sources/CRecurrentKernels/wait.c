// Threads that wait: the futex of Linux, a lock and a condition elsewhere; what waiting costs; calls to the members of a team.

#if defined(__linux__)
#define _GNU_SOURCE
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif
#include <limits.h>
#include <pthread.h>
#include <time.h>

#include "wait.h"

// MARK: Time

enum {
  RK_USUAL_SPIN = 100 * 1000,   // ten times what sleeping and waking cost
  RK_LEAST_SPIN = 1000,
  RK_SLEEP_WORK = 2000,         // what the system works for a thread that sleeps and wakes
  RK_WAKE_WORK = 5000,          // and what at most for one that wakes others, who may then take its processor
  RK_LONG = 500 * 1000,         // work that may have lost its processor on the way: shorter than a turn of the scheduler
  RK_FRESH = 250 * 1000         // how old a look at the processor's clock may be
};

static int64_t rk_clock(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static int64_t rk_now(void) { return rk_clock(CLOCK_MONOTONIC); }

// What this thread has spent on waiting since it began, and when it last looked at the time that it had a processor.
static _Thread_local struct {
  int64_t waited;  // in all
  int64_t spun;    // of that on a processor
  int64_t seen, seen_processor, seen_waited, seen_spun;
} rk_thread;

_Thread_local int64_t rk_pauses;

// What sixteen pauses take on this processor: the least that was seen.
static _Atomic int32_t rk_pauses_cost = 1000;

static int64_t rk_pausing(int64_t pauses) {
  return pauses * atomic_load_explicit(&rk_pauses_cost, memory_order_relaxed) / 16;
}

static void rk_look(int64_t now) {
  rk_thread.seen = now;
  rk_thread.seen_processor = rk_clock(CLOCK_THREAD_CPUTIME_ID);
  rk_thread.seen_waited = rk_thread.waited;
  rk_thread.seen_spun = rk_thread.spun;
}

void rk_meter_start(rk_meter *meter) {
  meter->begin = rk_now();
  meter->waited = rk_thread.waited;
  meter->spun = rk_thread.spun;
  meter->pauses = rk_pauses;
  if (meter->begin - rk_thread.seen > RK_FRESH) rk_look(meter->begin);
  // between the last look and now the thread had its processor whenever it did not sleep
  const int64_t slept = (rk_thread.waited - rk_thread.seen_waited) - (rk_thread.spun - rk_thread.seen_spun);
  meter->processor = rk_thread.seen_processor + (meter->begin - rk_thread.seen) - slept;
}

int64_t rk_meter_stop(const rk_meter *meter, int64_t *elapsed) {
  const int64_t now = rk_now();
  *elapsed = now - meter->begin;
  int64_t worked = *elapsed - (rk_thread.waited - meter->waited);
  if (*elapsed >= RK_LONG) {
    rk_look(now);
    const int64_t had = rk_thread.seen_processor - meter->processor - (rk_thread.spun - meter->spun);
    if (had < worked) worked = had;
  }
  worked -= rk_pausing(rk_pauses - meter->pauses);
  return worked > 0 ? worked : 0;
}

// MARK: Sleep

#if defined(__linux__)
static void rk_sleep(_Atomic int32_t *word, int32_t seen) {
  syscall(SYS_futex, (int32_t *)word, FUTEX_WAIT_PRIVATE, seen, NULL, NULL, 0);
}

static void rk_rouse(_Atomic int32_t *word) {
  syscall(SYS_futex, (int32_t *)word, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0);
}
#else
static pthread_mutex_t rk_sleep_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t rk_sleep_over = PTHREAD_COND_INITIALIZER;

static void rk_sleep(_Atomic int32_t *word, int32_t seen) {
  pthread_mutex_lock(&rk_sleep_lock);
  if (atomic_load_explicit(word, memory_order_seq_cst) == seen) pthread_cond_wait(&rk_sleep_over, &rk_sleep_lock);
  pthread_mutex_unlock(&rk_sleep_lock);
}

static void rk_rouse(_Atomic int32_t *word) {
  (void)word;
  pthread_mutex_lock(&rk_sleep_lock);
  pthread_cond_broadcast(&rk_sleep_over);
  pthread_mutex_unlock(&rk_sleep_lock);
}
#endif

void rk_wake(rk_signal *signal) {
  const int64_t begin = rk_now();
  rk_rouse(&signal->word);
  const int64_t spent = rk_now() - begin;
  rk_thread.waited += spent;
  rk_thread.spun += spent < RK_WAKE_WORK ? spent : RK_WAKE_WORK;
}

void rk_await(rk_signal *signal, int32_t seen) {
  const int32_t set = atomic_load_explicit(&signal->limit, memory_order_relaxed);
  const int32_t limit = set > 0 ? set : RK_USUAL_SPIN;
  const int32_t kept = atomic_load_explicit(&signal->patience, memory_order_relaxed);
  const int32_t failures = atomic_load_explicit(&signal->failures, memory_order_relaxed);
  // now and then as long as at first: whether that would be enough cannot be seen from a wait that ended in sleep, which may
  // have ended because of it, when the other thread needed this processor
  const int32_t patience = kept > 0 && kept < limit && failures < 64 ? kept : limit;
  const int64_t begin = rk_now();
  int64_t now = begin;
  bool changed = false;
  do {
    const int64_t before = now;
    for (int32_t pauses = 0; pauses < 16 && !changed; ++pauses) {
      changed = atomic_load_explicit(&signal->word, memory_order_acquire) != seen;
      if (!changed) rk_relax();
    }
    now = rk_now();
    if (!changed && now - before < atomic_load_explicit(&rk_pauses_cost, memory_order_relaxed))
      atomic_store_explicit(&rk_pauses_cost, (int32_t)(now - before), memory_order_relaxed);
  } while (!changed && now - begin < patience);
  // who loses its processor while it spins has not spun all the time
  rk_thread.spun += now - begin < patience ? now - begin : patience;
  if (changed) {
    // a wait that was longer than its spin lost its processor on the way, and says nothing
    const int64_t waited = now - begin, enough = 4 * waited;
    if (waited < patience && enough > kept && kept > 0)
      atomic_store_explicit(&signal->patience, enough < limit ? (int32_t)enough : limit, memory_order_relaxed);
    if (failures >= 64) atomic_store_explicit(&signal->failures, 0, memory_order_relaxed);
  } else {
    const int64_t asleep = now;
    atomic_fetch_add_explicit(&signal->sleepers, 1, memory_order_seq_cst);
    while (atomic_load_explicit(&signal->word, memory_order_seq_cst) == seen) rk_sleep(&signal->word, seen);
    atomic_fetch_sub_explicit(&signal->sleepers, 1, memory_order_relaxed);
    now = rk_now();
    rk_thread.spun += now - asleep < RK_SLEEP_WORK ? now - asleep : RK_SLEEP_WORK;
    const int32_t half = (kept > 0 && kept < limit ? kept : limit) / 2;
    atomic_store_explicit(&signal->patience, half > RK_LEAST_SPIN ? half : RK_LEAST_SPIN, memory_order_relaxed);
    atomic_store_explicit(&signal->failures, failures < 64 ? failures + 1 : 0, memory_order_relaxed);
  }
  rk_thread.waited += now - begin;
}

// MARK: Teams

void rk_barrier_set_spin(rk_barrier *barrier, int32_t nanoseconds) {
  atomic_store_explicit(&((rk_signal *)barrier)->limit, nanoseconds, memory_order_relaxed);
}

void rk_barrier_start(rk_barrier *barrier) {
  atomic_store_explicit(&((rk_signal *)barrier)->word, 0, memory_order_relaxed);
}

typedef struct {
  rk_signal calls;  // how often it was called, times two, and whether the last call was for work
  int64_t worked;
} rk_member_state;

void rk_member_set_spin(rk_member *member, int32_t nanoseconds) {
  atomic_store_explicit(&((rk_member_state *)member)->calls.limit, nanoseconds, memory_order_relaxed);
}

void rk_member_call(rk_member *member, bool to_work) {
  rk_signal *calls = &((rk_member_state *)member)->calls;
  const uint32_t word = (uint32_t)atomic_load_explicit(&calls->word, memory_order_relaxed);
  atomic_store_explicit(&calls->word, (int32_t)(((word | 1) + 1) | (to_work ? 1 : 0)), memory_order_seq_cst);
  rk_announce(calls);
}

bool rk_member_await(rk_member *member, int32_t *seen) {
  rk_signal *calls = &((rk_member_state *)member)->calls;
  rk_wait_on(calls, *seen);
  *seen = atomic_load_explicit(&calls->word, memory_order_acquire);
  return (*seen & 1) != 0;
}

bool rk_member_sleeps(const rk_member *member) {
  return atomic_load_explicit(&((rk_member_state *)member)->calls.sleepers, memory_order_relaxed) > 0;
}

void rk_member_set_worked(rk_member *member, int64_t nanoseconds) {
  ((rk_member_state *)member)->worked = nanoseconds;
}

int64_t rk_member_worked(const rk_member *member) { return ((const rk_member_state *)member)->worked; }

void rk_countdown_set_spin(rk_countdown *countdown, int32_t nanoseconds) {
  atomic_store_explicit(&((rk_signal *)countdown)->limit, nanoseconds, memory_order_relaxed);
}

void rk_countdown_start(rk_countdown *countdown, int32_t count) {
  atomic_store_explicit(&((rk_signal *)countdown)->word, count, memory_order_relaxed);
}

void rk_countdown_finish_one(rk_countdown *countdown) {
  rk_signal *left = (rk_signal *)countdown;
  if (atomic_fetch_sub_explicit(&left->word, 1, memory_order_seq_cst) == 1) rk_announce(left);
}

void rk_countdown_await(rk_countdown *countdown) {
  rk_signal *left = (rk_signal *)countdown;
  int32_t count;
  while ((count = atomic_load_explicit(&left->word, memory_order_acquire)) != 0) rk_wait_on(left, count);
}

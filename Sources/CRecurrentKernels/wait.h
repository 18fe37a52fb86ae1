// How threads wait for one another: a short spin, then sleep. Times are nanoseconds.
#pragma once

#include <stdatomic.h>

#include "recurrent_kernels.h"

// A word that threads wait on until it changes; usable when zeroed.
typedef struct {
  _Atomic int32_t word;
  _Atomic int32_t sleepers;
  _Atomic int32_t patience;  // how long the next waiter spins before it sleeps; 0 stands for the limit
  _Atomic int32_t limit;     // the longest spin; 0 stands for the usual one
  _Atomic int32_t failures;  // waits that ended in sleep since the last one of the longest spin
} rk_signal;

// Returns when the word is no longer `seen`; spins by the clock, then sleeps.
void rk_await(rk_signal *signal, int32_t seen);

// Wakes the threads that sleep on the word, which has been changed.
void rk_wake(rk_signal *signal);

// Wakes the threads that sleep, if any, after a sequentially consistent change of the word: a sleeper first counts itself
// and then looks at the word, so that one of the two sees the other.
static inline void rk_announce(rk_signal *signal) {
  if (atomic_load_explicit(&signal->sleepers, memory_order_seq_cst) > 0) rk_wake(signal);
}

// How often this thread has paused in short waits.
extern _Thread_local int64_t rk_pauses;

// Returns when the word is no longer `seen`; a change that comes within a microsecond or two costs no look at a clock.
static inline void rk_wait_on(rk_signal *signal, int32_t seen) {
  for (int32_t pauses = 0; pauses < 64; ++pauses) {
    if (atomic_load_explicit(&signal->word, memory_order_acquire) != seen) {
      rk_pauses += pauses;
      return;
    }
    rk_relax();
  }
  rk_pauses += 64;
  rk_await(signal, seen);
}

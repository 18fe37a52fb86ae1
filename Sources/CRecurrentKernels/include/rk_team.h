// Teams of threads: members, barriers, waiting, and how long a member works.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Room for a barrier of a team; zeroed before its first use.
typedef struct {
  int64_t storage[16];
} rk_barrier;

typedef struct {
  int32_t index;        // which member, 0 ..< count
  int32_t count;        // members
  rk_barrier *barrier;  // shared by all members
} rk_team;

// Members wait for one another, for work and for the end of it by spinning for a short while and then sleeping. How long
// they spin at most is set here in nanoseconds; it becomes shorter by itself where waits are long.
void rk_barrier_set_spin(rk_barrier *barrier, int32_t nanoseconds);

// Makes the barrier ready for a team of any size; called before its members are, each time.
void rk_barrier_start(rk_barrier *barrier);

// Room for what a thread waits on for work; zeroed before its first use. No two share a cache line.
typedef struct {
  int64_t storage[16];
} rk_member;

void rk_member_set_spin(rk_member *member, int32_t nanoseconds);

// Wakes the member, for work or only for the calls that follow. A call for work may not follow another one whose work has
// not ended.
void rk_member_call(rk_member *member, bool to_work);

// Waits for a call after the one that is noted in `seen`, notes it, and returns whether it was for work.
bool rk_member_await(rk_member *member, int32_t *seen);

// Whether the member sleeps, so that a call takes far longer to reach it.
bool rk_member_sleeps(const rk_member *member);

// What the member says about its last work, read when that has ended.
void rk_member_set_worked(rk_member *member, int64_t nanoseconds);
int64_t rk_member_worked(const rk_member *member);

// Room for the number of members that have not ended; zeroed before its first use.
typedef struct {
  int64_t storage[16];
} rk_countdown;

void rk_countdown_set_spin(rk_countdown *countdown, int32_t nanoseconds);
void rk_countdown_start(rk_countdown *countdown, int32_t count);
void rk_countdown_finish_one(rk_countdown *countdown);
void rk_countdown_await(rk_countdown *countdown);  // returns when all have ended

// Measures how long the calling thread works: with a processor, and without what it waits for other members.
typedef struct {
  int64_t begin, waited, spun, pauses, processor;
} rk_meter;

void rk_meter_start(rk_meter *meter);

// Returns nanoseconds of work, and all that have gone by since the start in `elapsed`. Work of less than half a
// millisecond is taken to have had its processor all the time.
int64_t rk_meter_stop(const rk_meter *meter, int64_t *elapsed);

// Tells the processor that the caller spins.
static inline void rk_relax(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

// Every kernel that takes a team, with random shapes and two to eight members, against one member by itself: all bits
// must agree. Built by `run` with random delays between phases, and once more with the thread sanitizer, which also
// sees accesses that happened to come in the right order.
//
//     races SECONDS SEED

#include <stdlib.h>

#include "../checks.h"

int main(int argc, char **argv) {
  const double seconds = argc > 1 ? atof(argv[1]) : 10;
  uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
  const double end = now() + seconds;
  int64_t cases = 0, failed = 0;
  for (; now() < end; ++cases, ++seed) {
    seed_random(seed);
    const kernel_check *check = check_of(draw(0, team_check_count - 1));
    char name[512] = "";
    const int64_t wrong = check->check(name);
    release_blocks();
    if (wrong == 0) continue;
    ++failed;
    printf("%s, %s (seed %llu): %lld results differ\n", check->kernel, name, (unsigned long long)seed,
           (long long)wrong);
  }
  printf("%lld cases, %lld differ\n", (long long)cases, (long long)failed);
  return failed > 0;
}

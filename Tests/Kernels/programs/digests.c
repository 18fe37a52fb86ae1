// Every kernel with random shapes: a line for each case with a digest of the bits of all its results, the same on every
// machine and instruction set. Each case is also computed twice, by a team and by one member or whole and in parts, which
// must agree.
//
//     digests CASES SEED            (RK_TEST_NAMES in the environment: what each case was, on the standard error)

#include <stdlib.h>

#include "../checks.h"

int main(int argc, char **argv) {
  const int64_t cases = argc > 1 ? atoll(argv[1]) : 100;
  const uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
  int64_t failed = 0;
  for (uint64_t at = seed; at < seed + (uint64_t)cases; ++at) {
    seed_random(at);
    const kernel_check *check = check_of(draw(0, team_check_count + single_check_count - 1));
    char name[512] = "";
    const int64_t wrong = check->check(name);
    release_blocks();
    printf("%llu %s %016llx\n", (unsigned long long)at, check->kernel, (unsigned long long)take_digest());
    if (getenv("RK_TEST_NAMES")) fprintf(stderr, "%llu %s\n", (unsigned long long)at, name);
    if (wrong == 0) continue;
    ++failed;
    fprintf(stderr, "%s, %s (seed %llu): %lld results differ\n", check->kernel, name, (unsigned long long)at,
            (long long)wrong);
  }
  return failed > 0;
}

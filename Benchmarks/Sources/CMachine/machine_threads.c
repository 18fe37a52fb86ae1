#if defined(__linux__)
#define _GNU_SOURCE
#include <dirent.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/types.h>
#endif

#include "machine.h"

#if defined(__linux__)

// The number of the processor that stands at `index` in a set; -1 where there is none.
static int processor_at(const cpu_set_t *set, int index) {
  for (int processor = 0; processor < CPU_SETSIZE; ++processor) {
    if (CPU_ISSET(processor, set) && index-- == 0) return processor;
  }
  return -1;
}

int machine_use_processors(int count) {
  cpu_set_t all, chosen;
  if (sched_getaffinity(0, sizeof all, &all) != 0) return -1;
  CPU_ZERO(&chosen);
  for (int index = 0; index < count; ++index) {
    const int processor = processor_at(&all, index);
    if (processor >= 0) CPU_SET(processor, &chosen);
  }
  return sched_setaffinity(0, sizeof chosen, &chosen);
}

int machine_pin_threads(void) {
  cpu_set_t all;
  if (sched_getaffinity(0, sizeof all, &all) != 0) return -1;
  DIR *folder = opendir("/proc/self/task");
  if (folder == NULL) return -1;
  int index = 0, result = 0;
  for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
    const pid_t thread = (pid_t)atoi(entry->d_name);
    if (thread <= 0) continue;
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(processor_at(&all, index++ % CPU_COUNT(&all)), &one);
    if (sched_setaffinity(thread, sizeof one, &one) != 0) result = -1;
  }
  closedir(folder);
  return result;
}

#else

int machine_use_processors(int count) { return count > 0 ? -1 : 0; }
int machine_pin_threads(void) { return -1; }

#endif

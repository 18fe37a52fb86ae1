// The functions of glibc's allocator with a counter in front. A program's own definitions take the place of the
// library's for everything in the process.

#include "allocation_counter.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>

#if defined(__has_feature)
#if __has_feature(thread_sanitizer) || __has_feature(address_sanitizer)
// a sanitizer has an allocator of its own, which has to see every block
#define SANITIZED 1
#endif
#endif

#if defined(__GLIBC__) && !defined(SANITIZED)

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

static _Thread_local uint64_t calls;

uint64_t allocation_counter_value(void) { return calls; }

void *malloc(size_t size) {
  ++calls;
  return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
  ++calls;
  return __libc_calloc(count, size);
}

void *realloc(void *block, size_t size) {
  ++calls;
  return __libc_realloc(block, size);
}

void *memalign(size_t alignment, size_t size) {
  ++calls;
  return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
  ++calls;
  return __libc_memalign(alignment, size);
}

int posix_memalign(void **block, size_t alignment, size_t size) {
  ++calls;
  void *result = __libc_memalign(alignment, size);
  if (!result) return ENOMEM;
  *block = result;
  return 0;
}

bool allocation_counter_works(void) {
  const uint64_t before = calls;
  void *volatile block = malloc(1);
  free(block);
  return calls > before;
}

#else

bool allocation_counter_works(void) { return false; }
uint64_t allocation_counter_value(void) { return 0; }

#endif

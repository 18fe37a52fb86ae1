// sched_getaffinity is none of the functions of the standard
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include "recurrent_mpi.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

void rm_host(char *name, int size) {
  if (size < 1) return;
  name[0] = 0;
  if (gethostname(name, (size_t)size) != 0) snprintf(name, (size_t)size, "an unnamed machine");
  name[size - 1] = 0;
}

#ifdef RECURRENT_MPI

#include <mpi.h>
#include <time.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

int rm_is_built(void) { return 1; }

int rm_init(void) {
  int provided = 0;
  // gradients are exchanged by another thread than all else, never by both at once
  int code = MPI_Init_thread(NULL, NULL, MPI_THREAD_SERIALIZED, &provided);
  if (code != MPI_SUCCESS) return code;
  if (provided < MPI_THREAD_SERIALIZED) return MPI_ERR_UNSUPPORTED_OPERATION;
  return MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
}

static int64_t nanoseconds(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * (int64_t)1000000000 + time.tv_nsec;
}

// Waits for a request. MPI waits awake, with the processor that the rank computes on meanwhile, or another of this machine; this sleeps
// for an eighth of the time that it has waited, again and again, so that it is late by no more than that.
static int finish(int code, MPI_Request *request) {
  if (code != MPI_SUCCESS) return code;
  int64_t begin = nanoseconds();
  int done = 0;
  for (;;) {
    code = MPI_Test(request, &done, MPI_STATUS_IGNORE);
    if (code != MPI_SUCCESS || done) return code;
    int64_t waited = nanoseconds() - begin;
    if (waited < 20000) continue;
#ifdef __linux__
    // the kernel rounds sleeps of a thread to 50 us unless it is told otherwise
    static _Thread_local int is_exact = 0;
    if (!is_exact) is_exact = prctl(PR_SET_TIMERSLACK, 1000UL, 0UL, 0UL, 0UL) == 0;
#endif
    int64_t pause = waited / 8 < 200000 ? waited / 8 : 200000;
    nanosleep(&(struct timespec){0, (long)pause}, NULL);
  }
}

int rm_end(void) {
  MPI_Request request;
  // those that are done first sleep
  finish(MPI_Ibarrier(MPI_COMM_WORLD, &request), &request);
  return MPI_Finalize();
}

int rm_ranks(int *rank, int *size, int *local_size) {
  int code = MPI_Comm_rank(MPI_COMM_WORLD, rank);
  if (code == MPI_SUCCESS) code = MPI_Comm_size(MPI_COMM_WORLD, size);
  MPI_Comm local;
  if (code == MPI_SUCCESS)
    code = MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &local);
  if (code == MPI_SUCCESS) {
    code = MPI_Comm_size(local, local_size);
    MPI_Comm_free(&local);
  }
  return code;
}

int rm_alltoall(const void *parts, void *received, int64_t count) {
  MPI_Request request;
  return finish(
      MPI_Ialltoall(parts, (int)count, MPI_BYTE, received, (int)count, MPI_BYTE, MPI_COMM_WORLD, &request), &request);
}

int rm_allgather(const void *part, void *received, int64_t count) {
  MPI_Request request;
  return finish(
      MPI_Iallgather(part, (int)count, MPI_BYTE, received, (int)count, MPI_BYTE, MPI_COMM_WORLD, &request), &request);
}

void rm_error(int code, char *text, int size) {
  char own[MPI_MAX_ERROR_STRING + 1];
  int length = 0;
  if (MPI_Error_string(code, own, &length) != MPI_SUCCESS) length = 0;
  own[length] = 0;
  snprintf(text, (size_t)size, "%s", own);
}

void rm_abort(int code) { MPI_Abort(MPI_COMM_WORLD, code); }

#else

int rm_is_built(void) { return 0; }
int rm_init(void) { return 1; }
int rm_end(void) { return 1; }
int rm_ranks(int *rank, int *size, int *local_size) {
  *rank = 0;
  *size = *local_size = 1;
  return 1;
}
int rm_alltoall(const void *parts, void *received, int64_t count) {
  (void)parts, (void)received, (void)count;
  return 1;
}
int rm_allgather(const void *part, void *received, int64_t count) {
  (void)part, (void)received, (void)count;
  return 1;
}
void rm_error(int code, char *text, int size) {
  (void)code;
  snprintf(text, (size_t)size, "built without MPI");
}
void rm_abort(int code) { _exit(code); }

#endif

#ifdef __linux__
#include <sched.h>
#endif

int rm_affinity(unsigned char *mask, int size) {
#ifdef __linux__
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) != 0) return 0;
  int count = size < (int)sizeof set ? size : (int)sizeof set;
  for (int i = 0; i < count; i++) mask[i] = ((unsigned char *)&set)[i];
  return count;
#else
  (void)mask;
  (void)size;
  return 0;
#endif
}

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

int rm_is_built(void) { return 1; }

int rm_init(void) {
  int provided = 0;
  int code = MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &provided);
  if (code != MPI_SUCCESS) return code;
  return MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
}

int rm_end(void) { return MPI_Finalize(); }

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
  return MPI_Alltoall(parts, (int)count, MPI_BYTE, received, (int)count, MPI_BYTE, MPI_COMM_WORLD);
}

int rm_allgather(const void *part, void *received, int64_t count) {
  return MPI_Allgather(part, (int)count, MPI_BYTE, received, (int)count, MPI_BYTE, MPI_COMM_WORLD);
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

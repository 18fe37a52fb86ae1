// The few functions of MPI that a training needs. MPI's communicators and types are macros of its implementation, which Swift does
// not see. All functions return 0, or a code for rm_error. Threads may call them, but no two at once.

#ifndef RECURRENT_MPI_H
#define RECURRENT_MPI_H

#include <stdint.h>

// Whether the program was built with MPI; without it nothing else may be called.
int rm_is_built(void);

// Begins; rm_end when all is done. The program goes on where a call fails, so that errors can be told.
int rm_init(void);
int rm_end(void);

// The number of this rank, how many there are, and how many of them run on this machine.
int rm_ranks(int *rank, int *size, int *local_size);

// `count` bytes to each rank and from each; `count` at most 2^30.
int rm_alltoall(const void *parts, void *received, int64_t count);
// `count` bytes from each rank to all; `count` at most 2^30.
int rm_allgather(const void *part, void *received, int64_t count);

// The name of this machine; `size` bytes at most with the end.
void rm_host(char *name, int size);
// What a code means; `size` bytes at most with the end.
void rm_error(int code, char *text, int size);
// Ends all ranks.
void rm_abort(int code);

// The processors that this process may use, a bit for each: how many bytes were written; 0 where the system does not say.
int rm_affinity(unsigned char *mask, int size);

#endif

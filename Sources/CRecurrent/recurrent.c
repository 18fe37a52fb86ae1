// What of the interface is known when it is compiled.
#include "recurrent.h"

_Static_assert(sizeof(rec_error) == 1024, "the size of an error is part of the interface");

int32_t rec_interface(void) { return REC_MAJOR * 1000 + REC_MINOR; }

#ifndef REC_COMMIT
#define REC_COMMIT ""
#endif

const char *rec_commit(void) { return REC_COMMIT; }

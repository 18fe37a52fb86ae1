// No includes: the header of the system is read by CRecurrentMPI alone, which is built against one MPI.

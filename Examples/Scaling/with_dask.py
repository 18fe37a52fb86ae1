"""Dask: with_dask.py PROGRAM BUNDLE DATA"""

import sys
import tempfile

import parts
from dask.distributed import Client, LocalCluster

if __name__ == "__main__":
    program, bundle, data = sys.argv[1:4]
    count = 4
    with tempfile.TemporaryDirectory() as folder:
        with LocalCluster(n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None) as cluster:
            with Client(cluster) as client:
                client.upload_file(parts.__file__)
                futures = client.map(
                    lambda index: parts.predict(program, bundle, data, folder, index, count), range(count), retries=2)
                parts.check("dask", client.gather(futures), program, bundle, data)

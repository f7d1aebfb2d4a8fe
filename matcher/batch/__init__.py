"""National batches: many clients against one market, on workers of ``dask.distributed``.

The one process that runs the batch reads the inputs and writes the results; workers compute and
need neither the files nor a shared folder. Results do not depend on how many workers there are, on
the order in which blocks are done, or on what died on the way.

Raises
------
ModuleNotFoundError
    On import, where the extra ``scale`` is not installed.
"""

try:
    import distributed  # noqa: F401
    import pyarrow  # noqa: F401
except ModuleNotFoundError as missing:
    raise ModuleNotFoundError(
        f"a batch needs {missing.name}: install the extra 'scale' "
        "(pip install 'livelihood-placement[scale]')",
        name=missing.name,
    ) from None

from matcher.batch.clusters import local_cluster, running_cluster
from matcher.batch.columnar import arrow_schema, as_arrow
from matcher.batch.errors import BatchFailed, BatchRefused
from matcher.batch.job import Batch
from matcher.batch.rows import ParquetRows, Rows, TableRows
from matcher.batch.running import Summary, Unwatched, Watch, run

__all__ = [
    "Batch",
    "BatchFailed",
    "BatchRefused",
    "ParquetRows",
    "Rows",
    "Summary",
    "TableRows",
    "Unwatched",
    "Watch",
    "arrow_schema",
    "as_arrow",
    "local_cluster",
    "run",
    "running_cluster",
]

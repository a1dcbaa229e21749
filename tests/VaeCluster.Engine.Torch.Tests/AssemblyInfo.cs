// Live tensors are counted for the whole process, so no test runs beside another.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

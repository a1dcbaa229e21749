using VaeCluster.Service.Runs;
using VaeCluster.Service.Store;

namespace VaeCluster.Service.Tests.Laws;

/// <summary>Runs to store.</summary>
internal static class StoredRuns
{
    /// <summary>A queued run, submitted a number of minutes after a fixed moment.</summary>
    internal static StoredRun Queued(string id, int minutes = 0) => new()
    {
        Id = id,
        Submitted = new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero).AddMinutes(minutes),
        Workers = 2,
        State = RunState.Queued,
    };

    /// <summary>A failed run in which every field is set.</summary>
    internal static StoredRun Full(string id) => Queued(id) with
    {
        State = RunState.Failed,
        Beginning = new RunBeginning(501, 468, 4680, 652_824, 4, "managed, 16 lanes"),
        Notes = ["worker w1 was lost at step 17", "«ü» \"quoted\"\nand a second line"],
        Error = "it's all over",
    };

    /// <summary>Compares lists by content, which records compare by reference.</summary>
    internal static void Same(StoredRun expected, StoredRun? actual)
    {
        Assert.NotNull(actual);
        Assert.Equal(expected.Notes, actual.Notes);
        Assert.Equal(expected with { Notes = [] }, actual with { Notes = [] });
    }
}

using VaeCluster.Core.Reduction;

namespace VaeCluster.Server.Tests.Fixtures;

/// <summary>Stops training before a step until it is opened, so that a test knows the progress of a run without sleeping.</summary>
internal sealed class Gate(int step) : IDisposable
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualResetEventSlim _open = new();

    /// <summary>Completes when a run has reached the step.</summary>
    internal Task Reached => _reached.Task;

    internal void Open() => _open.Set();

    internal void Before(string worker, int atStep, TreeNode node)
    {
        if (atStep != step) return;
        _reached.TrySetResult();
        _open.Wait();
    }

    public void Dispose()
    {
        _open.Set();
        _open.Dispose();
    }
}

using VaeCluster.Core;
using VaeCluster.Service.Store;
using VaeCluster.Sweeps.Tests.Fixtures;

namespace VaeCluster.Service.Tests.Store;

public sealed class RunsFolderLockTests
{
    [Fact]
    public void Silos_share_a_folder_and_a_server_locks_it_exclusively()
    {
        using var folder = new TemporaryFolder();
        string runs = folder["runs"];
        using (RunsFolderLock.TakeShared(runs))
        using (RunsFolderLock.TakeShared(runs))
        {
            Assert.Contains("silos of a cluster are using this one", Refused(() => RunsFolderLock.TakeAlone(runs)).Message,
                StringComparison.Ordinal);
        }

        using (RunsFolderLock.TakeAlone(runs))
        {
            Assert.Contains("a `serve` is using this one", Refused(() => RunsFolderLock.TakeAlone(runs)).Message, StringComparison.Ordinal);
            Assert.Contains("a `serve` is using this one", Refused(() => RunsFolderLock.TakeShared(runs)).Message,
                StringComparison.Ordinal);
        }

        RunsFolderLock.TakeShared(runs).Dispose();
    }

    private static BadInputException Refused(Func<IDisposable> take)
    {
        BadInputException fault = Assert.Throws<BadInputException>(take);
        Assert.Equal("--runs", fault.File);
        return fault;
    }
}

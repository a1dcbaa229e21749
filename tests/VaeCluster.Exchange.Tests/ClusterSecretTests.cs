using VaeCluster.Core;

namespace VaeCluster.Exchange.Tests;

public sealed class ClusterSecretTests
{
    [Fact]
    public void A_file_without_a_secret_is_refused_and_a_pipe_holds_nobody()
    {
        using var files = new TemporaryFiles();
        foreach (string path in (string[])[files.Pipe(), files.Empty(), files.Path, "/dev/zero", files.Path + "/missing"])
        {
            BadInputException fault = Assert.Throws<BadInputException>(() => ClusterSecret.ReadFile(path, "--cluster-secret-file"));
            Assert.Equal(
                $"--cluster-secret-file is '{path}': a readable file with a secret of at least 32 characters", fault.Message);
        }
    }
}

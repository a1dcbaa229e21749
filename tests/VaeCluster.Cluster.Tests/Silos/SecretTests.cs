using System.Net.Sockets;
using System.Text;
using VaeCluster.Client;
using VaeCluster.Cluster.Tests.Fixtures;
using VaeCluster.Core;
using VaeCluster.Exchange;

namespace VaeCluster.Cluster.Tests.Silos;

/// <summary>Nobody takes part in a cluster, or talks to one, without its secret.</summary>
[Collection(PostgresServer.Shared)]
[Trait("Duration", "long")]
public sealed class SecretTests(PostgresServer server)
{
    [Fact]
    public async Task The_first_silo_makes_a_secret_that_only_its_user_can_read()
    {
        using SiloCluster cluster = SiloCluster.Standalone();
        SiloProcess silo = await cluster.AddAsync();
        string path = cluster.Folder["runs", "cluster.secret"];
        Assert.Equal(65, new FileInfo(path).Length);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        string secret = File.ReadAllText(path);
        await cluster.AddAsync();
        Assert.Equal(secret, File.ReadAllText(path));
        Assert.DoesNotContain(secret.Trim(), silo.Output + silo.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silo_with_another_secret_or_none_is_told_so_at_its_start()
    {
        using SiloCluster cluster = SiloCluster.Standalone();
        string own = cluster.Folder["own.txt"], other = cluster.Folder["other.txt"];
        File.WriteAllText(own, "a secret that somebody has thought of, once\n");
        File.WriteAllText(other, "another secret that somebody has thought of");
        await cluster.AddAsync("--cluster-secret-file", own);
        await cluster.AddAsync("--cluster-secret-file", own);
        Assert.DoesNotContain("thought", File.ReadAllText(cluster.Folder["runs", "cluster.secret"]), StringComparison.Ordinal);
        foreach ((string[] arguments, string said) in ((string[], string)[])[
            (["--cluster-secret-file", other], "the secret of the cluster's other silos"),
            ([], "--cluster-secret-file: is needed"),
            (["--cluster-secret-file", cluster.Folder["missing.txt"]], "a readable file with a secret of at least 32 characters")])
        {
            ProgramResult result = await cluster.Add(arguments).EndAsync();
            Assert.Equal(2, result.ExitCode);
            Assert.Contains(said, result.Error, StringComparison.Ordinal);
            Assert.Single(result.Error.TrimEnd().Split('\n'));
        }
    }

    [Fact]
    public async Task A_secret_that_others_can_read_is_refused()
    {
        if (OperatingSystem.IsWindows()) return;
        using SiloCluster cluster = SiloCluster.Standalone();
        Directory.CreateDirectory(cluster.Folder["runs"]);
        string path = cluster.Folder["runs", "cluster.secret"];
        File.WriteAllText(path, ClusterSecret.NewText());
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        ProgramResult result = await cluster.Add().EndAsync();
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("a file that only its owner may read", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_Orleans_client_without_the_secret_and_a_stranger_on_any_port_get_nothing()
    {
        using SiloCluster cluster = SiloCluster.Standalone();
        SiloProcess silo = await cluster.AddAsync();
        var options = new ClusterClientOptions
        {
            Gateways = [$"127.0.0.1:{cluster.Gateways[0]}"],
            Secret = cluster.Secret,
            ConnectTimeout = TimeSpan.FromSeconds(15),
        };
        await using (ClusterClient client = await ClusterClient.ConnectAsync(options))
            Assert.Empty((await client.Runs.ListAsync(10, null, default)).Runs);
        BadInputException refused = await Assert.ThrowsAsync<BadInputException>(() => ClusterClient.ConnectAsync(options with
        {
            Secret = new ClusterSecret(ClusterSecret.NewText()),
            ConnectTimeout = TimeSpan.FromSeconds(5),
        }));
        Assert.Contains("and this secret", refused.Message, StringComparison.Ordinal);

        foreach (int port in cluster.Ports)
        {
            using var stranger = new TcpClient("127.0.0.1", port) { ReceiveTimeout = 30_000 };
            await stranger.Client.SendAsync(Encoding.ASCII.GetBytes(new string('x', 4096)));
            int got;
            try
            {
                got = stranger.Client.Receive(new byte[1]);
            }
            catch (SocketException fault) when (fault.SocketErrorCode == SocketError.ConnectionReset)
            {
                got = 0;
            }

            Assert.Equal(0, got);
        }

        string run = await cluster.SubmitAsync(SmallRun.Text(epochs: 2));
        Assert.Equal(await SmallRun.WeightsAsync(epochs: 2), await cluster.FinishAsync(run));
        Assert.Contains("what it said first is no proof of the cluster's secret", silo.Output + silo.Error, StringComparison.Ordinal);
    }

    [RequiresFact(Requirement.Postgres)]
    public async Task Silos_of_a_database_share_the_secret_in_it()
    {
        using SiloCluster cluster = await SiloCluster.OnDatabaseAsync(server);
        await cluster.AddAsync("--role", "server");
        await cluster.AddAsync("--role", "worker");
        string run = await cluster.SubmitAsync(SmallRun.Text(epochs: 2));
        Assert.Equal(await SmallRun.WeightsAsync(epochs: 2), await cluster.FinishAsync(run));
        string file = cluster.Folder["secret.txt"];
        File.WriteAllText(file, ClusterSecret.NewText());
        ProgramResult result = await cluster.Add("--cluster-secret-file", file).EndAsync();
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("the secret of the cluster's other silos", result.Error, StringComparison.Ordinal);
    }
}

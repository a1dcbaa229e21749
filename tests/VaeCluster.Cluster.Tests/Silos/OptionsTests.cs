using System.Globalization;
using System.Net;
using System.Net.Sockets;
using VaeCluster.Cluster.Tests.Fixtures;

namespace VaeCluster.Cluster.Tests.Silos;

/// <summary>A silo's options, and its errors for invalid ones.</summary>
[Collection(PostgresServer.Shared)]
public sealed class OptionsTests
{
    public static TheoryData<string, string> Bad { get; } = new()
    {
        { "", "--standalone, --database: give one of them" },
        { "--standalone --database Host=x", "--standalone, --database: give one of them, not both" },
        { "--database nonsense", "--database" },
        { "--standalone --role boss", "--role is 'boss': worker, server or both" },
        { "--standalone --devices gpu:0", "--devices is 'gpu:0': devices such as cpu:0,cpu:1 or cuda:0" },
        { "--standalone --devices cuda:99", "--devices is 'cuda:99': cuda:99:" },
        { "--standalone --engine fast", "--engine is 'fast': managed or torch" },
        { "--standalone --engine torch --precision half", "--precision is 'half': float32, tf32 or bfloat16" },
        { "--standalone --devices cpu:0,cpu:0", "--devices is 'cpu:0,cpu:0': each device once" },
        { "--standalone --silo-port 0", "--silo-port is '0': a whole number from 1 to 65535" },
        { "--standalone --tensor-port many", "--tensor-port is 'many': a whole number" },
        { "--standalone --lease 0.1", "--lease is '0.1': seconds from 0.5 to 60" },
        { "--standalone --lease 1,5", "--lease is '1,5': seconds from 0.5 to 60" },
        { "--standalone --grace NaN", "--grace is 'NaN': seconds from 0 to 3600" },
        { "--standalone --grace 1e400", "--grace is '1e400': seconds from 0 to 3600" },
        { "--standalone --ranges 0", "--ranges is '0': a whole number" },
        { "--standalone --ranges (3)", "--ranges is '(3)': a whole number from 1 to 1024" },
        { "--standalone --silo-port 1,1111", "--silo-port is '1,1111': a whole number from 1 to 65535" },
        { "--standalone --data no/such/folder", "--data is 'no/such/folder': an existing folder" },
        { "--standalone --address nobody.invalid", "--address is 'nobody.invalid': an address of this machine" },
        { "--standalone --address 203.0.113.9", "--address is '203.0.113.9': an address of this machine" },
        { "--standalone --urls gopher://x", "--urls is 'gopher://x'" },
        { "--standalone --urls http://0.0.0.0:5080", "unless a token is set" },
        { "--standalone --token-file no/such/file", "--token-file is 'no/such/file'" },
        { "--standalone --certificate a.pem", "--certificate-key: is missing" },
        { "--standalone --certificate a.pem --certificate-key b.pem --certificate-authority c.pem", "--certificate-authority is 'c.pem'" },
        { "--standalone --rols worker", "'--rols'" },
        { "--standalone --cluster-id my\tcluster", "--cluster-id is 'my\\u0009cluster': a name" },
        { "migrate", "--database: is missing" },
        { "migrate --database Host=127.0.0.1;Port=1;Database=x;Username=x", "cannot be used" },
        { "migrate --database Host=x --wait long", "--wait is 'long': seconds from 0 to 86400" },
        { "health --urls nowhere", "--urls is 'nowhere': an address such as" },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task An_invalid_value_is_refused_in_one_line(string arguments, string words)
    {
        using var folder = new TemporaryFolder();
        (await SiloProcess.RunAsync(folder.Path, arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries))).Refused(words);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Theory]
    [InlineData("--silo-port")]
    [InlineData("--gateway-port")]
    [InlineData("--tensor-port")]
    public async Task A_port_in_use_is_refused(string option)
    {
        using var folder = new TemporaryFolder();
        int port = TcpPorts.Unused();
        using var other = new TcpListener(IPAddress.Loopback, port);
        other.Start();
        string text = port.ToString(CultureInfo.InvariantCulture);
        (await SiloProcess.RunAsync(folder.Path, "--standalone", option, text))
            .Refused($"{option} is '{text}': a free port on this machine");
        string url = $"http://127.0.0.1:{text}";
        (await SiloProcess.RunAsync(folder.Path, "--standalone", "--urls", url)).Refused($"--urls is '{url}': addresses that are free");
    }

    [Fact]
    public async Task Silos_of_another_cluster_in_the_same_folder_of_runs_are_refused()
    {
        using var cluster = SiloCluster.Standalone();
        SiloProcess first = await cluster.AddAsync("--cluster-id", "one");
        (await cluster.Add("--cluster-id", "two").EndAsync()).Refused("the id 'one', whose silos already use this folder of runs");
        first.Kill();
        await cluster.AddAsync("--cluster-id", "two");
    }

    [Fact]
    public async Task The_help_names_every_option_and_shows_examples()
    {
        using var folder = new TemporaryFolder();
        string help = (await SiloProcess.RunAsync(folder.Path, "run", "--help")).Succeeded().Output;
        string[] words = ["--standalone", "--database", "--role", "--devices", "--data", "--runs", "--grace", "--certificate-authority",
            "POD_IP", "Examples:"];
        foreach (string word in words) Assert.Contains(word, help, StringComparison.Ordinal);
        Assert.Contains("migrate", (await SiloProcess.RunAsync(folder.Path, "--help")).Succeeded().Output, StringComparison.Ordinal);
    }
}

using VaeCluster.Cluster.Tests.Fixtures;
using VaeCluster.Core;
using VaeCluster.Silo.Database;

namespace VaeCluster.Cluster.Tests.Database;

public sealed class DatabaseAddressTests
{
    private const string Secret = "hunter2";

    [Theory]
    [InlineData("nonsense hunter2")]
    [InlineData("postgres://me:hunter2@db/vaecluster")]
    [InlineData("Host=db;Password=pre;hunter2=x")]
    [InlineData("Host=db;Port=hunter2")]
    [InlineData("Host=db;Port=99999999999999;Password=hunter2")]
    [InlineData("Host=db;SSL Mode=hunter2")]
    [InlineData("Password=hunter2;Database=vaecluster")]
    public void An_invalid_address_is_reported_with_its_source_and_without_the_password(string text)
    {
        BadInputException fault = Assert.Throws<BadInputException>(() => DatabaseAddress.Parse(text, "--database"));
        Assert.StartsWith("--database: ", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, fault.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
    }

    [Fact]
    public void An_address_is_described_without_the_password()
    {
        DatabaseAddress address = DatabaseAddress.Parse("Host=db;Port=5433;Database=v;Username=me;Password=hunter2", "VAECLUSTER_DATABASE");
        Assert.Equal("database 'v' at db:5433", address.Description);
        Assert.Contains(Secret, address.ConnectionString, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unreachable_database_is_reported_in_one_line()
    {
        int port = TcpPorts.Unused();
        DatabaseAddress address = DatabaseAddress.Parse($"Host=127.0.0.1;Port={port};Database=v;Username=me;Password={Secret}",
            "--database");
        BadInputException fault = await Assert.ThrowsAsync<BadInputException>(() => SchemaMigration.DemandAsync(address, default));
        Assert.StartsWith($"--database: database 'v' at 127.0.0.1:{port} cannot be used: ", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, fault.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
    }
}

namespace VaeCluster.Cluster.Tests.Fixtures;

/// <summary>Names the collection of tests that share one server, each with its own databases.</summary>
[CollectionDefinition(PostgresServer.Shared)]
public sealed class SharedPostgres : ICollectionFixture<PostgresServer>;

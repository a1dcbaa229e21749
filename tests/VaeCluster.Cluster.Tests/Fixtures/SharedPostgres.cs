namespace VaeCluster.Cluster.Tests.Fixtures;

/// <summary>Names the collection of tests that share one server, each with databases of its own.</summary>
[CollectionDefinition(PostgresServer.Shared)]
public sealed class SharedPostgres : ICollectionFixture<PostgresServer>;

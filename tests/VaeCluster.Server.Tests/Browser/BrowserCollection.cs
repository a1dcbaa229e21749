namespace VaeCluster.Server.Tests.Browser;

[CollectionDefinition(Name)]
public sealed class BrowserCollection : ICollectionFixture<BrowserFixture>
{
    internal const string Name = "browser";
}

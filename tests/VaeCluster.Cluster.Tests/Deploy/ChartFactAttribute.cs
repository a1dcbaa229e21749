
namespace VaeCluster.Cluster.Tests.Deploy;

/// <summary>A test that needs Helm, PostgreSQL, and possibly more.</summary>
internal sealed class ChartFactAttribute : FactAttribute
{
    /// <summary>Looks for them when the test is discovered.</summary>
    /// <param name="others">What else it needs.</param>
    public ChartFactAttribute(params Requirement[] others)
    {
        foreach (Requirement requirement in (Requirement[])[Requirement.Helm, Requirement.Postgres, .. others])
            if (Requirements.Find(requirement) is null) Skip = $"needs {Requirements.Describe(requirement)}";
    }
}

namespace VaeCluster.Tests.Shared;

/// <summary>A test over a table, as <see cref="RequiresFactAttribute"/>.</summary>
internal sealed class RequiresTheoryAttribute : TheoryAttribute
{
    /// <summary>Looks for it when the test is discovered.</summary>
    /// <param name="requirements">What the test needs.</param>
    public RequiresTheoryAttribute(params Requirement[] requirements)
    {
        foreach (Requirement requirement in requirements)
            if (Requirements.Find(requirement) is null) Skip ??= $"needs {Requirements.Describe(requirement)}";
    }
}

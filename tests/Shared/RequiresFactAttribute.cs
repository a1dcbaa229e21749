namespace VaeCluster.Tests.Shared;

/// <summary>A test that runs where the machine has what it needs, and is reported as skipped, with the reason, where not.</summary>
internal sealed class RequiresFactAttribute : FactAttribute
{
    /// <summary>Looks for it when the test is discovered: xunit 2 cannot skip a test that has begun.</summary>
    /// <param name="requirements">What the test needs.</param>
    public RequiresFactAttribute(params Requirement[] requirements)
    {
        foreach (Requirement requirement in requirements)
            if (Requirements.Find(requirement) is null) Skip ??= $"needs {Requirements.Describe(requirement)}";
    }
}

namespace VaeCluster.Cli.Doctor;

/// <summary>The result of one check.</summary>
/// <param name="What">What was checked.</param>
/// <param name="Found">What was found.</param>
/// <param name="Fine">Whether that is good enough.</param>
/// <param name="Remedy">What to do, or a hint where it is fine but could be better; null: nothing.</param>
internal sealed record Finding(string What, string Found, bool Fine, string? Remedy = null);

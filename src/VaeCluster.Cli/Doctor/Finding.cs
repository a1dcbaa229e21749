namespace VaeCluster.Cli.Doctor;

/// <summary>One thing that was looked at.</summary>
/// <param name="What">The thing.</param>
/// <param name="Found">How it is.</param>
/// <param name="Fine">Whether that is good enough.</param>
/// <param name="Remedy">What to do, or a hint where it is fine but could be better; null: nothing.</param>
internal sealed record Finding(string What, string Found, bool Fine, string? Remedy = null);

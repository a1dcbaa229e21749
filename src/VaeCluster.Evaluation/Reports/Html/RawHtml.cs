namespace VaeCluster.Evaluation.Reports.Html;

/// <summary>Trusted markup that is not escaped; only for markup that this program generates.</summary>
/// <param name="Markup">The markup.</param>
public readonly record struct RawHtml(string Markup);

namespace VaeCluster.Evaluation.Reports.Html;

/// <summary>Markup that is trusted and must not be escaped: only for what this program wrote itself.</summary>
/// <param name="Markup">The markup.</param>
public readonly record struct RawHtml(string Markup);

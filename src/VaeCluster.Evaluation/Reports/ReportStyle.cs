using System.Reflection;
using VaeCluster.Evaluation.Reports.Html;

namespace VaeCluster.Evaluation.Reports;

/// <summary>The style of reports: light or dark as the system prefers, from phone to wide screen.</summary>
public static class ReportStyle
{
    private static readonly Lazy<RawHtml> Sheet = new(() => Resource(typeof(ReportStyle).Assembly, "report.css"));

    /// <summary>The style sheet.</summary>
    public static RawHtml Css => Sheet.Value;

    /// <summary>Reads a style sheet or script embedded in an assembly.</summary>
    /// <param name="assembly">The assembly.</param>
    /// <param name="name">The resource's name.</param>
    public static RawHtml Resource(Assembly assembly, string name)
    {
        using Stream resource = assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is missing from the assembly");
        using var reader = new StreamReader(resource);
        return new RawHtml(reader.ReadToEnd().ReplaceLineEndings("\n"));
    }
}

using VaeCluster.Sweeps.Trials;

namespace VaeCluster.Sweeps.Reports;

/// <summary>Colours trials by one parameter: β if it is in the space, otherwise the first one.</summary>
internal sealed class TrialColors
{
    /// <summary>Number of colours in the page's scale, <c>k0</c> to <c>k6</c>.</summary>
    internal const int Count = 7;

    internal TrialColors(IReadOnlyList<ReportParameter> parameters)
    {
        Parameter = parameters.FirstOrDefault(parameter => parameter.Field == ReportParameter.BetaField)
            ?? (parameters.Count > 0 ? parameters[0] : null);
    }

    /// <summary>The parameter; null if trials differ only in their seed.</summary>
    internal ReportParameter? Parameter { get; }

    /// <summary>The CSS class of a trial's colour.</summary>
    internal string ClassOf(TrialRecord trial) => ClassOf(Parameter?.Position(trial) ?? 0);

    /// <summary>The legend: CSS class and text of each colour.</summary>
    internal IReadOnlyList<(string Class, string Text)> Legend()
    {
        if (Parameter is null) return [];
        if (Parameter.Choices.Count > 0)
        {
            int last = Math.Max(1, Parameter.Choices.Count - 1);
            double Position(int i) => Parameter.Choices.Count == 1 ? 0.5 : (double)i / last;
            return [.. Parameter.Choices.Select((choice, i) => (ClassOf(Position(i)), $"{Parameter.Name} {choice}"))];
        }

        string least = $"{Parameter.Name} {ReportParameter.TextOf(Parameter.Min)}", most = ReportParameter.TextOf(Parameter.Max);
        return [(ClassOf(0), least), (ClassOf(0.5), "…"), (ClassOf(1), most)];
    }

    private static string ClassOf(double position) => $"k{(int)Math.Round(Math.Clamp(position, 0, 1) * (Count - 1))}";
}

using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using VaeCluster.Core.Specs.Syntax;

namespace VaeCluster.Core.Specs;

/// <summary>Writes a spec as YAML, one line per field; a member's own fields follow its name in alphabetical order.</summary>
internal static partial class RunFileWriter
{
    internal static string Write(RunSpec spec)
    {
        var text = new StringBuilder();
        Line(text, 0, "name", spec.Name);

        Section(text, "data");
        Member(text, 1, "dataset", spec.Data.Dataset);
        Line(text, 1, "binarize", Word(spec.Data.Binarize));
        if (spec.Data.Corruption.Name != "none") Nested(text, "corruption", spec.Data.Corruption);
        Line(text, 1, "validation", spec.Data.Validation);
        Line(text, 1, "limit", spec.Data.Limit);
        Line(text, 1, "fingerprint", spec.Data.Fingerprint);

        Section(text, "model");
        Member(text, 1, "architecture", spec.Model.Architecture);
        Member(text, 1, "likelihood", spec.Model.Likelihood);
        if (spec.Model.Posterior.Name != "gaussian") Nested(text, "posterior", spec.Model.Posterior);
        if (spec.Model.Prior.Name != "standard") Nested(text, "prior", spec.Model.Prior);
        Line(text, 1, "latent", spec.Model.Latent);
        Line(text, 1, "outputBias", Word(spec.Model.OutputBias));

        Section(text, "objective");
        Member(text, 1, "kind", spec.Objective.Kind);
        Nested(text, "schedule", spec.Objective.Schedule);

        Section(text, "training");
        Line(text, 1, "epochs", spec.Training.Epochs);
        Line(text, 1, "batch", spec.Training.Batch);
        Line(text, 1, "shards", spec.Training.Shards);
        Member(text, 1, "optimizer", spec.Training.Optimizer);
        Line(text, 1, "learningRate", spec.Training.LearningRate);
        Nested(text, "schedule", spec.Training.Schedule);
        Nested(text, "average", spec.Training.Average);
        Line(text, 1, "clipNorm", spec.Training.ClipNorm);
        Line(text, 1, "seed", spec.Training.Seed);
        Line(text, 1, "nonFinite", Word(spec.Training.NonFinite));

        Section(text, "checkpoint");
        Line(text, 1, "everySteps", spec.Checkpoint.EverySteps);
        Line(text, 1, "keep", spec.Checkpoint.Keep);

        Section(text, "evaluation");
        Line(text, 1, "seed", spec.Evaluation.Seed);
        Line(text, 1, "everyEpochs", spec.Evaluation.EveryEpochs);
        Line(text, 1, "limit", spec.Evaluation.Limit);
        return text.ToString();
    }

    private static void Section(StringBuilder text, string name) => text.Append(name).Append(":\n");

    private static void Nested(StringBuilder text, string name, MemberSpec member)
    {
        text.Append(' ', 2).Append(name).Append(":\n");
        Member(text, 2, "kind", member);
    }

    private static void Member(StringBuilder text, int depth, string family, MemberSpec member)
    {
        Line(text, depth, family, member.Name);
        foreach (KeyValuePair<string, object> field in member.Values.OrderBy(field => field.Key, StringComparer.Ordinal))
            Line(text, depth, field.Key, field.Value);
    }

    private static void Line(StringBuilder text, int depth, string name, object? value)
    {
        if (value is not null) text.Append(' ', 2 * depth).Append(name).Append(": ").Append(Value(value)).Append('\n');
    }

    private static string Value(object value) => value switch
    {
        string word => SpecWriter.Quote(word),
        bool flag => flag ? "true" : "false",
        double number => number.ToString("R", CultureInfo.InvariantCulture).Replace('E', 'e'),
        IReadOnlyDictionary<string, long> map => Map(map),
        IEnumerable<long> list => $"[{string.Join(", ", list)}]",
        IEnumerable<IReadOnlyDictionary<string, long>> layers => $"[{string.Join(", ", layers.Select(Map))}]",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string Map(IReadOnlyDictionary<string, long> map)
    {
        IEnumerable<string> entries = map.OrderBy(entry => entry.Key, StringComparer.Ordinal)
            .Select(entry => $"{SpecWriter.Quote(entry.Key)}: {entry.Value}");
        return map.Count == 0 ? "{}" : $"{{ {string.Join(", ", entries)} }}";
    }

    private static string Word<T>(T value)
        where T : struct, Enum => CapitalsInside().Replace(value.ToString(), "-$0").ToLowerInvariant();

    [GeneratedRegex("(?<!^)[A-Z]", RegexOptions.CultureInvariant)]
    private static partial Regex CapitalsInside();
}

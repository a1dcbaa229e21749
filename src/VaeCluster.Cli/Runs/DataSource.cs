using VaeCluster.Core;
using VaeCluster.Core.Specs;
using VaeCluster.Data;
using VaeCluster.Training.Runs;

namespace VaeCluster.Cli.Runs;

/// <summary>Opens the data that a command line names.</summary>
internal static class DataSource
{
    /// <summary>Opens the data of a run file, or a dataset by its name with every field at its default.</summary>
    /// <param name="source">A run file or a dataset's name.</param>
    /// <param name="path">The dataset's <c>path</c>, where it takes one.</param>
    /// <exception cref="BadInputException">There is no such data.</exception>
    internal static DataSplits Open(string source, string? path)
    {
        if (Datasets.Members.FirstOrDefault(member => member.Name == source) is { } member)
            return DataSplits.Open(new DataSpec { Dataset = WithDefaults(member, path) }, seed: 0, evaluationSeed: 0);
        if (!File.Exists(source))
            throw new BadInputException("DATA", null, source,
                $"a run file, or one of {string.Join(", ", Datasets.Members.Select(known => known.Name))}");

        RunSpec spec = RunFile.Load(source, [], RunVocabulary.All);
        try
        {
            return DataSplits.Open(spec.Data, spec.Training.Seed, spec.Evaluation.Seed);
        }
        catch (BadInputException fault)
        {
            throw fault.In(source);
        }
    }

    private static MemberSpec WithDefaults(Member member, string? path)
    {
        var values = new Dictionary<string, object>();
        foreach (FieldRule field in member.Fields)
        {
            if (field.Name == "path" && path is not null) values[field.Name] = Path.GetFullPath(path);
            else if (field.Default is { } standard) values[field.Name] = standard;
            else if (field.Required) throw new BadInputException($"--{field.Name}", null, null, $"{member.Name} needs {field.Summary}");
        }

        return new MemberSpec(member.Name, values);
    }
}

using VaeCluster.Core.Specs;
using VaeCluster.Training.Runs;

namespace VaeCluster.Distributed.Workers;

/// <summary>
/// Finds a run's data on this silo: at the path that the run file has, else under this silo's data folders at the longest tail of that
/// path. Whether they are the same data is proven by their fingerprint, not by their place.
/// </summary>
/// <param name="folders">The silo's data folders.</param>
public sealed class DataPlaces(IReadOnlyList<string> folders)
{
    private readonly string[] _folders = [.. folders.Select(Path.GetFullPath)];

    /// <summary>The run with its data paths as they are here. What is found nowhere stays as it is: opening it says so.</summary>
    /// <param name="spec">The resolved run.</param>
    public RunSpec Find(RunSpec spec)
    {
        MemberSpec dataset = spec.Data.Dataset;
        var values = new Dictionary<string, object>(dataset.Values);
        foreach (FieldRule rule in RunVocabulary.All.Datasets.Single(member => member.Name == dataset.Name).Fields)
        {
            if (rule.Kind == FieldKind.Path && dataset.Has(rule.Name)) values[rule.Name] = Find(dataset.Text(rule.Name));
        }

        return spec with { Data = spec.Data with { Dataset = new MemberSpec(dataset.Name, values) } };
    }

    private string Find(string path)
    {
        if (Path.Exists(path)) return path;
        string[] parts = path.Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries);
        for (int first = 0; first <= parts.Length; first++)
        {
            foreach (string folder in _folders)
            {
                string candidate = Path.Combine([folder, .. parts.Skip(first)]);
                if (first < parts.Length && Path.Exists(candidate)) return candidate;
            }
        }

        return path;
    }
}

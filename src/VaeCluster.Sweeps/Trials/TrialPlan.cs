using System.Text.Json;
using VaeCluster.Sweeps.Searches;
using VaeCluster.Sweeps.Specs;

namespace VaeCluster.Sweeps.Trials;

/// <summary>The trials of a sweep by their index.</summary>
public sealed class TrialPlan
{
    private readonly SweepSpec _spec;
    private readonly ISearch _search;

    /// <summary>Creates the plan of a sweep.</summary>
    /// <param name="spec">The sweep.</param>
    public TrialPlan(SweepSpec spec)
    {
        _spec = spec;
        _search = SearchFamily.Create(spec);
        long all = (long)(_search.Count ?? SearchFamily.MostTrials) * spec.Seeds.Count;
        Count = (int)Math.Min(all, spec.Search.Has("trials") ? spec.Search.Integer("trials") : SearchFamily.MostTrials);
    }

    /// <summary>The number of trials.</summary>
    public int Count { get; }

    /// <summary>Whether a trial's setting depends on results of other trials and must be looked up in the log.</summary>
    /// <param name="index">The trial's index.</param>
    public bool NeedsResults(int index) => _search.NeedsResults(SettingOf(index));

    /// <summary>The number of a trial's setting; trials of one setting differ only in their seed.</summary>
    /// <param name="index">The trial's index.</param>
    public int SettingOf(int index) => index / _spec.Seeds.Count;

    /// <summary>A trial by its index.</summary>
    /// <param name="index">The index, from 0 to below <see cref="Count"/>.</param>
    /// <param name="results">The results of other settings; used only if <see cref="NeedsResults"/>.</param>
    public Trial At(int index, IReadOnlyList<SettingResult> results) => With(index, _search.Setting(SettingOf(index), results));

    /// <summary>A trial with a known setting.</summary>
    /// <param name="index">The trial's index.</param>
    /// <param name="setting">Its setting.</param>
    public Trial With(int index, IReadOnlyDictionary<string, JsonElement> setting) =>
        new(index, setting, _spec.Seeds[index % _spec.Seeds.Count]);
}

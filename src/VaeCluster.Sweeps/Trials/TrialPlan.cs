using System.Text.Json;
using VaeCluster.Sweeps.Searches;
using VaeCluster.Sweeps.Specs;

namespace VaeCluster.Sweeps.Trials;

/// <summary>The trials of a sweep by their index.</summary>
public sealed class TrialPlan
{
    private readonly SweepSpec _spec;
    private readonly ISearch _search;

    /// <summary>The plan of a sweep.</summary>
    /// <param name="spec">The sweep.</param>
    public TrialPlan(SweepSpec spec)
    {
        _spec = spec;
        _search = SearchFamily.Create(spec);
        long all = (long)(_search.Count ?? SearchFamily.MostTrials) * spec.Seeds.Count;
        Count = (int)Math.Min(all, spec.Search.Has("trials") ? spec.Search.Integer("trials") : SearchFamily.MostTrials);
    }

    /// <summary>How many trials there are.</summary>
    public int Count { get; }

    /// <summary>Whether a trial's setting follows from the results of others, so that only the sweep's log knows it.</summary>
    /// <param name="index">The trial.</param>
    public bool NeedsResults(int index) => _search.NeedsResults(SettingOf(index));

    /// <summary>The number of a trial's setting: trials of one setting differ in their seed.</summary>
    /// <param name="index">The trial.</param>
    public int SettingOf(int index) => index / _spec.Seeds.Count;

    /// <summary>A trial.</summary>
    /// <param name="index">From 0 to below <see cref="Count"/>.</param>
    /// <param name="results">What is known of other settings; not looked at unless <see cref="NeedsResults"/>.</param>
    public Trial At(int index, IReadOnlyList<SettingResult> results) => With(index, _search.Setting(SettingOf(index), results));

    /// <summary>A trial whose setting is known.</summary>
    /// <param name="index">The trial.</param>
    /// <param name="setting">Its setting.</param>
    public Trial With(int index, IReadOnlyDictionary<string, JsonElement> setting) => new(index, setting, _spec.Seeds[index % _spec.Seeds.Count]);
}

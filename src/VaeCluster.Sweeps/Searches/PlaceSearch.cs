using System.Text.Json;
using VaeCluster.Sweeps.Spaces;

namespace VaeCluster.Sweeps.Searches;

/// <summary>
/// A search that gives each setting a place in the unit cube, one coordinate a parameter, whether its conditions hold or not: so the place of
/// one parameter never moves with the value of another.
/// </summary>
/// <param name="space">The space.</param>
public abstract class PlaceSearch(SearchSpace space) : ISearch
{
    /// <inheritdoc/>
    public int? Count => null;

    /// <inheritdoc/>
    public bool NeedsResults(int number) => false;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, JsonElement> Setting(int number, IReadOnlyList<SettingResult> results)
    {
        Dictionary<string, int> coordinates = space.Parameters.Index().ToDictionary(entry => entry.Item.Field, entry => entry.Index);
        return space.Setting(parameter => At(parameter, Coordinate(number, coordinates[parameter.Field])));
    }

    /// <summary>A coordinate of a setting's place.</summary>
    /// <param name="number">The setting.</param>
    /// <param name="dimension">The parameter's place in the space.</param>
    /// <returns>From 0 to below 1.</returns>
    protected abstract double Coordinate(int number, int dimension);

    /// <summary>The value of a parameter at a coordinate.</summary>
    internal static JsonElement At(SpaceParameter parameter, double coordinate) => parameter.Values is { } values
        ? values[(int)(coordinate * values.Count)]
        : parameter.Range!.Json(parameter.Range.AtPlace(coordinate));
}

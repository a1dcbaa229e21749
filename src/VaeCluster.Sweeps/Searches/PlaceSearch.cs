using System.Text.Json;
using VaeCluster.Sweeps.Spaces;

namespace VaeCluster.Sweeps.Searches;

/// <summary>
/// A search that maps each setting to a point in the unit cube. Every parameter has its own coordinate even if its conditions do not hold,
/// so that its values do not depend on those of other parameters.
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

    /// <summary>A coordinate of a setting's point.</summary>
    /// <param name="number">The setting's number.</param>
    /// <param name="dimension">The parameter's index in the space.</param>
    /// <returns>A value in [0, 1).</returns>
    protected abstract double Coordinate(int number, int dimension);

    /// <summary>The value of a parameter at a coordinate.</summary>
    internal static JsonElement At(SpaceParameter parameter, double coordinate) => parameter.Values is { } values
        ? values[(int)(coordinate * values.Count)]
        : parameter.Range!.Json(parameter.Range.AtPlace(coordinate));
}

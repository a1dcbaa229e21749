namespace VaeCluster.Grains.Placement;

/// <summary>Keys of grains that are bound to one incarnation of one silo: <c>silo/rest</c>.</summary>
internal static class SiloKey
{
    /// <summary>Combines silo and rest into a key.</summary>
    /// <param name="silo">The silo's incarnation as text, see <see cref="VaeCluster.Distributed.Membership.SiloBeat.Incarnation"/>.</param>
    /// <param name="rest">Identifies the grain on that silo.</param>
    internal static string Of(string silo, string rest) => $"{silo}/{rest}";

    /// <summary>Splits a key into silo and rest.</summary>
    /// <param name="key">The key.</param>
    internal static (SiloAddress Silo, string Place) Parse(string key)
    {
        int slash = key.IndexOf('/', StringComparison.Ordinal);
        return (SiloAddress.FromParsableString(key[..slash]), key[(slash + 1)..]);
    }
}

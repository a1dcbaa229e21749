using System.Globalization;
using System.Text.Json.Serialization;

namespace VaeCluster.Data;

/// <summary>What a set of images was when a run began, to tell later whether it is still the same.</summary>
/// <param name="Count">Number of images.</param>
/// <param name="Image">Their size, for example <c>1×28×28</c>.</param>
/// <param name="Fingerprint">See <see cref="IDataset.Fingerprint"/>.</param>
/// <param name="Stamp">See <see cref="IDataset.Stamp"/>; null where the images are read whole each time.</param>
/// <param name="Sample">SHA-256 of some images; only beside a stamp.</param>
public sealed record ImageSetRecord(
    int Count, string Image, string Fingerprint,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Stamp = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Sample = null)
{
    private const int DigitsShown = 12;

    /// <summary>For people: count, size and the beginning of the fingerprint.</summary>
    public string Describe() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Count:#,0} images of {Image} (fingerprint {Fingerprint[..Math.Min(DigitsShown, Fingerprint.Length)]}…)");
}

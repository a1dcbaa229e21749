using System.IO.Compression;

namespace VaeCluster.Data.Tests.Hdf;

/// <summary>Small files that h5py 3.7 wrote, compressed here.</summary>
internal static class HdfFixtures
{
    /// <summary>Datasets images, 6×2×2×3 bytes that count up, in compressed chunks, and labels, 2 × 3 combinations of values, gzip.</summary>
    public static byte[] PackedShapes => Convert.FromBase64String(
        "H4sIAG5lDWsC/+v0cHHj5ZLiYgABDg4GFgYBBmTwHwouyKDyYfIJUJoRSndA6RVMMHFGsJwEVFwQaj66upAgV1eQ6v9oAGaPAQuERnXdKBgpwMPVMQBE"
        + "R0D5sPR0gglVXWZuYnpqMQNDTmJSak4xIl06kGkvIwMbxAxGGN8DQrNABNig6pjQaGYoTUieGZiiGaHpGmIiB5hkBdIgPhMzRJibQQHMYIS7gwOcs1JS"
        + "03ISS1IZoNkDKKoAMZeJtYIVYSUMMyN8YkBWeAT7+bswAo3igPIVmPGrh+XXA9KjaRgZgMo7RmB0oJd3CiSac0AYGg9o6YsQeICmj4VYC0VQuYTSN+No"
        + "VI+CUTAKRsEoGAWjYBSMglEwCkYBVUBFXHJCSlJaYmry8wdPHj17+PSxuICIkJigqDA7A6cIo2hF3OQJUyZNmzh1cnhASFBYYGjw9QtXLl27ePUyO4Oq"
        + "CXNoRZyxgYmRmaGp8fYNWzZt27h1c3lBSVFZYWkxO4NjCOtUVNvsDqDy9Q6gu2fWTBDYaQ9Tj8rXQ+OPglEwCkbBKBgFo4AcwMjAijY/oQGhmbDPT6Dz"
        + "mRkkwFoFFeyhY/oODCbcDCb/oQO48HkIJoiBHNCZF2ZGBehIcAJ6i2RAwwMADDTJqtAcAAA=");

    /// <summary>A dataset x of 1×2×2 big-endian 16-bit numbers: 0, 256, 1000, 4095; gzip.</summary>
    public static byte[] PackedBigEndian => Convert.FromBase64String(
        "H4sIAG5lDWsC/+v0cHHj5ZLiYgABDg4GFgYBBmTwHwqAUih8mHwClGaE0h1QegUTTJwRLCcBFReEmo+uLiTI1RWk+j8agNljwAKhORhGwUgEHq6OASA6"
        + "AsqHpdITTKjqKtDSoweF9jIysELMYoTxLSA0MyOKPUxoNC5xZqDLQXICjDAxiE9YgSkbJM7ExMQISeeQHAO0hgN7yi8YkHgI9vN3AeVomGsUmEfT5igY"
        + "BUMXMDIwv+D/DwCJFJIWCAgAAA==");

    public static byte[] Unpack(byte[] packed)
    {
        using var unpacked = new MemoryStream();
        using (var gzip = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress)) gzip.CopyTo(unpacked);
        return unpacked.ToArray();
    }
}

namespace VaeCluster.Core.Formats;

/// <summary>The supported .npy element types.</summary>
public enum NpyType
{
    /// <summary>Bytes and booleans, <c>|u1</c> and <c>|b1</c>.</summary>
    Byte,

    /// <summary>IEEE float32, <c>&lt;f4</c>.</summary>
    Single,

    /// <summary>IEEE float64, <c>&lt;f8</c>.</summary>
    Double,

    /// <summary>Signed 32-bit integers, <c>&lt;i4</c>.</summary>
    Int32,

    /// <summary>Signed 64-bit integers, <c>&lt;i8</c>.</summary>
    Int64,
}

namespace VaeCluster.Core.Formats;

/// <summary>The supported .npy element types, of either byte order.</summary>
public enum NpyType
{
    /// <summary>Bytes and booleans, <c>u1</c> and <c>b1</c>.</summary>
    Byte,

    /// <summary>Signed bytes, <c>i1</c>.</summary>
    SByte,

    /// <summary>Signed 16-bit integers, <c>i2</c>.</summary>
    Int16,

    /// <summary>Unsigned 16-bit integers, <c>u2</c>.</summary>
    UInt16,

    /// <summary>Signed 32-bit integers, <c>i4</c>.</summary>
    Int32,

    /// <summary>Unsigned 32-bit integers, <c>u4</c>.</summary>
    UInt32,

    /// <summary>Signed 64-bit integers, <c>i8</c>.</summary>
    Int64,

    /// <summary>Unsigned 64-bit integers, <c>u8</c>.</summary>
    UInt64,

    /// <summary>IEEE float16, <c>f2</c>.</summary>
    Half,

    /// <summary>IEEE float32, <c>f4</c>.</summary>
    Single,

    /// <summary>IEEE float64, <c>f8</c>.</summary>
    Double,

    /// <summary>Text of a fixed number of UTF-32 characters, <c>U</c>.</summary>
    Text,

    /// <summary>Text of a fixed number of bytes, <c>S</c>.</summary>
    ByteText,
}

namespace VaeCluster.Core.Formats;

/// <summary>The supported safetensors element types.</summary>
public enum SafetensorsType
{
    /// <summary>IEEE float32, <c>F32</c>.</summary>
    Single,

    /// <summary>Signed 64-bit integers, <c>I64</c>.</summary>
    Int64,

    /// <summary>Bytes, <c>U8</c>.</summary>
    Byte,
}

using System.Buffers;
using System.Runtime.InteropServices;

namespace VaeCluster.Core.Formats;

/// <summary>One named tensor of a safetensors file.</summary>
/// <param name="Name">Its name, unique in the file.</param>
/// <param name="Type">The type of its elements.</param>
/// <param name="Shape">Its dimensions, outermost first; none for a single number.</param>
/// <param name="Data">Its elements, row-major and little-endian.</param>
public sealed record SafetensorsTensor(string Name, SafetensorsType Type, IReadOnlyList<int> Shape, ReadOnlyMemory<byte> Data)
{
    /// <summary>A float32 tensor with a copy of the values.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="shape">Its dimensions; their product is the number of values.</param>
    /// <param name="values">Its elements, row-major.</param>
    /// <exception cref="ArgumentException">The number of values does not match the shape.</exception>
    public static SafetensorsTensor FromSingles(string name, IReadOnlyList<int> shape, ReadOnlySpan<float> values)
    {
        CheckShape(name, shape, values.Length);
        return new SafetensorsTensor(name, SafetensorsType.Single, [.. shape], MemoryMarshal.AsBytes(values).ToArray());
    }

    /// <summary>
    /// A float32 tensor that refers to the caller's memory without a copy: what gets written is its content at that time.
    /// </summary>
    /// <param name="name">Its name.</param>
    /// <param name="shape">Its dimensions; their product is the number of values.</param>
    /// <param name="values">Its elements, row-major.</param>
    /// <exception cref="ArgumentException">The number of values does not match the shape.</exception>
    public static SafetensorsTensor OfSingles(string name, IReadOnlyList<int> shape, ReadOnlyMemory<float> values)
    {
        CheckShape(name, shape, values.Length);
        return new SafetensorsTensor(name, SafetensorsType.Single, shape, new SingleBytes(values).Memory);
    }

    /// <summary>The elements of a float32 tensor.</summary>
    /// <exception cref="InvalidOperationException">The tensor has another type.</exception>
    public ReadOnlySpan<float> Singles() => Type == SafetensorsType.Single
        ? MemoryMarshal.Cast<byte, float>(Data.Span)
        : throw new InvalidOperationException($"'{Name}' holds {Type}, not float32");

    /// <summary>The elements of an int64 tensor.</summary>
    /// <exception cref="InvalidOperationException">The tensor has another type.</exception>
    public ReadOnlySpan<long> Integers() => Type == SafetensorsType.Int64
        ? MemoryMarshal.Cast<byte, long>(Data.Span)
        : throw new InvalidOperationException($"'{Name}' holds {Type}, not int64");

    private static void CheckShape(string name, IReadOnlyList<int> shape, int length)
    {
        if (shape.Aggregate(1L, (product, dimension) => product * dimension) != length)
            throw new ArgumentException($"the shape of '{name}' does not have {length} elements", nameof(shape));
    }
}

/// <summary>A view of float32 memory as bytes, so that values can be written to a file without a copy. Read-only.</summary>
internal sealed class SingleBytes(ReadOnlyMemory<float> values) : MemoryManager<byte>
{
    /// <inheritdoc/>
    public override Span<byte> GetSpan() => MemoryMarshal.AsBytes(MemoryMarshal.AsMemory(values).Span);

    /// <inheritdoc/>
    public override MemoryHandle Pin(int elementIndex = 0) =>
        throw new NotSupportedException("these bytes are read through their span only");

    /// <inheritdoc/>
    public override void Unpin()
    {
        // Nothing is ever pinned.
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        // The values belong to the caller.
    }
}

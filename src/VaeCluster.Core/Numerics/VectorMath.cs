using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace VaeCluster.Core.Numerics;

/// <summary>
/// The functions of <see cref="LaneMath"/> on spans of any length. A value depends only on its argument, never on its position in the span.
/// </summary>
public static class VectorMath
{
    /// <summary>e^x; see <see cref="LaneMath.Exp"/>.</summary>
    /// <param name="x">The arguments.</param>
    /// <param name="y">Receives the values: as long as <paramref name="x"/>; may be the same memory.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Exp(ReadOnlySpan<float> x, Span<float> y) => Apply<ExpFunction>(x, y);

    /// <summary>The natural logarithm; see <see cref="LaneMath.Log"/>.</summary>
    /// <inheritdoc cref="Exp"/>
    public static void Log(ReadOnlySpan<float> x, Span<float> y) => Apply<LogFunction>(x, y);

    /// <summary>The hyperbolic tangent; see <see cref="LaneMath.Tanh"/>.</summary>
    /// <inheritdoc cref="Exp"/>
    public static void Tanh(ReadOnlySpan<float> x, Span<float> y) => Apply<TanhFunction>(x, y);

    /// <summary>1 / (1 + e^−x); see <see cref="LaneMath.Sigmoid"/>.</summary>
    /// <inheritdoc cref="Exp"/>
    public static void Sigmoid(ReadOnlySpan<float> x, Span<float> y) => Apply<SigmoidFunction>(x, y);

    /// <summary>log(1 + e^x); see <see cref="LaneMath.Softplus"/>.</summary>
    /// <inheritdoc cref="Exp"/>
    public static void Softplus(ReadOnlySpan<float> x, Span<float> y) => Apply<SoftplusFunction>(x, y);

    /// <summary>Applies a function to every element.</summary>
    /// <typeparam name="TFunction">The function.</typeparam>
    /// <param name="x">The arguments.</param>
    /// <param name="y">Receives the values: as long as <paramref name="x"/>, and may be the same memory.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Apply<TFunction>(ReadOnlySpan<float> x, Span<float> y)
        where TFunction : struct, ILaneFunction
    {
        if (x.Length != y.Length) throw new ArgumentException($"{x.Length} arguments, but room for {y.Length} values", nameof(y));

        int i = 0;
        for (; i <= x.Length - Lanes.Count; i += Lanes.Count) Lanes.Store(TFunction.Invoke(Lanes.Load(x, i)), y, i);
        if (i < x.Length) Lanes.StoreTail(TFunction.Invoke(Lanes.LoadTail(x[i..])), y[i..]);
    }

    private readonly struct ExpFunction : ILaneFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Invoke(Vector512<float> x) => LaneMath.Exp(x);
    }

    private readonly struct LogFunction : ILaneFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Invoke(Vector512<float> x) => LaneMath.Log(x);
    }

    private readonly struct TanhFunction : ILaneFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Invoke(Vector512<float> x) => LaneMath.Tanh(x);
    }

    private readonly struct SigmoidFunction : ILaneFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Invoke(Vector512<float> x) => LaneMath.Sigmoid(x);
    }

    private readonly struct SoftplusFunction : ILaneFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Invoke(Vector512<float> x) => LaneMath.Softplus(x);
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using VaeCluster.Core.Numerics;

namespace VaeCluster.Engine.Managed.Elementwise;

/// <summary>The elementwise functions.</summary>
internal static class UnaryKernels
{
    private static Vector512<float> Zero => Vector512<float>.Zero;

    private static Vector512<float> One => Vector512<float>.One;

    internal readonly struct Identity : IUnaryKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Apply(Vector512<float> x, Vector512<float> a, Vector512<float> b) => x;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Derivative(Vector512<float> x, Vector512<float> y, Vector512<float> a, Vector512<float> b) => One;
    }

    internal readonly struct Relu : IUnaryKernel
    {
        // A selection instead of Max, so that NaN passes; otherwise an invalid gradient would look valid.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Apply(Vector512<float> x, Vector512<float> a, Vector512<float> b) =>
            Vector512.ConditionalSelect(Vector512.LessThanOrEqual(x, Zero), Zero, x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Derivative(Vector512<float> x, Vector512<float> y, Vector512<float> a, Vector512<float> b) =>
            Vector512.ConditionalSelect(Vector512.GreaterThan(y, Zero), One, Zero);
    }

    /// <summary>The slope is <c>a</c>, which must be positive so that the result has the argument's sign.</summary>
    internal readonly struct LeakyRelu : IUnaryKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Apply(Vector512<float> x, Vector512<float> a, Vector512<float> b) =>
            Vector512.ConditionalSelect(Vector512.GreaterThan(x, Zero), x, x * a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Derivative(Vector512<float> x, Vector512<float> y, Vector512<float> a, Vector512<float> b) =>
            Vector512.ConditionalSelect(Vector512.GreaterThan(y, Zero), One, a);
    }

    internal readonly struct Tanh : IUnaryKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Apply(Vector512<float> x, Vector512<float> a, Vector512<float> b) => LaneMath.Tanh(x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Derivative(Vector512<float> x, Vector512<float> y, Vector512<float> a, Vector512<float> b) =>
            Vector512.FusedMultiplyAdd(-y, y, One);
    }

    internal readonly struct Sigmoid : IUnaryKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Apply(Vector512<float> x, Vector512<float> a, Vector512<float> b) => LaneMath.Sigmoid(x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Derivative(Vector512<float> x, Vector512<float> y, Vector512<float> a, Vector512<float> b) =>
            y * (One - y);
    }

    internal readonly struct Softplus : IUnaryKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Apply(Vector512<float> x, Vector512<float> a, Vector512<float> b) => LaneMath.Softplus(x);

        // Computed from the result, since layers do not store the argument: sigmoid(x) = 1 − e^−y.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Derivative(Vector512<float> x, Vector512<float> y, Vector512<float> a, Vector512<float> b) =>
            One - LaneMath.Exp(-y);
    }

    internal readonly struct Exp : IUnaryKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Apply(Vector512<float> x, Vector512<float> a, Vector512<float> b) => LaneMath.Exp(x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Derivative(Vector512<float> x, Vector512<float> y, Vector512<float> a, Vector512<float> b) => y;
    }

    internal readonly struct Log : IUnaryKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Apply(Vector512<float> x, Vector512<float> a, Vector512<float> b) => LaneMath.Log(x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Derivative(Vector512<float> x, Vector512<float> y, Vector512<float> a, Vector512<float> b) =>
            One / x;
    }

    internal readonly struct Square : IUnaryKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Apply(Vector512<float> x, Vector512<float> a, Vector512<float> b) => x * x;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Derivative(Vector512<float> x, Vector512<float> y, Vector512<float> a, Vector512<float> b) => x + x;
    }

    internal readonly struct Abs : IUnaryKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Apply(Vector512<float> x, Vector512<float> a, Vector512<float> b) => Vector512.Abs(x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Derivative(Vector512<float> x, Vector512<float> y, Vector512<float> a, Vector512<float> b) =>
            Vector512.ConditionalSelect(
                Vector512.GreaterThan(x, Zero), One, Vector512.ConditionalSelect(Vector512.LessThan(x, Zero), -One, Zero));
    }

    internal readonly struct Affine : IUnaryKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Apply(Vector512<float> x, Vector512<float> a, Vector512<float> b) =>
            Vector512.FusedMultiplyAdd(a, x, b);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Derivative(Vector512<float> x, Vector512<float> y, Vector512<float> a, Vector512<float> b) => a;
    }

    internal readonly struct Clamp : IUnaryKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Apply(Vector512<float> x, Vector512<float> a, Vector512<float> b)
        {
            Vector512<float> above = Vector512.ConditionalSelect(Vector512.LessThan(x, a), a, x);
            return Vector512.ConditionalSelect(Vector512.GreaterThan(above, b), b, above);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Derivative(Vector512<float> x, Vector512<float> y, Vector512<float> a, Vector512<float> b) =>
            Vector512.ConditionalSelect(Vector512.LessThan(x, a) | Vector512.GreaterThan(x, b), Zero, One);
    }

    internal readonly struct ContinuousBernoulliMean : IUnaryKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Apply(Vector512<float> x, Vector512<float> a, Vector512<float> b) => ContinuousBernoulli.Mean(x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Derivative(Vector512<float> x, Vector512<float> y, Vector512<float> a, Vector512<float> b) =>
            ContinuousBernoulli.Variance(x);
    }

    internal readonly struct Stop : IUnaryKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Apply(Vector512<float> x, Vector512<float> a, Vector512<float> b) => x;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Derivative(Vector512<float> x, Vector512<float> y, Vector512<float> a, Vector512<float> b) => Zero;
    }

    /// <summary>Not monotone: its derivative needs the argument.</summary>
    internal readonly struct Silu : IUnaryKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Apply(Vector512<float> x, Vector512<float> a, Vector512<float> b) => x * LaneMath.Sigmoid(x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Derivative(Vector512<float> x, Vector512<float> y, Vector512<float> a, Vector512<float> b)
        {
            Vector512<float> sigmoid = LaneMath.Sigmoid(x);
            return Vector512.FusedMultiplyAdd(x * (One - sigmoid), sigmoid, sigmoid);
        }
    }
}

/// <summary>A function of 16 elements and its derivative; as a type argument, so that it is inlined into the loop.</summary>
internal interface IUnaryKernel
{
    /// <summary>The function.</summary>
    static abstract Vector512<float> Apply(Vector512<float> x, Vector512<float> a, Vector512<float> b);

    /// <summary>The derivative, given argument and result.</summary>
    static abstract Vector512<float> Derivative(Vector512<float> x, Vector512<float> y, Vector512<float> a, Vector512<float> b);
}

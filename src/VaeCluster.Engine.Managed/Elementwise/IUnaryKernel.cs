using System.Runtime.Intrinsics;

namespace VaeCluster.Engine.Managed.Elementwise;

/// <summary>A function of 16 elements and its derivative. As a type argument it is compiled into the loop.</summary>
internal interface IUnaryKernel
{
    /// <summary>The function.</summary>
    static abstract Vector512<float> Apply(Vector512<float> x, Vector512<float> a, Vector512<float> b);

    /// <summary>The derivative, from argument and result.</summary>
    static abstract Vector512<float> Derivative(Vector512<float> x, Vector512<float> y, Vector512<float> a, Vector512<float> b);
}

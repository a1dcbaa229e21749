using System.Runtime.Intrinsics;

namespace VaeCluster.Core.Numerics;

/// <summary>A function of one float32 that is computed on 16 lanes; a type argument, so that loops over spans inline it.</summary>
public interface ILaneFunction
{
    /// <summary>The function's values.</summary>
    /// <param name="x">The arguments.</param>
    static abstract Vector512<float> Invoke(Vector512<float> x);
}

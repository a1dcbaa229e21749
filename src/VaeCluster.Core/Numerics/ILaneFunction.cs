using System.Runtime.Intrinsics;

namespace VaeCluster.Core.Numerics;

/// <summary>An elementwise float32 function on 16 lanes; passed as a type argument, so that loops over spans inline it.</summary>
public interface ILaneFunction
{
    /// <summary>The function's values.</summary>
    /// <param name="x">The arguments.</param>
    static abstract Vector512<float> Invoke(Vector512<float> x);
}

using System.Runtime.Intrinsics;

namespace VaeCluster.Engine.Managed.Likelihoods;

/// <summary>log p(x) of 16 pixels from their locations and log-scales, and its derivatives. As a type argument it is compiled into the loop.</summary>
internal interface ILocationScaleKernel
{
    /// <summary>log p(x).</summary>
    static abstract Vector512<float> LogLikelihood(Vector512<float> location, Vector512<float> logScale, Vector512<float> x, float step);

    /// <summary>Its derivatives by location and log-scale.</summary>
    static abstract (Vector512<float> ByLocation, Vector512<float> ByLogScale) Derivatives(
        Vector512<float> location, Vector512<float> logScale, Vector512<float> x, float step);
}

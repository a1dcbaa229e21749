namespace VaeCluster.Data.Sprites;

/// <summary>A shape in its own coordinates: centre at the origin, scale 1, v downwards.</summary>
internal interface ISprite
{
    /// <summary>A radius that encloses the shape.</summary>
    static abstract double Reach { get; }

    /// <summary>Whether a point lies inside.</summary>
    static abstract bool Contains(double u, double v);
}

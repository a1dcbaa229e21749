using VaeCluster.Core.Parameters;

namespace VaeCluster.Models.Engines;

/// <summary>Runs graphs on one kind of arithmetic.</summary>
public interface IEngine : IDisposable
{
    /// <summary>The engine's name, for example <c>managed</c>.</summary>
    string Name { get; }

    /// <summary>
    /// What decides the bits of its results (engine, kernel version, library, threads), in one line. Workers of one run state the same,
    /// or promise P1 is given up.
    /// </summary>
    string Arithmetic { get; }

    /// <summary>A holder for one version of a model's parameters at a time.</summary>
    /// <param name="layout">The flat vector.</param>
    IEngineWeights CreateWeights(ParameterLayout layout);
}

using VaeCluster.Core.Parameters;

namespace VaeCluster.Models.Engines;

/// <summary>Executes graphs on one kind of hardware or library.</summary>
public interface IEngine : IDisposable
{
    /// <summary>The engine's name, for example <c>managed</c>.</summary>
    string Name { get; }

    /// <summary>
    /// Everything that affects the bits of its results (engine, kernel version, library, threads), in one line. All workers of a run must
    /// have the same arithmetic, or the run's weights depend on the number of workers.
    /// </summary>
    string Arithmetic { get; }

    /// <summary>Allocates memory for a model's parameters.</summary>
    /// <param name="layout">The layout of the flat vector.</param>
    IEngineWeights CreateWeights(ParameterLayout layout);
}

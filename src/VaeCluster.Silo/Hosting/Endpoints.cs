namespace VaeCluster.Silo.Hosting;

/// <summary>The ports of a silo once they are known to be free.</summary>
/// <param name="Silo">For other silos.</param>
/// <param name="Gateway">For Orleans clients; 0: a silo that serves none.</param>
/// <param name="Tensor">For tensors.</param>
internal sealed record Endpoints(int Silo, int Gateway, int Tensor);

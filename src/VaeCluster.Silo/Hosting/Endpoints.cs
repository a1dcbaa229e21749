namespace VaeCluster.Silo.Hosting;

/// <summary>The ports that a silo has chosen.</summary>
/// <param name="Silo">For other silos.</param>
/// <param name="Gateway">For Orleans clients; 0 on a silo that serves none.</param>
/// <param name="Tensor">For tensors.</param>
internal sealed record Endpoints(int Silo, int Gateway, int Tensor);

namespace VaeCluster.Training.Runs;

/// <summary>The run whose weights another began with.</summary>
/// <param name="Run">Name of its folder.</param>
/// <param name="Step">Steps that the weights had.</param>
/// <param name="WeightsSha256">SHA-256 of the flat little-endian float32 vector.</param>
/// <param name="OptimizerState">Whether the optimiser's state was taken over too.</param>
public sealed record RunSource(string Run, int Step, string WeightsSha256, bool OptimizerState)
{
    /// <summary>One line for people, for example <c>from 001-mnist-vae, step 4,690</c>.</summary>
    public string Describe() => string.Create(System.Globalization.CultureInfo.InvariantCulture,
        $"from {Run}, step {Step:#,0}{(OptimizerState ? ", with the optimiser's state" : string.Empty)}");
}

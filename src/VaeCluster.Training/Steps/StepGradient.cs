namespace VaeCluster.Training.Steps;

/// <summary>What the coordinator learns of a step's gradient once every range has its root.</summary>
/// <param name="Terms">Sums over the batch.</param>
/// <param name="SumOfSquares">Squares of the summed gradient: per block in float64, then in block order over all ranges.</param>
public readonly record struct StepGradient(LossTerms Terms, double SumOfSquares)
{
    /// <summary>Whether loss and gradient are finite.</summary>
    public bool IsFinite => Terms.IsFinite && double.IsFinite(SumOfSquares);
}

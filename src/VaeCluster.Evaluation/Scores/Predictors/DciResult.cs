namespace VaeCluster.Evaluation.Scores.Predictors;

/// <summary>The three scores of DCI.</summary>
/// <param name="Disentanglement">Whether each dimension is used for one factor.</param>
/// <param name="Completeness">Whether each factor is predicted by one dimension.</param>
/// <param name="Accuracies">Test accuracy of each factor's trees.</param>
public sealed record DciResult(double Disentanglement, double Completeness, IReadOnlyList<double> Accuracies)
{
    /// <summary>The mean accuracy.</summary>
    public double Informativeness => Accuracies.Average();

    /// <summary>The other two beside disentanglement.</summary>
    internal IReadOnlyDictionary<string, double> Parts => new OrderedDictionary<string, double>
    {
        ["completeness"] = Completeness,
        ["informativeness"] = Informativeness,
    };
}

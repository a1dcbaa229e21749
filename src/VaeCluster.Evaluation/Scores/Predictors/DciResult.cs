namespace VaeCluster.Evaluation.Scores.Predictors;

/// <summary>The three scores of DCI.</summary>
/// <param name="Disentanglement">How exclusively each dimension is used for one factor.</param>
/// <param name="Completeness">How exclusively each factor is predicted by one dimension.</param>
/// <param name="Accuracies">Test accuracy of each factor's trees.</param>
public sealed record DciResult(double Disentanglement, double Completeness, IReadOnlyList<double> Accuracies)
{
    /// <summary>The mean accuracy.</summary>
    public double Informativeness => Accuracies.Average();

    /// <summary>Completeness and informativeness, as parts of the score <c>dci</c>.</summary>
    internal IReadOnlyDictionary<string, double> Parts => new OrderedDictionary<string, double>
    {
        ["completeness"] = Completeness,
        ["informativeness"] = Informativeness,
    };
}

namespace VaeCluster.Training.Steps;

/// <summary>Sums over examples of the objective and its terms, in nats. They ride the same tree as the gradients.</summary>
/// <param name="Loss">What is minimised.</param>
/// <param name="Reconstruction">−log p(x|z).</param>
/// <param name="Kl">KL(q(z|x) ‖ p(z)).</param>
public readonly record struct LossTerms(double Loss, double Reconstruction, double Kl)
{
    /// <summary>Whether every sum is finite.</summary>
    public bool IsFinite => double.IsFinite(Loss) && double.IsFinite(Reconstruction) && double.IsFinite(Kl);

    /// <summary>Term by term; the left operand is the left node of the tree.</summary>
    /// <param name="left">Sums of the left node.</param>
    /// <param name="right">Sums of the right node.</param>
    public static LossTerms operator +(LossTerms left, LossTerms right) =>
        new(left.Loss + right.Loss, left.Reconstruction + right.Reconstruction, left.Kl + right.Kl);

    /// <summary>Term by term.</summary>
    /// <param name="left">First summand.</param>
    /// <param name="right">Second summand.</param>
    public static LossTerms Add(LossTerms left, LossTerms right) => left + right;
}

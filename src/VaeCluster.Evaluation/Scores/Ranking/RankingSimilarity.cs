namespace VaeCluster.Evaluation.Scores.Ranking;

/// <summary>How much the latent dimensions of two models correspond.</summary>
public enum RankingSimilarity
{
    /// <summary>Absolute coefficients of Lasso regression (α = 0.1) of one model's dimensions on the other's.</summary>
    Lasso,

    /// <summary>Absolute rank correlation.</summary>
    Spearman,
}

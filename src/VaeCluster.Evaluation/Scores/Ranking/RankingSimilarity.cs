namespace VaeCluster.Evaluation.Scores.Ranking;

/// <summary>How the similarity of the latent dimensions of two models is measured.</summary>
public enum RankingSimilarity
{
    /// <summary>Absolute coefficients of Lasso regression (α = 0.1) of one model's dimensions on the other's.</summary>
    Lasso,

    /// <summary>Absolute rank correlation.</summary>
    Spearman,
}

using VaeCluster.Core.Specs;
using VaeCluster.Data;
using VaeCluster.Models.Architectures;
using VaeCluster.Models.Likelihoods;
using VaeCluster.Models.Objectives;
using VaeCluster.Models.Posteriors;
using VaeCluster.Models.Priors;

namespace VaeCluster.Training.Runs;

/// <summary>Everything that a run file may choose from.</summary>
public static class RunVocabulary
{
    /// <summary>The members of Data and Models.</summary>
    public static SpecVocabulary All { get; } = new()
    {
        Datasets = Datasets.Members,
        Architectures = ArchitectureFamily.Members,
        Likelihoods = LikelihoodFamily.Members,
        Posteriors = PosteriorFamily.Members,
        Priors = PriorFamily.Members,
        Objectives = ObjectiveFamily.Members,
    };
}

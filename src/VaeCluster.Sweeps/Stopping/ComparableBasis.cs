using System.Globalization;
using System.Text.Json;
using VaeCluster.Core.Specs;
using VaeCluster.Data.Idx;
using VaeCluster.Evaluation.Scores;
using VaeCluster.Models.Likelihoods;
using VaeCluster.Models.Objectives;

namespace VaeCluster.Sweeps.Stopping;

/// <summary>
/// What the value of a score means in a run: on which examples it is measured, and for a bound of the likelihood also whether it is a
/// density or a probability. Only runs with the same basis can be ranked by the score; every rule that compares trials asks here.
/// </summary>
public static class ComparableBasis
{
    // Their values contain log p(x|z).
    private static readonly string[] OfLikelihood = ["elbo", "reconstruction", "iwae"];

    // Where images come from memory or a file, and what class they have, is nothing that a model sees.
    private static readonly string[] Unseen = ["inMemory", "labels", "testLabels", "validationLabels", "strict"];

    // Log-densities of the grey values, whatever the family; the others are in units of their own.
    private static readonly string[] Densities =
    [
        GaussianLikelihood.Member.Name, SharedGaussianLikelihood.Member.Name, FixedGaussianLikelihood.Member.Name,
        LaplaceLikelihood.Member.Name, ContinuousBernoulliLikelihood.Member.Name,
    ];

    /// <summary>The basis of some scores in a run, as fields of the run file and what counts of their values.</summary>
    /// <param name="run">The run.</param>
    /// <param name="scores">The scores by which trials are compared.</param>
    /// <param name="isFinal">Whether they are measured at the end, on the test split where there is one; otherwise during training, on the
    /// validation split where there is one.</param>
    public static IReadOnlyDictionary<string, string> Of(RunSpec run, IReadOnlyList<string> scores, bool isFinal)
    {
        DataSpec data = run.Data;
        var basis = new OrderedDictionary<string, string>(StringComparer.Ordinal) { ["data.dataset"] = data.Dataset.Name };
        foreach ((string field, object value) in data.Dataset.Values.OrderBy(entry => entry.Key, StringComparer.Ordinal))
            if (!Unseen.Contains(field)) basis[$"data.{field}"] = Text(value);
        bool isHeldOut = HasTest(data.Dataset) || HasValidation(data.Dataset) || data.Validation > 0;
        basis["data.binarize"] = Binarized(data, isHeldOut);

        // Factors are scored on all images of the data.
        if (scores.Any(score => ScoreFamily.Find(score) is not { NeedsFactors: true }))
        {
            if (!IsOfItsOwn(data, isFinal))
            {
                basis["data.limit"] = Text(data.Limit);
                basis["data.validation"] = Text(data.Validation);
            }

            basis["evaluation.limit"] = Text(run.Evaluation.Limit);
            basis["evaluation.seed"] = Text(run.Evaluation.Seed);
        }

        if (scores.Any(OfLikelihood.Contains))
        {
            string likelihood = run.Model.Likelihood.Name;
            basis["model.likelihood"] = Densities.Contains(likelihood) ? "a density" : likelihood;

            // The reconstruction of an encoder without noise is no bound on anything.
            basis["objective.kind"] = ObjectiveFamily.EncodesVariance(run.Objective.Kind) ? "a bound" : "reconstruction without noise";
        }

        return basis;
    }

    /// <summary>Whether fields of a space can give trials another basis; otherwise there is no need to look at each.</summary>
    /// <param name="fields">Dotted fields of the run file.</param>
    public static bool DependsOn(IEnumerable<string> fields) => fields.Any(field =>
        field.Split('.')[0] is "data" or "evaluation" || field is "model.likelihood" or "objective.kind");

    /// <summary>The fields of some bases that are not the same in all of them.</summary>
    /// <param name="bases">The bases.</param>
    public static IReadOnlyList<string> Differing(IReadOnlyCollection<IReadOnlyDictionary<string, string>> bases) =>
    [
        .. bases.SelectMany(basis => basis.Keys).Distinct()
            .Where(field => bases.Select(basis => basis.GetValueOrDefault(field)).Distinct().Count() > 1),
    ];

    // Held-out images are binarised once, by the same draws whether training draws them once or in every epoch.
    private static string Binarized(DataSpec data, bool isHeldOut) => data.Binarize switch
    {
        Binarization.None => "none",
        _ when isHeldOut => "binary",
        Binarization.Static => "static",
        _ => "dynamic",
    };

    // Whether the images that are scored are the same whatever is trained on: not where they are taken out of the first `limit` examples.
    private static bool IsOfItsOwn(DataSpec data, bool isFinal)
    {
        bool hasTest = HasTest(data.Dataset), hasValidation = HasValidation(data.Dataset);
        return isFinal ? hasTest || hasValidation : hasValidation || (hasTest && data.Validation <= 0);
    }

    // What a file has in it is not known without opening it; then every field counts.
    private static bool HasTest(MemberSpec dataset) =>
        dataset.Name == Mnist.Kind.Member.Name || dataset.Has("testPath") || dataset.Has("testArray");

    private static bool HasValidation(MemberSpec dataset) => dataset.Has("validationPath") || dataset.Has("validationArray");

    private static string Text(object? value) => value switch
    {
        null => "all",
        string text => text,
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => JsonSerializer.Serialize(value),
    };
}

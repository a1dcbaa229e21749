using VaeCluster.Core;
using VaeCluster.Core.Random;
using VaeCluster.Core.Specs;
using VaeCluster.Models.Architectures;
using VaeCluster.Models.Likelihoods;
using VaeCluster.Models.Objectives;
using VaeCluster.Models.Reference;

namespace VaeCluster.Models.Tests.Objectives;

/// <summary>A small model with an objective, initial weights and a batch, all in float64.</summary>
internal sealed class ObjectiveModel
{
    internal const int Examples = 6, Latent = 4;

    internal ObjectiveModel(string kind, params (string Field, object Value)[] fields) : this(kind, "none", fields)
    {
    }

    internal ObjectiveModel(string kind, string corruption, params (string Field, object Value)[] fields)
        : this(kind, corruption, new MemberSpec("standard"), fields)
    {
    }

    internal ObjectiveModel(string kind, string corruption, MemberSpec prior, params (string Field, object Value)[] fields)
        : this(kind, corruption, prior, new MemberSpec("gaussian"), fields)
    {
    }

    internal ObjectiveModel(
        string kind, string corruption, MemberSpec prior, MemberSpec posterior, params (string Field, object Value)[] fields)
    {
        Model = VaeModel.Create(
            new RunSpec
            {
                Data = new DataSpec { Dataset = new MemberSpec("idx"), Corruption = new MemberSpec(corruption) },
                Model = new ModelSpec
                {
                    Architecture = Member.Complete(
                        ArchitectureFamily.Members,
                        new MemberSpec(
                            "mlp", new Dictionary<string, object> { ["hidden"] = (IReadOnlyList<long>)[7L], ["activation"] = "tanh" })),
                    Likelihood = Member.Complete(LikelihoodFamily.Members, new MemberSpec("bernoulli")),
                    Posterior = posterior,
                    Prior = prior,
                    Latent = Latent,
                },
                Objective =
                    new ObjectiveSpec { Kind = new MemberSpec(kind, fields.ToDictionary(field => field.Field, field => field.Value)) },
            },
            new ImageShape(1, 3, 3));
        var weights = new float[Model.Layout.Length];
        Model.Initialize(weights, 5, []);
        Weights = Array.ConvertAll(weights, weight => 2.5 * weight);
        Training = new ReferenceInterpreter(Model.Training, Examples);
        Fill(Training.Input("x"), 1, normal: false);
        Draw(2);
    }

    /// <summary>Each member of a family with each objective, by name.</summary>
    internal static TheoryData<string, string> WithEveryObjective(IReadOnlyList<Member> family)
    {
        var pairs = new TheoryData<string, string>();
        foreach (Member member in family)
            foreach (Member objective in ObjectiveFamily.Members) pairs.Add(member.Name, objective.Name);
        return pairs;
    }

    internal VaeModel Model { get; }

    internal double[] Weights { get; }

    internal ReferenceInterpreter Training { get; }

    internal double Beta { get; set; } = 1;

    internal double Capacity { get; set; }

    /// <summary>Draws new noise.</summary>
    internal void Draw(uint draw)
    {
        // The first sample of an example is the same for any number of samples, as in training.
        var noise = new float[Model.Objective.Samples * Latent];
        for (int i = 0; i < Examples; i++)
        {
            new RandomStream(1, RandomPurpose.LatentNoise, draw, (uint)i).FillNormal(noise);
            for (int j = 0; j < noise.Length; j++) Training.Input("noise")[(i * noise.Length) + j] = noise[j];
        }
    }

    /// <summary>The examples' statistics.</summary>
    internal float[] Measure()
    {
        var statistics = new ReferenceInterpreter(Model.Statistics!, Examples);
        Training.Input("x").CopyTo(statistics.Input("x"));
        Training.Input("noise").CopyTo(statistics.Input("noise"));
        if (Model.Corruption is not null) Training.Input("seen").CopyTo(statistics.Input("seen"));
        statistics.Forward(Weights);
        string[] parts = [.. Enumerable.Range(0, Model.Statistics!.Outputs.Count).Select(VaeModel.StatisticsOutput)];
        return
        [
            .. Enumerable.Range(0, Examples).SelectMany(i => parts.SelectMany(part =>
            {
                double[] values = statistics.Output(part).ToArray();
                int size = values.Length / Examples;
                return values.Skip(i * size).Take(size).Select(value => (float)value);
            })),
        ];
    }

    /// <summary>The loss of the batch; the tangent is updated first unless it is to be kept.</summary>
    internal double Loss(bool keepTangent = false)
    {
        if (Model.Training.Scalars.Contains("beta")) Training.SetScalar("beta", Beta);
        if (Model.Training.Scalars.Contains("capacity")) Training.SetScalar("capacity", Capacity);
        if (Model.Objective.Coupling is { } coupling && !keepTangent)
        {
            var rows = new float[Examples * (coupling.Statistics + 1)];
            coupling.Tangent(Measure(), (float)Beta, (float)Capacity, 0, rows);
            for (int i = 0; i < rows.Length; i++) Training.Input("tangent")[i] = rows[i];
        }

        Training.Forward(Weights);
        return Sum("loss");
    }

    internal double Sum(string output)
    {
        double sum = 0;
        foreach (double value in Training.Output(output)) sum += value;
        return sum;
    }

    private static void Fill(Span<double> values, uint salt, bool normal)
    {
        var numbers = new float[values.Length];
        var stream = new RandomStream(1, RandomPurpose.Score, salt, 0);
        if (normal) stream.FillNormal(numbers);
        else stream.FillUniform(numbers);
        for (int i = 0; i < numbers.Length; i++) values[i] = numbers[i];
    }
}

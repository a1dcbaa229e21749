using VaeCluster.Core;
using VaeCluster.Core.Specs;
using VaeCluster.Models;

namespace VaeCluster.Evaluation.Tests.Fixtures;

/// <summary>
/// z ~ N(0, I), x = W·z + b + σ·ε where the columns of W are orthogonal: log p(x) and the posterior have closed forms, and the
/// posterior covariance is diagonal, so that an encoder can match it exactly.
/// </summary>
internal sealed class LinearGaussian
{
    private const double Sigma = 0.4;
    private static readonly double[][] Columns = [[0.5, 0.5, 0.5, 0.5], [0.3, -0.3, 0.3, -0.3]];
    private static readonly double[] Offset = [0.4, 0.5, 0.6, 0.45];

    internal LinearGaussian(DataSpec data)
    {
        Spec = new RunSpec
        {
            Data = data,
            Model = new ModelSpec
            {
                Architecture =
                    new MemberSpec("mlp", new Dictionary<string, object> { ["hidden"] = (IReadOnlyList<long>)[], ["activation"] = "relu" }),
                Likelihood = new MemberSpec("gaussian-fixed", new Dictionary<string, object> { ["sigma"] = Sigma }),
                Latent = 2,
            },
            Objective = new ObjectiveSpec { Kind = new MemberSpec("vae", new Dictionary<string, object> { ["beta"] = 1.0 }) },
        };
        Model = VaeModel.Create(Spec, new ImageShape(1, 2, 2));
    }

    internal RunSpec Spec { get; }

    internal VaeModel Model { get; }

    /// <summary>Weights whose encoder is the exact posterior, with μ shifted and σ² scaled.</summary>
    internal float[] Weights(double shift = 0, double varianceFactor = 1)
    {
        var flat = new float[Model.Layout.Length];
        Span<float> encoder =
            Model.Layout["encoder.0.weight"].Of(flat.AsSpan()), encoderBias = Model.Layout["encoder.0.bias"].Of(flat.AsSpan());
        Span<float> decoder =
            Model.Layout["decoder.0.weight"].Of(flat.AsSpan()), decoderBias = Model.Layout["decoder.0.bias"].Of(flat.AsSpan());
        for (int i = 0; i < 4; i++) decoderBias[i] = (float)Offset[i];
        for (int j = 0; j < 2; j++)
        {
            double variance = PosteriorVariance(j);
            encoderBias[j] = (float)(shift - (Projection(j, Offset) * variance / (Sigma * Sigma)));
            encoderBias[2 + j] = (float)Math.Log(variance * varianceFactor);
            for (int i = 0; i < 4; i++)
            {
                encoder[(j * 4) + i] = (float)(variance * Columns[j][i] / (Sigma * Sigma));
                decoder[(i * 2) + j] = (float)Columns[j][i];
            }
        }

        return flat;
    }

    /// <summary>log N(x; b, WWᵀ + σ²I), summed over eigenvectors: the columns of W, and two directions of variance σ².</summary>
    internal static double LogProbability(ReadOnlySpan<float> x)
    {
        var residual = new double[4];
        double squares = 0;
        for (int i = 0; i < 4; i++)
        {
            residual[i] = x[i] - Offset[i];
            squares += residual[i] * residual[i];
        }

        double result = -0.5 * 4 * Math.Log(2 * Math.PI);
        double rest = squares;
        for (int j = 0; j < 2; j++)
        {
            double norm = Projection(j, Columns[j]);
            double along = Projection(j, residual);
            double eigenvalue = norm + (Sigma * Sigma);
            result -= 0.5 * (Math.Log(eigenvalue) + (along * along / norm / eigenvalue));
            rest -= along * along / norm;
        }

        return result - (0.5 * ((2 * Math.Log(Sigma * Sigma)) + (rest / (Sigma * Sigma))));
    }

    /// <summary>log p(x|z).</summary>
    internal static double LogLikelihood(ReadOnlySpan<float> x, ReadOnlySpan<double> z)
    {
        double result = -4 * (Math.Log(Sigma) + (0.5 * Math.Log(2 * Math.PI)));
        for (int i = 0; i < 4; i++)
        {
            double error = x[i] - Offset[i] - (Columns[0][i] * z[0]) - (Columns[1][i] * z[1]);
            result -= error * error / (2 * Sigma * Sigma);
        }

        return result;
    }

    /// <summary>μ_j of the posterior given x.</summary>
    internal static double PosteriorMean(int j, ReadOnlySpan<float> x)
    {
        double sum = 0;
        for (int i = 0; i < 4; i++) sum += Columns[j][i] * (x[i] - Offset[i]);
        return sum * PosteriorVariance(j) / (Sigma * Sigma);
    }

    /// <summary>σ²_j of the posterior, the same for every x.</summary>
    internal static double PosteriorVariance(int j) => 1 / (1 + (Projection(j, Columns[j]) / (Sigma * Sigma)));

    private static double Projection(int j, double[] vector) => vector.Zip(Columns[j], (a, b) => a * b).Sum();
}

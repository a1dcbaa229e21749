using VaeCluster.Core.Parameters;
using VaeCluster.Models.Reference;
using VaeCluster.Tests.PyTorch;

namespace VaeCluster.Models.Tests;

/// <summary>The formulas match an independent implementation: eager PyTorch in float64.</summary>
public sealed class PyTorchTests
{
    // The statistics of a batch that its examples share are float32.
    private const double Tolerance = 1e-6, CoupledTolerance = 1e-4;

    [Theory]
    [MemberData(nameof(ReferenceCase.Numbers), MemberType = typeof(ReferenceCase))]
    public void Loss_and_every_gradient_match_PyTorch(int number)
    {
        ReferenceCase reference = ReferenceCase.All[number];
        VaeModel model = reference.Model();
        var interpreter = new ReferenceInterpreter(model.Training, reference.Batch);
        Fill(reference.Images(), interpreter.Input("x"));
        Fill(reference.Noise(), interpreter.Input("noise"));
        double[] weights = Array.ConvertAll(ReferenceCase.Weights(model.Layout), weight => (double)weight);
        if (model.Training.Scalars.Contains("beta")) interpreter.SetScalar("beta", model.Beta);
        if (model.Objective.Coupling is not null) Fill(reference.Tangent(model), interpreter.Input("tangent"));
        interpreter.Forward(weights);
        double[] gradient = interpreter.Backward();
        double tolerance = model.Objective.Coupling is null ? Tolerance : CoupledTolerance;

        AssertClose(reference.Loss, Sum(interpreter.Output("loss")), Math.Abs(reference.Loss), "loss");
        AssertClose(reference.Reconstruction, Sum(interpreter.Output("reconstruction")), Math.Abs(reference.Loss), "reconstruction");
        AssertClose(reference.Kl, Sum(interpreter.Output("kl")), Math.Abs(reference.Kl), "kl");
        Assert.Equal(model.Layout.Slices.Select(slice => slice.Name).Order(), reference.Gradients.Keys.Order());
        foreach (ParameterSlice slice in model.Layout.Slices)
        {
            ReferenceGradient expected = reference.Gradients[slice.Name];
            double[] actual = gradient[slice.Offset..(slice.Offset + slice.Length)];
            expected.AssertClose(actual, tolerance * expected.Norm, slice.Name);
        }

        void AssertClose(double expected, double actual, double scale, string what) =>
            Assert.True(Math.Abs(expected - actual) <= tolerance * scale, $"{what}: {actual} where PyTorch has {expected}");
    }

    [Theory]
    [MemberData(nameof(NetworkCase.Numbers), MemberType = typeof(NetworkCase))]
    public void Networks_of_PyTorchs_modules_match(int number)
    {
        NetworkCase reference = NetworkCase.All[number];
        VaeModel model = reference.Model();
        var interpreter = new ReferenceInterpreter(model.Training, reference.Batch);
        foreach ((string input, float[] values) in reference.Inputs(model)) Fill(values, interpreter.Input(input));
        double[] weights = Array.ConvertAll(ReferenceCase.Weights(model.Layout), weight => (double)weight);
        interpreter.SetScalar("beta", 1);
        interpreter.Forward(weights);
        double[] gradient = interpreter.Backward();
        Assert.Equal(reference.Loss, Sum(interpreter.Output("loss")), Tolerance * reference.Loss);
        Assert.Equal(reference.Reconstruction, Sum(interpreter.Output("reconstruction")), Tolerance * reference.Loss);
        Assert.Equal(reference.Kl, Sum(interpreter.Output("kl")), Tolerance * reference.Kl);
        Assert.Equal(reference.Gradients.Keys, model.Layout.Slices.Select(slice => slice.Name));
        foreach (ParameterSlice slice in model.Layout.Slices)
        {
            ReferenceGradient expected = reference.Gradients[slice.Name];
            double[] actual = gradient[slice.Offset..(slice.Offset + slice.Length)];

            // A bias before a normalisation of its own channel alone has no gradient but for rounding.
            expected.AssertClose(actual, Tolerance * Math.Max(expected.Norm, 1e-6), slice.Name);
        }
    }

    private static void Fill(float[] from, Span<double> to)
    {
        for (int i = 0; i < from.Length; i++) to[i] = from[i];
    }

    private static double Sum(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (double value in values) sum += value;
        return sum;
    }
}

using VaeCluster.Core.Parameters;
using VaeCluster.Models;
using VaeCluster.Models.Engines;
using VaeCluster.Tests.PyTorch;

namespace VaeCluster.Engine.Managed.Tests;

/// <summary>Compares the loss and every gradient with PyTorch, for the same weights, batch and ε.</summary>
public sealed class PyTorchTests
{
    private const double Tolerance = 1e-4;

    [Theory]
    [MemberData(nameof(ReferenceCase.Numbers), MemberType = typeof(ReferenceCase))]
    public void Loss_and_every_gradient_match_PyTorch(int number)
    {
        ReferenceCase reference = ReferenceCase.All[number];
        VaeModel model = reference.Model();
        using var engine = new ManagedEngine();
        using IEngineWeights weights = engine.CreateWeights(model.Layout);
        using IProgram program = weights.Compile(model.Training, reference.Batch, gradients: true);
        weights.Load(ReferenceCase.Weights(model.Layout));
        reference.Images().CopyTo(program.Input("x"));
        reference.Noise().CopyTo(program.Input("noise"));
        if (model.Training.Scalars.Contains("beta")) program.SetScalar("beta", (float)model.Beta);
        if (model.Objective.Coupling is not null) reference.Tangent(model).CopyTo(program.Input("tangent"));
        program.Forward();
        var gradient = new float[model.Layout.Length];
        program.Backward(gradient, add: false);

        AssertClose(reference.Loss, Sum(program.Output("loss")), Math.Abs(reference.Loss), "loss");
        AssertClose(reference.Reconstruction, Sum(program.Output("reconstruction")), Math.Abs(reference.Loss), "reconstruction");
        AssertClose(reference.Kl, Sum(program.Output("kl")), Math.Abs(reference.Kl), "kl");
        foreach (ParameterSlice slice in model.Layout.Slices)
        {
            ReferenceGradient expected = reference.Gradients[slice.Name];
            expected.AssertClose(Elements(gradient, slice), Tolerance * expected.Norm, slice.Name);
        }
    }

    [Theory]
    [MemberData(nameof(NetworkCase.Numbers), MemberType = typeof(NetworkCase))]
    public void Networks_of_PyTorchs_modules_match(int number)
    {
        NetworkCase reference = NetworkCase.All[number];
        VaeModel model = reference.Model();
        using var engine = new ManagedEngine();
        using IEngineWeights weights = engine.CreateWeights(model.Layout);
        using IProgram program = weights.Compile(model.Training, reference.Batch, gradients: true);
        weights.Load(ReferenceCase.Weights(model.Layout));
        foreach ((string input, float[] values) in reference.Inputs(model)) values.CopyTo(program.Input(input));
        program.Forward();
        var gradient = new float[model.Layout.Length];
        program.Backward(gradient, add: false);
        AssertClose(reference.Loss, Sum(program.Output("loss")), reference.Loss, "loss");
        AssertClose(reference.Kl, Sum(program.Output("kl")), reference.Kl, "kl");
        foreach (ParameterSlice slice in model.Layout.Slices)
        {
            ReferenceGradient expected = reference.Gradients[slice.Name];
            expected.AssertClose(Elements(gradient, slice), Tolerance * Math.Max(expected.Norm, 1e-2), slice.Name);
        }
    }

    private static double[] Elements(float[] gradient, ParameterSlice slice) =>
        Array.ConvertAll(slice.Of(gradient.AsSpan()).ToArray(), value => (double)value);

    private static double Sum(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (float value in values) sum += value;
        return sum;
    }

    private static void AssertClose(double expected, double actual, double scale, string what) =>
        Assert.True(Math.Abs(expected - actual) <= Tolerance * scale, $"{what}: {actual} where PyTorch has {expected}");
}

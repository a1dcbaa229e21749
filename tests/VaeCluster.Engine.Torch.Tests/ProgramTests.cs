using VaeCluster.Core;
using VaeCluster.Engine.Managed.Tests.Graphs;
using VaeCluster.Models;
using VaeCluster.Models.Engines;
using static TorchSharp.torch;

namespace VaeCluster.Engine.Torch.Tests;

/// <summary>What programs hold, where they run, and what they refuse.</summary>
public sealed class ProgramTests
{
    [RequiresFact(Requirement.Libstdcxx)]
    public async Task Two_devices_at_once_compute_what_one_computes_alone()
    {
        var trial = new Trial(Models.Create("burgess", "bernoulli", "vae").Training);
        int[] expected = Trial.Bits(trial.Run(Engines.Shared, 8, 4)["gradient"]);
        Task<int[]>[] devices = [.. Enumerable.Range(0, 2).Select(device => Task.Factory.StartNew(() =>
        {
            using TorchEngine engine = Engines.CreateOther(device);
            int[] bits = [];
            for (int i = 0; i < 5; i++) bits = Trial.Bits(trial.Run(engine, 8, 4)["gradient"]);
            return bits;
        }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
        foreach (int[] bits in await Task.WhenAll(devices)) Assert.Equal(expected, bits);
    }

    [RequiresFact(Requirement.Libstdcxx)]
    public void A_program_runs_on_another_thread_than_the_one_that_made_it()
    {
        VaeModel model = Models.Create("mlp", "bernoulli", "vae");
        var trial = new Trial(model.Training);
        int[] expected = Trial.Bits(trial.Run(Engines.Shared, 8, 2)["gradient"]);
        using IEngineWeights weights = Engines.Shared.CreateWeights(model.Layout);
        using IProgram program = weights.Compile(model.Training, 8, gradients: true, shards: 2);
        trial.CopyWeights(weights.Flat.Span);
        Engines.Prepare(weights);
        var gradient = new float[model.Layout.Length];
        var thread = new Thread(() =>
        {
            trial.Fill(program, 0);
            program.Forward();
            program.Backward(gradient, add: false);
        });
        thread.Start();
        thread.Join();
        Assert.Equal(expected, Trial.Bits(gradient));
    }

    [RequiresTheory(Requirement.Libstdcxx)]
    [InlineData(TorchPrecision.Float32)]
    [InlineData(TorchPrecision.BFloat16)]
    public void No_tensor_is_left_over_10_000_steps(TorchPrecision precision)
    {
        VaeModel model = Models.Create("mlp", "gaussian-shared", "vae");
        using TorchEngine engine = Engines.Create(precision);
        using IEngineWeights weights = engine.CreateWeights(model.Layout);
        using IProgram program = weights.Compile(model.Training, 2, gradients: true, shards: 2);
        new Trial(model.Training).Fill(program, 0);
        var gradient = new float[model.Layout.Length];

        void Steps(int count)
        {
            for (int i = 0; i < count; i++)
            {
                program.SetScalar(VaeModel.BetaScalar, 1f / (1 + i));
                program.Forward();
                _ = program.Output("loss");
                program.Backward(gradient, add: false);
            }
        }

        Steps(10);
        long before = Tensor.TotalCount;
        Steps(10_000);
        Assert.Equal(before, Tensor.TotalCount);
        Assert.Equal(before, engine.Measure().LiveTensors);
    }

    [RequiresFact(Requirement.Libstdcxx)]
    public void A_disposed_program_leaves_no_tensor()
    {
        VaeModel model = Models.Create("conv", "gaussian", "vae");
        void Once() => new Trial(model.Training).Run(Engines.Shared, 8, 4);
        Once();
        long before = Tensor.TotalCount;
        for (int i = 0; i < 20; i++) Once();
        Assert.Equal(before, Tensor.TotalCount);
    }

    [RequiresTheory(Requirement.Libstdcxx)]
    [InlineData("mlp")]
    [InlineData("burgess")]
    [InlineData("conv")]
    public void Layers_in_bfloat16_stay_near_float32_and_shards_add_up_in_float32(string architecture)
    {
        var trial = new Trial(Models.Create(architecture, "gaussian-shared", "vae").Training);
        using TorchEngine engine = Engines.Create(TorchPrecision.BFloat16);
        Dictionary<string, float[]> wide = trial.Run(Engines.Shared, 8, 2), narrow = trial.Run(engine, 8, 2);

        // bfloat16 has 8 bits of mantissa.
        ModelTests.AssertClose(wide["loss"], narrow["loss"], "loss", tolerance: 2e-2);
        ModelTests.AssertClose(wide["gradient"], narrow["gradient"], "gradient", tolerance: 5e-2);
        Assert.NotEqual(Trial.Bits(wide["loss"]), Trial.Bits(narrow["loss"]));
        trial.AssertShardsAddUp(engine, 8, 4);
    }

    [RequiresTheory(Requirement.Libstdcxx)]
    [InlineData(TorchPrecision.Float32)]
    [InlineData(TorchPrecision.BFloat16)]
    public void Channels_side_by_side_change_nothing_but_the_last_bits(TorchPrecision precision)
    {
        var trial = new Trial(Models.Create("burgess", "bernoulli", "vae").Training);
        using TorchEngine first = Engines.Create(precision, channelsLast: false);
        using TorchEngine last = Engines.Create(precision, channelsLast: true);
        double tolerance = precision == TorchPrecision.Float32 ? 1e-5 : 5e-2;
        ModelTests.AssertClose(trial.Run(first, 8, 2)["gradient"], trial.Run(last, 8, 2)["gradient"], "gradient", tolerance);
    }

    [RequiresFact(Requirement.Libstdcxx)]
    public void What_is_said_to_be_final_is_and_all_of_it_is_said_from_the_end()
    {
        VaeModel model = Models.Create("study-conv", "bernoulli", "vae");
        using IEngineWeights weights = Engines.Shared.CreateWeights(model.Layout);
        using IProgram program = weights.Compile(model.Training, 4, gradients: true);
        program.Forward();
        float[] expected = new float[model.Layout.Length], gradient = new float[model.Layout.Length];
        program.Backward(expected, add: false);
        int next = gradient.Length, calls = 0;
        Array.Fill(gradient, float.NaN);
        program.GradientFinal = first =>
        {
            Assert.InRange(first, 0, next - 1);
            Assert.Equal(Trial.Bits(expected[first..]), Trial.Bits(gradient[first..]));
            next = first;
            calls++;
        };
        program.Backward(gradient, add: false);
        Assert.Equal(0, next);
        Assert.True(calls > 1, "a model of this size is not said at once");
    }

    [RequiresFact(Requirement.Libstdcxx)]
    public void The_gradient_can_be_taken_twice_and_before_a_forward_pass_not_at_all()
    {
        VaeModel model = Models.Create("mlp", "bernoulli", "vae");
        using IEngineWeights weights = Engines.Shared.CreateWeights(model.Layout);
        using IProgram program = weights.Compile(model.Training, 8, gradients: true, shards: 2);
        var first = new float[model.Layout.Length];
        Assert.Throws<InvalidOperationException>(() => program.Backward(first, add: false));
        new Trial(model.Training).Fill(program, 0);
        program.Forward();
        program.Backward(first, add: false);
        float[] second = [.. first];
        program.Backward(second, add: true);
        Assert.Equal(Trial.Bits(first.Select(value => value + value)), Trial.Bits(second));
    }

    [RequiresFact(Requirement.Libstdcxx)]
    public void Misuse_is_refused()
    {
        VaeModel model = Models.Create("mlp", "bernoulli", "vae"), other = Models.Create("mlp", "bernoulli", "vae");
        using IEngineWeights weights = Engines.Shared.CreateWeights(model.Layout);
        Assert.Throws<ArgumentException>(() => weights.Compile(other.Training, 8, gradients: true));
        Assert.Throws<ArgumentException>(() => weights.Compile(model.Bound, 8, gradients: true));
        Assert.Throws<ArgumentException>(() => weights.Compile(model.Training, 8, gradients: true, shards: 3));
        Assert.Throws<ArgumentException>(() => weights.Compile(model.Training, 6, gradients: true, shards: 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => weights.Compile(model.Training, 0, gradients: true));
        Assert.Throws<ArgumentOutOfRangeException>(() => weights.Prepare(weights.Parts));
        using IProgram program = weights.Compile(model.Training, 8, gradients: true),
            forward = weights.Compile(model.Training, 8, gradients: false);
        forward.Forward();
        Assert.Throws<InvalidOperationException>(() => forward.Backward(new float[model.Layout.Length], add: false));
        program.Forward();
        Assert.Throws<ArgumentException>(() => program.Backward(new float[model.Layout.Length - 1], add: false));
        Assert.Throws<KeyNotFoundException>(() => program.Input("nothing").Length);
        Assert.Throws<KeyNotFoundException>(() => program.Output("nothing").Length);
        Assert.Throws<KeyNotFoundException>(() => program.SetScalar("nothing", 1f));
        program.Dispose();
        program.Dispose();
        Assert.Throws<ObjectDisposedException>(program.Forward);
    }

    [RequiresFact(Requirement.Libstdcxx)]
    public void Settings_of_the_process_cannot_differ_between_engines()
    {
        _ = Engines.Shared;
        Assert.Throws<InvalidOperationException>(() => TorchEngine.Create("cpu:0", intraOpThreads: 2));
        Assert.Throws<BadInputException>(() => TorchEngine.Create("cpu:0", TorchPrecision.Tf32));
    }

    [RequiresTheory(Requirement.Libstdcxx)]
    [InlineData("gpu:0")]
    [InlineData("cpu:")]
    [InlineData("cpu:-1")]
    [InlineData("cuda:0:0")]
    [InlineData("")]
    public void A_device_that_is_none_is_named(string device) =>
        Assert.Contains("cpu:N, cuda:N", Assert.Throws<BadInputException>(() => TorchEngine.Create(device)).Message,
            StringComparison.Ordinal);
}

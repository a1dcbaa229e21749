using VaeCluster.Core;
using VaeCluster.Core.Corruptions;
using VaeCluster.Core.Parameters;
using VaeCluster.Core.Random;
using VaeCluster.Core.Specs;
using VaeCluster.Models.Architectures;
using VaeCluster.Models.Graphs;
using VaeCluster.Models.Likelihoods;
using VaeCluster.Models.Objectives;
using VaeCluster.Models.Posteriors;
using VaeCluster.Models.Priors;

namespace VaeCluster.Models;

/// <summary>A model with its objective: a flat parameter vector and the graphs over it for training and evaluation.</summary>
public sealed class VaeModel
{
    /// <summary>Name of the image input.</summary>
    public const string ImageInput = "x";

    /// <summary>Name of the input with what the encoder sees, where <c>data.corruption</c> makes it differ from the images.</summary>
    public const string SeenInput = "seen";

    /// <summary>Name of the noise input, ε.</summary>
    public const string NoiseInput = "noise";

    /// <summary>Name of the latent vector input.</summary>
    public const string LatentInput = "z";

    /// <summary>Name of the input with what the encoder gives, for <see cref="Draw"/>.</summary>
    public const string CodeInput = "code";

    /// <summary>Name of the scalar that is the weight of the KL term.</summary>
    public const string BetaScalar = "beta";

    /// <summary>Name of the scalar with the capacity of a capacity objective, in nats.</summary>
    public const string CapacityScalar = "capacity";

    /// <summary>Name of the input for the tangent of a term that couples the batch; see <see cref="BatchCoupling"/>.</summary>
    public const string TangentInput = "tangent";

    /// <summary>Lower limit of log σ² of q(z|x).</summary>
    public const float SmallestLogVariance = -30f;

    /// <summary>Upper limit of every learned log σ².</summary>
    public const float LargestLogVariance = 20f;

    private readonly Architecture _architecture;
    private readonly Likelihood _likelihood;
    private readonly OutputBias _outputBias;
    private readonly bool _dropsOut;

    private VaeModel(RunSpec spec, ImageShape image)
    {
        Image = image;
        Latent = spec.Model.Latent;
        _outputBias = spec.Model.OutputBias;

        Corruption = Corruption.Create(spec.Data.Corruption);
        ObjectiveName = spec.Objective.Kind.Name;
        Objective = ObjectiveFamily.Create(spec.Objective.Kind, image, Latent);

        // The likelihood determines the number of decoder outputs, so it is created first; its own parameters still come last in the
        // layout.
        var likelihoodParameters = new ParameterLayout.Builder();
        int outputsPerPixel = LikelihoodFamily.Create(spec.Model.Likelihood, likelihoodParameters).OutputsPerPixel;
        var parameters = new ParameterLayout.Builder();
        int contextSize = PosteriorFamily.Create(spec.Model.Posterior, Latent, new ParameterLayout.Builder()).ContextSize;
        int codeSize = EncodesVariance ? checked((2 * Latent) + contextSize) : Latent;
        var shape = new ArchitectureShape(image, Latent, codeSize, outputsPerPixel);
        _architecture = ArchitectureFamily.Create(spec.Model.Architecture, shape, parameters);
        _likelihood = LikelihoodFamily.Create(spec.Model.Likelihood, parameters);
        Prior = PriorFamily.Create(spec.Model.Prior, image, Latent, parameters);
        Posterior = PosteriorFamily.Create(spec.Model.Posterior, Latent, parameters);
        DemandDistributions(spec.Model);
        Layout = parameters.Build();

        _dropsOut = Dropout.IsIn(spec.Model.Architecture);
        Training = WriteTraining(shape);
        Dropout = Dropout.Of(spec.Model.Architecture, Training);
        Statistics = WriteStatistics(shape);
        Bound = WriteBound(shape);
        Encoder = WriteEncoder(shape);
        Decoder = WriteDecoder();
        (Code, Draw, Components) = HasClosedFormKl ? (null, null, null)
            : (WriteCode(shape), WriteDraw(shape), Prior.IsStandard ? null : WriteComponents(shape));
        Likelihood = WriteLikelihood();
    }

    /// <summary>Name of an output of <see cref="Statistics"/>.</summary>
    /// <param name="part">From 0; an example's statistics are those of part 0, then those of part 1, and so on.</param>
    public static string StatisticsOutput(int part) => FormattableString.Invariant($"statistics.{part}");

    /// <summary>The flat vector of all parameters: encoder, decoder, likelihood.</summary>
    public ParameterLayout Layout { get; }

    /// <summary>p(z).</summary>
    public Prior Prior { get; }

    /// <summary>
    /// Whether KL(q(z|x) ‖ p(z)) has a closed form; otherwise training and evaluation estimate it as log q(z|x) − log p(z) of the samples
    /// that they draw, and it has no parts by dimension.
    /// </summary>
    public bool HasClosedFormKl => Prior.IsStandard && Posterior.IsGaussian;

    /// <summary>q(z|x).</summary>
    public Posterior Posterior { get; }

    /// <summary>Whether <see cref="Initialize"/> needs the mean image of the training data.</summary>
    public bool NeedsMeanImage => _outputBias == OutputBias.DataMean || Prior.NeedsMeanImage;

    /// <summary>Size of the images.</summary>
    public ImageShape Image { get; }

    /// <summary>Latent dimensions.</summary>
    public int Latent { get; }

    /// <summary>Whether the encoder outputs a variance; false for a plain autoencoder.</summary>
    public bool EncodesVariance => Objective.EncodesVariance;

    /// <summary>Makes what the encoder sees in training of the images; null: it sees them as they are.</summary>
    public Corruption? Corruption { get; }

    /// <summary>Draws what dropout sets to 0 in training; null: nothing.</summary>
    public Dropout? Dropout { get; }

    /// <summary>The training objective.</summary>
    public Objective Objective { get; }

    /// <summary>The objective's name in the run file.</summary>
    public string ObjectiveName { get; }

    /// <summary>Weight of the KL term before the β schedule; the scalar "beta" is the product of both.</summary>
    public double Beta => Objective.Beta;

    /// <summary>
    /// The objective. Inputs "x", "seen" if the data are corrupted, "noise" (an ε for each sample), "tangent" if a term couples the batch,
    /// and "dropout.0", "dropout.1", … if the architecture drops out; scalars "beta" and "capacity" if the objective has them; outputs
    /// "loss", "reconstruction", "kl": one element per example, in nats; the last two are those of the ELBO.
    /// </summary>
    public Graph Training { get; }

    /// <summary>
    /// Each example's statistics for the term that couples the batch. Inputs as <see cref="Training"/>'s, as far as it needs them; outputs
    /// "statistics.0", "statistics.1", … as <see cref="StatisticsOutput"/> names them. Null without such a term.
    /// </summary>
    public Graph? Statistics { get; }

    /// <summary>
    /// The ELBO (β = 1, one sample), whatever the objective. Inputs "x", "noise"; outputs "reconstruction" and "kl" (one element per
    /// example, in nats), "mean" and, if the KL has a closed form, "klPerDimension" (one per latent dimension). For a plain autoencoder
    /// the KL is 0.
    /// </summary>
    public Graph Bound { get; }

    /// <summary>
    /// q(z|x). Input "x"; outputs "mean" and "logVariance"; for a plain autoencoder the log-variance is the lower limit. For a flow the mean
    /// is what its steps make of the Gaussian's mean, and the log-variance is the Gaussian's, before the steps.
    /// </summary>
    public Graph Encoder { get; }

    /// <summary>The mean of p(x|z). Input "z"; output "mean", [channels, height, width].</summary>
    public Graph Decoder { get; }

    /// <summary>log p(x|z). Inputs "z", "x"; output "logLikelihood", one element per example, in nats.</summary>
    public Graph Likelihood { get; }

    /// <summary>What the encoder gives, which <see cref="Draw"/> needs. Input "x"; output "code". Null if the KL has a closed form.</summary>
    public Graph? Code { get; }

    /// <summary>
    /// A sample of q(z|x) with its density. Inputs "code", "noise"; outputs "z" and "logRatio", log p(z) − log q(z|x), one element per
    /// example, in nats. Null if the KL has a closed form.
    /// </summary>
    public Graph? Draw { get; }

    /// <summary>
    /// The components of a prior that is a mixture. Outputs "mean", "logVariance" and, unless all weights are equal, "logit", a row for
    /// each component. Null for N(0, I).
    /// </summary>
    public Graph? Components { get; }

    /// <summary>Creates the model of a run for images of a given size.</summary>
    /// <param name="spec">The run.</param>
    /// <param name="image">Size of the images.</param>
    /// <exception cref="BadInputException">
    /// The architecture does not fit the images, the objective does not fit the prior, or the model is too large.
    /// </exception>
    public static VaeModel Create(RunSpec spec, ImageShape image)
    {
        try
        {
            return new VaeModel(spec, image);
        }
        catch (OverflowException fault)
        {
            // What the architectures do not count themselves, such as many samples of large images.
            throw new BadInputException(
                BadInputException.RunFile, "model", spec.Model.Architecture.Name,
                FormattableString.Invariant($"is too large for images of {image}: a layer has more than {int.MaxValue} values"), fault);
        }
    }

    /// <summary>
    /// Initialises the flat vector with PyTorch's default distributions for Linear and Conv layers, from our own generator.
    /// </summary>
    /// <param name="weights">The flat vector.</param>
    /// <param name="seed">Seed of the run.</param>
    /// <param name="meanImage">
    /// Mean of each pixel over the training data; only read if <see cref="NeedsMeanImage"/>.
    /// </param>
    public void Initialize(Span<float> weights, long seed, ReadOnlySpan<float> meanImage)
    {
        for (int i = 0; i < Layout.Slices.Count; i++)
        {
            ParameterSlice slice = Layout.Slices[i];
            Span<float> values = slice.Of(weights);
            if (slice.FanIn == 0)
            {
                values.Fill(slice.InitialValue);
                continue;
            }

            new RandomStream(seed, RandomPurpose.InitialWeights, 0, (uint)i).FillUniform(values);
            float bound = 1f / MathF.Sqrt(slice.FanIn);
            foreach (ref float value in values) value = ((2f * value) - 1f) * bound;
        }

        if (_outputBias == OutputBias.DataMean) InitializeOutputBias(weights, meanImage);
        Prior.Initialize(weights, meanImage);
    }

    private void DemandDistributions(ModelSpec model)
    {
        if (!Prior.IsStandard && Objective.NeedsStandardPrior is { } why)
            throw new BadInputException(
                BadInputException.RunFile, "model.prior", model.Prior.Name,
                $"objective.kind {ObjectiveName} needs {StandardPrior.Name}, for {why}");
        if (!Posterior.IsGaussian && Objective.NeedsGaussianPosterior is { } reason)
            throw new BadInputException(
                BadInputException.RunFile, "model.posterior", model.Posterior.Name,
                $"objective.kind {ObjectiveName} needs {GaussianPosterior.Name}, for {reason}");
        if (!Posterior.IsGaussian && Prior.NeedsGaussianPosterior)
            throw new BadInputException(
                BadInputException.RunFile, "model.posterior", model.Posterior.Name,
                $"model.prior {model.Prior.Name} needs {GaussianPosterior.Name}, "
                + "for it takes the densities of z under other images' posteriors");
    }

    private void InitializeOutputBias(Span<float> weights, ReadOnlySpan<float> meanImage)
    {
        // The first output of each pixel determines its mean. A convolution has one bias per channel.
        Span<float> bias = _architecture.OutputBias.Of(weights);
        int means = bias.Length / _likelihood.OutputsPerPixel;
        int pixelsEach = Image.Pixels / means;
        for (int i = 0; i < means; i++)
        {
            double sum = 0;
            foreach (float pixel in meanImage.Slice(i * pixelsEach, pixelsEach)) sum += pixel;
            bias[i] = _likelihood.OutputOf((float)(sum / pixelsEach));
        }
    }

    private ModelWriter TrainingWriter(GraphBuilder graph, ArchitectureShape shape) =>
        new(graph, _architecture, _likelihood, Prior, Posterior, shape, Objective, Objective.Samples, Corruption is not null,
            _dropsOut ? new DropoutMasks() : null);

    private Graph WriteTraining(ArchitectureShape shape)
    {
        var graph = new GraphBuilder();
        ObjectiveTerms terms = Objective.Write(graph, TrainingWriter(graph, shape));
        graph.Output("loss", terms.Loss);
        graph.Output("reconstruction", terms.Reconstruction);
        graph.Output("kl", terms.Kl);
        return graph.Build(Layout, terms.Loss);
    }

    private Graph? WriteStatistics(ArchitectureShape shape)
    {
        if (Objective.Coupling is not { } coupling) return null;
        var graph = new GraphBuilder();
        var writer = TrainingWriter(graph, shape);
        foreach ((int part, Node node) in coupling.Measure(graph, writer).Index()) graph.Output(StatisticsOutput(part), node);
        return graph.Build(Layout);
    }

    private Graph WriteBound(ArchitectureShape shape)
    {
        var graph = new GraphBuilder();
        ModelWriter writer = BoundWriter(graph, shape);
        Node mean, z, klPerDimension;
        if (EncodesVariance)
        {
            Encoding encoding = writer.Encode(graph, writer.X);
            LatentSample sample = writer.Draw(graph, encoding, writer.Noise);
            if (!HasClosedFormKl)
            {
                graph.Output("reconstruction", writer.Reconstruction(graph, sample.Z, writer.X));
                graph.Output("kl", writer.EstimatedKl(graph, encoding.LogVariance, sample));
                graph.Output("mean", writer.Center(graph, encoding));
                return graph.Build(Layout);
            }

            (z, mean) = (sample.Z, encoding.Mean);
            klPerDimension = graph.GaussianKl(mean, encoding.LogVariance);
        }
        else
        {
            z = mean = writer.Code(graph, writer.X);
            klPerDimension = graph.Affine(mean, 0f);
        }

        graph.Output("reconstruction", writer.Reconstruction(graph, z, writer.X));
        graph.Output("kl", graph.Sum(klPerDimension));
        graph.Output("klPerDimension", klPerDimension);
        graph.Output("mean", mean);
        return graph.Build(Layout);
    }

    private ModelWriter BoundWriter(GraphBuilder graph, ArchitectureShape shape) =>
        new(graph, _architecture, _likelihood, Prior, Posterior, shape, Objective);

    private Graph WriteCode(ArchitectureShape shape)
    {
        var graph = new GraphBuilder();
        graph.Output(CodeInput, BoundWriter(graph, shape).Encoded(graph));
        return graph.Build(Layout);
    }

    private Graph WriteDraw(ArchitectureShape shape)
    {
        var graph = new GraphBuilder();
        ModelWriter writer = BoundWriter(graph, shape);
        Encoding encoding = writer.Read(graph, graph.Input(CodeInput, shape.CodeSize));
        LatentSample sample = writer.Draw(graph, encoding, writer.Noise);
        graph.Output(LatentInput, sample.Z);
        graph.Output("logRatio", graph.Affine(writer.EstimatedKl(graph, encoding.LogVariance, sample), -1f));
        return graph.Build(Layout);
    }

    private Graph WriteComponents(ArchitectureShape shape)
    {
        var graph = new GraphBuilder();
        ModelWriter writer = BoundWriter(graph, shape);
        PriorComponents components = Prior.Components(graph, images => writer.Posterior(graph, images))!;
        graph.Output("mean", components.Mean);
        graph.Output("logVariance", components.LogVariance);
        if (components.Logit is not null) graph.Output("logit", components.Logit);
        return graph.Build(Layout);
    }

    private Graph WriteEncoder(ArchitectureShape shape)
    {
        var graph = new GraphBuilder();
        Node x = graph.Input(ImageInput, Image.Channels, Image.Height, Image.Width);
        Node code = _architecture.Encode(graph, x);
        Node mean = EncodesVariance ? graph.Slice(code, 0, Latent) : Objective.Code(graph, code);
        if (!Posterior.IsGaussian)
            mean = Posterior.Transform(graph, mean, graph.Slice(code, 2 * Latent, Posterior.ContextSize)).Z;
        graph.Output("mean", mean);
        graph.Output("logVariance", EncodesVariance
            ? graph.Clamp(graph.Slice(code, shape.Latent, shape.Latent), SmallestLogVariance, LargestLogVariance)
            : graph.Affine(code, 0f, SmallestLogVariance));
        return graph.Build(Layout);
    }

    private Graph WriteDecoder()
    {
        var graph = new GraphBuilder();
        Node decoded = _architecture.Decode(graph, graph.Input(LatentInput, Latent));
        graph.Output("mean", graph.Reshape(_likelihood.Mean(graph, decoded, Image.Pixels), Image.Channels, Image.Height, Image.Width));
        return graph.Build(Layout);
    }

    private Graph WriteLikelihood()
    {
        var graph = new GraphBuilder();
        Node z = graph.Input(LatentInput, Latent);
        Node x = graph.Input(ImageInput, Image.Channels, Image.Height, Image.Width);
        graph.Output("logLikelihood", _likelihood.LogLikelihood(graph, _architecture.Decode(graph, z), x));
        return graph.Build(Layout);
    }
}

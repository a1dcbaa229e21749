using VaeCluster.Core;
using VaeCluster.Core.Specs.Syntax;

namespace VaeCluster.Models.Zoo;

/// <summary>
/// The models that train here, for <c>vaecluster models</c> and docs/models.md. Every objective has at least one; a test holds that, and
/// that each run file is valid.
/// </summary>
public static class ModelZoo
{
    private const string Perceptron = "architecture: mlp, hidden: [256, 128], activation: relu, decoderActivation: tanh";

    private const string Kl = "KL(q(z|x) ‖ p(z))", Reconstruction = "−E[log p(x|z)]",
        Rainforth = "Rainforth et al., Tighter variational bounds are not necessarily better (2018)";

    /// <summary>The models, the plain ones first.</summary>
    public static IReadOnlyList<ZooModel> All { get; } =
    [
        Create("ae", "ae", "Compresses images and decompresses them, without a distribution of the latents.",
            "Hinton and Salakhutdinov, Reducing the dimensionality of data with neural networks (2006)",
            "−log p(x|z) at z = μ(x)", "reconstructions are sharp; samples from the prior are not images", "kind: ae"),
        Create("sparse-ae", "ae", "Few units of the code are active for an image, so that each stands for a part of it.",
            "Ng, Sparse autoencoder (2011)",
            "−log p(x|z) + weight·Σ_j KL(ρ ‖ ρ̂_j) at z = sigmoid(μ(x)), ρ̂_j the mean of z_j over the batch",
            "codes of encode: most values are near 0", "kind: ae, penalty: sparse-kl, weight: 2, rho: 0.1", latent: 16),
        Create("denoising-ae", "ae", "Restores clean images from corrupted ones, so that its code holds what the images have in common.",
            "Vincent et al., Stacked denoising autoencoders (2010)",
            "−log p(x|z) at z = μ(x̃), x̃ the corrupted image", "reconstructions of clean images; the code varies less than that of ae",
            "kind: ae", data: ", corruption: { kind: masking, amount: 0.3 }"),
        Create("vae", "vae", "The variational autoencoder: a bound on the likelihood, and images from draws of the prior.",
            "Kingma and Welling, Auto-encoding variational Bayes (2013)", $"{Reconstruction} + {Kl}", "samples from the prior",
            "kind: vae"),
        Create("denoising-vae", "vae", "A variational autoencoder whose encoder sees corrupted images.",
            "Im et al., Denoising criterion for variational auto-encoding framework (2017)",
            "−E[log p(x|z)] + KL(q(z|x̃) ‖ p(z)), x̃ the corrupted image", "samples from the prior", "kind: vae",
            data: ", corruption: { kind: salt-pepper, amount: 0.2 }"),
        Create("beta-vae", "beta-vae", "More weight on the KL term, so that each latent learns one factor of the images.",
            "Higgins et al., beta-VAE: learning basic visual concepts with a constrained variational framework (2017)",
            $"{Reconstruction} + β·{Kl}", "traversals: each row varies one factor", "kind: beta-vae, beta: 8.0"),
        Create("capacity", "capacity", "A KL term that is held at a capacity which rises: factors are learned one after another.",
            "Burgess et al., Understanding disentangling in β-VAE (2018)", $"{Reconstruction} + γ·|{Kl} − C|",
            "traversals, and the KL of each dimension over the steps", "kind: capacity, gamma: 50, to: 12"),
        Create("beta-tcvae", "beta-tcvae",
        "Weight on the total correlation of the latents alone, so that less of the images is lost than with β-VAE.",
            "Chen et al., Isolating sources of disentanglement in VAEs (2018)",
            $"{Reconstruction} + {Kl} + (β − 1)·KL(q(z) ‖ Π_k q(z_k))", "traversals: each row varies one factor",
            "kind: beta-tcvae, beta: 8.0"),
        Create("dip-vae-i", "dip-vae-i", "Draws the covariance of the means over the batch to the identity.",
            "Kumar, Sattigeri and Balakrishnan, Variational inference of disentangled latent concepts (2018)",
            $"{Reconstruction} + {Kl} + λ_od·Σ_(i≠j) C_ij² + λ_d·Σ_i (C_ii − 1)², C = Cov[μ]", "traversals: each row varies one factor",
            "kind: dip-vae-i, lambdaOffDiagonal: 10, lambdaDiagonal: 100"),
        Create("dip-vae-ii", "dip-vae-ii", "Draws the covariance of the latents themselves over the batch to the identity.",
            "Kumar, Sattigeri and Balakrishnan, Variational inference of disentangled latent concepts (2018)",
            $"{Reconstruction} + {Kl} + λ_od·Σ_(i≠j) C_ij² + λ_d·Σ_i (C_ii − 1)², C = Cov[μ] + E[diag σ²]",
            "traversals: each row varies one factor", "kind: dip-vae-ii, lambdaOffDiagonal: 10, lambdaDiagonal: 10"),
        Create("info-vae", "info-vae",
        "Draws the latents of the whole batch to the prior, not those of each image, so that z keeps its information.",
            "Zhao, Song and Ermon, InfoVAE: balancing learning and inference in variational autoencoders (2019)",
            $"{Reconstruction} + (1 − α)·{Kl} + (α + λ − 1)·MMD²(q(z), p(z))", "samples from the prior beside reconstructions",
            "kind: info-vae, alpha: 0.5, lambda: 1000"),
        Create("wae-mmd", "wae-mmd", "An autoencoder without noise, whose latents together have the distribution of the prior.",
            "Tolstikhin et al., Wasserstein auto-encoders (2018)", "−log p(x|z) + λ·MMD²(q(z), p(z)) at z = μ(x)",
            "samples from the prior, which ae lacks", "kind: wae-mmd, lambda: 1000"),
        Create("free-bits", "free-bits", "The first λ nats of each latent are free, so that no latent collapses.",
            "Kingma et al., Improved variational inference with inverse autoregressive flow (2016)",
            $"{Reconstruction} + Σ_j max(λ, KL_j)", "active units: all of them", "kind: free-bits, lambda: 0.5"),
        Create("iwae", "iwae", "A tighter bound from several samples of each image's latents.",
            "Burda, Grosse and Salakhutdinov, Importance weighted autoencoders (2016)",
            "−E[log (1/k) Σ_i p(x, z_i)/q(z_i|x)]", "evaluate --iwae 500: a lower NLL than vae's", "kind: iwae, samples: 5"),
        Create("iwae-dreg", "iwae", "The bound of iwae, with a gradient of the encoder that more samples make better, not noisier.",
            "Tucker et al., Doubly reparameterized gradient estimators for Monte Carlo objectives (2019)",
            "−E[log (1/k) Σ_i p(x, z_i)/q(z_i|x)]", "evaluate --iwae 500, and the KL of each dimension, beside iwae's",
            "kind: iwae, samples: 4, estimator: dreg"),
        Create("miwae", "miwae", "Several bounds with a few samples each, in place of one bound with all of them.", Rainforth,
            "−E[(1/m) Σ_g log (1/k) Σ_i p(x, z_gi)/q(z_gi|x)]", "evaluate --iwae 500: between vae's NLL and iwae's",
            "kind: miwae, samples: 2, groups: 2"),
        Create("ciwae", "ciwae", "A share of the ELBO and the rest of the importance-weighted bound.", Rainforth,
            "−E[(share/k) Σ_i log p(x, z_i)/q(z_i|x) + (1 − share)·log (1/k) Σ_i p(x, z_i)/q(z_i|x)]",
            "the gap between the ELBO and evaluate --iwae 500 is smaller than iwae's", "kind: ciwae, samples: 5, share: 0.5"),
        Create("piwae", "piwae", "The decoder learns from the tightest bound, the encoder from several looser ones.", Rainforth,
            "−E[log (1/mk) Σ_gi p(x, z_gi)/q(z_gi|x)]; the encoder's gradient is that of miwae",
            "evaluate --iwae 500: as low as iwae's, with a higher ELBO", "kind: piwae, samples: 2, groups: 2"),
        Create("resnet", "vae", "A deeper network: residual blocks with group normalisation, for larger images and colour.",
            "He et al., Identity mappings in deep residual networks (2016)", $"{Reconstruction} + {Kl}",
            "reconstructions and samples after few epochs", "kind: vae",
            network: "architecture: resnet, channels: [16, 32, 64], stem: 2", epochs: 5) with
        {
            NetworkOnMnist = "architecture: resnet, channels: [16, 32], stem: 2, latent: 20",
        },
    ];

    /// <summary>The names.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(model => model.Name)];

    /// <summary>A model by its name.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="BadInputException">There is no such model.</exception>
    public static ZooModel Find(string name) => All.FirstOrDefault(model => model.Name == name)
        ?? throw new BadInputException("--ready", null, name, $"one of {string.Join(", ", Names)}");

    /// <summary>The run file of a model on MNIST: ten epochs of a wider network with more latents.</summary>
    /// <param name="model">The model.</param>
    /// <param name="folder">Folder of MNIST's files.</param>
    public static string RunFileOnMnist(ZooModel model, string folder) => Text(
        model.Name, $"dataset: mnist, path: {SpecWriter.Quote(folder)}, binarize: dynamic{model.Corruption}",
        model.NetworkOnMnist ?? "architecture: mlp, hidden: [400], activation: relu, latent: 20", model.Objective,
        "epochs: 10, batch: 128");

    // Squares that differ in size and position: small enough for a minute on two cores, with factors to find.
    private static ZooModel Create(
        string name, string kind, string summary, string paper, string formula, string shows, string objective, string data = "",
        int latent = 5, string network = Perceptron, int epochs = 30) =>
        new(name, kind, summary, paper, formula, shows, Text(
            name, $"dataset: dsprites, strides: {{ shape: 3, orientation: 40 }}, validation: 0.1{data}",
            FormattableString.Invariant($"{network}, latent: {latent}"), objective,
            FormattableString.Invariant($"epochs: {epochs}, batch: 64")))
        {
            Objective = objective,
            Corruption = data,
        };

    private static string Text(string name, string data, string network, string objective, string length) => $$"""
        name: {{name}}
        data:       { {{data}} }
        model:      { {{network}}, likelihood: bernoulli }
        objective:  { {{objective}} }
        training:   { {{length}}, shards: 4, optimizer: adam, learningRate: 0.001, seed: 1 }
        checkpoint: { everySteps: 1000, keep: 2 }
        evaluation: { everyEpochs: 3 }

        """;
}

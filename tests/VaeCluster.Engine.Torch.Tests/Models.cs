using VaeCluster.Core;
using VaeCluster.Core.Specs;
using VaeCluster.Models;
using VaeCluster.Models.Architectures;
using VaeCluster.Models.Likelihoods;
using VaeCluster.Models.Objectives;

namespace VaeCluster.Engine.Torch.Tests;

/// <summary>Every architecture with every likelihood of the vocabulary, and with every objective.</summary>
public static class Models
{
    public static TheoryData<string, string, string> All
    {
        get
        {
            var all = new TheoryData<string, string, string>();
            foreach (Member architecture in ArchitectureFamily.Members)
            {
                foreach (Member likelihood in LikelihoodFamily.Members) all.Add(architecture.Name, likelihood.Name, "vae");
                foreach (Member objective in ObjectiveFamily.Members.Where(member => member.Name != "vae"))
                    all.Add(architecture.Name, "bernoulli", objective.Name);
            }

            return all;
        }
    }

    public static VaeModel Create(string architecture, string likelihood, string objective, string prior = "standard",
        string posterior = "gaussian")
    {
        var fields = new Dictionary<string, object>();
        if (architecture == "mlp") fields["hidden"] = (IReadOnlyList<long>)[33L, 18L];
        if (architecture == "conv")
        {
            fields["layers"] = (IReadOnlyList<IReadOnlyDictionary<string, long>>)
                [new Dictionary<string, long> { ["channels"] = 6 },
                    new Dictionary<string, long> { ["channels"] = 10, ["kernel"] = 3, ["stride"] = 1 }];
            fields["activation"] = "leaky-relu";
            fields["hidden"] = (IReadOnlyList<long>)[24L];
        }

        if (architecture == "resnet")
        {
            fields["channels"] = (IReadOnlyList<long>)[4L, 8L];
            fields["groups"] = 2L;
        }

        ImageShape image = architecture switch
        {
            "mlp" => new ImageShape(1, 7, 9),
            "conv" => new ImageShape(2, 12, 12),
            "resnet" => new ImageShape(3, 16, 16),
            "burgess" => new ImageShape(3, 32, 32),
            _ => new ImageShape(1, 64, 64),
        };
        return VaeModel.Create(new RunSpec
        {
            Data = new DataSpec { Dataset = new MemberSpec("idx") },
            Model = new ModelSpec
            {
                Architecture = Member.Complete(ArchitectureFamily.Members, new MemberSpec(architecture, fields)),
                Likelihood = Member.Complete(LikelihoodFamily.Members, new MemberSpec(likelihood)),
                Posterior = new MemberSpec(posterior),
                Prior = prior == "standard"
                    ? new MemberSpec(prior)
                    : new MemberSpec(prior, new Dictionary<string, object> { ["components"] = 5L }),
                Latent = 6,
            },
            Objective = new ObjectiveSpec { Kind = Member.Complete(ObjectiveFamily.Members, new MemberSpec(objective)) },
        }, image);
    }
}

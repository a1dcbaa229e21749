using VaeCluster.Deploy.Tests.Fixtures;

namespace VaeCluster.Deploy.Tests.Chart;

/// <summary>Invalid values are refused with the name of the field, and nothing is rendered.</summary>
public sealed class BadValuesTests
{
    public static TheoryData<string, string[]> Bad { get; } = new()
    {
        { "sever.replicas=2", ["sever"] },
        { "server.replica=2", ["server", "replica"] },
        { "server.resources.limits.cpu=4", ["server/resources/limits", "cpu"] },
        { "worker.gpu.cuont=0", ["worker/gpu", "cuont"] },
        { "worker.topologySpread.skew=1", ["worker/topologySpread", "skew"] },
        { "metrics.rules.enable=true", ["metrics/rules", "enable"] },
        { "storage.runs.sise=1Gi", ["storage/runs", "sise"] },
        { "runs.a.text=x,runs.a.file=x", ["runs/a", "text"] },
        { "runs.a.workers=2", ["runs/a", "file"] },
        { "runs.A_b.file=x", ["A_b"] },
        { "sweeps.a.file=x", ["sweeps/a", "run"] },
        { "sweeps.a.file=x,sweeps.a.run=x,sweeps.a.workers=2", ["sweeps/a", "workers"] },
        { "server.replicas=0", ["server/replicas"] },
        { "server.replicas=many", ["server/replicas"] },
        { "worker.gpu.count=-1", ["worker/gpu/count"] },
        { "worker.gpu.precision=half", ["worker/gpu/precision"] },
        { "worker.engine=fast", ["worker/engine"] },
        { "cluster.lease=0.1", ["cluster/lease"] },
        { "cluster.id=my cluster", ["cluster/id"] },
        { "image.pullPolicy=Sometimes", ["image/pullPolicy"] },
        { "ports.silo=40000", ["ports/silo"] },
        { "ports.http=80", ["ports/http"] },
        { "server.resources.limits.memory=lots", ["server/resources/limits/memory"] },
        { "storage.runs.accessMode=Any", ["storage/runs/accessMode"] },
        { "server.tolerations[0].effect=No", ["server/tolerations/0/effect"] },
        { "worker.extraEnv[0].name=A-B,worker.extraEnv[0].value=x", ["worker/extraEnv/0/name"] },
        { "tls.existingSecret=My_Secret", ["tls/existingSecret"] },

        // Rules that the schema cannot express.
        { "server.replicas=2", ["storage.runs.accessMode is 'ReadWriteOnce'", "ReadWriteMany is required"] },
        { "postgresql.enabled=false", ["database.existingSecret: is required"] },
        { "worker.autoscaling.enabled=true", ["worker.autoscaling.metrics: is required with GPUs"] },
        { "worker.autoscaling.enabled=true,worker.gpu.count=0,worker.autoscaling.minReplicas=9", ["worker.autoscaling.minReplicas is 9"] },
        { "worker.update.maxUnavailable=0", ["worker.update.maxUnavailable is '0'"] },
        { "ingress.enabled=true", ["ingress.host: is required"] },
        { "auth.viewerKey=token", ["auth.viewerKey is 'token': must differ"] },
        { "ports.silo=11211", ["ports: http, silo"] },
    };

    [RequiresTheory(Requirement.Helm)]
    [MemberData(nameof(Bad))]
    public void Invalid_values_are_refused_with_the_name_of_the_field(string values, string[] words)
    {
        (int code, string output, string error) = HelmChart.Run(HelmChart.Template(Repository.Chart, "--set", values));
        Assert.NotEqual(0, code);
        Assert.Empty(output);
        foreach (string word in words) Assert.Contains(word, error, StringComparison.Ordinal);
    }
}

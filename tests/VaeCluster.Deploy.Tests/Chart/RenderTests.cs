using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using VaeCluster.Deploy.Tests.Fixtures;

namespace VaeCluster.Deploy.Tests.Chart;

/// <summary>Renders every values file with Helm and checks the result against the types of the Kubernetes API.</summary>
public sealed class RenderTests
{
    private static readonly Dictionary<string, Type> Kinds = new()
    {
        ["ConfigMap"] = typeof(V1ConfigMap),
        ["Deployment"] = typeof(V1Deployment),
        ["HorizontalPodAutoscaler"] = typeof(V2HorizontalPodAutoscaler),
        ["Ingress"] = typeof(V1Ingress),
        ["Job"] = typeof(V1Job),
        ["NetworkPolicy"] = typeof(V1NetworkPolicy),
        ["PersistentVolumeClaim"] = typeof(V1PersistentVolumeClaim),
        ["Pod"] = typeof(V1Pod),
        ["PodDisruptionBudget"] = typeof(V1PodDisruptionBudget),
        ["Secret"] = typeof(V1Secret),
        ["Service"] = typeof(V1Service),
        ["ServiceAccount"] = typeof(V1ServiceAccount),
        ["StatefulSet"] = typeof(V1StatefulSet),
    };

    // Their types belong to the operator, whose schema, if there is one, reports unknown fields.
    private static readonly string[] OperatorKinds = ["ServiceMonitor", "PrometheusRule"];

    public static TheoryData<string> Files => ValueFiles.All;

    [RequiresTheory(Requirement.Helm)]
    [MemberData(nameof(Files))]
    public void It_passes_the_strict_linter(string file)
    {
        string[] values = file == ValueFiles.Defaults ? [] : ["--values", ValueFiles.PathOf(file)];
        (int code, string output, string error) =
            HelmChart.Run(["lint", "--strict", Repository.Chart, "--kube-version", "1.33.0", .. values]);
        Assert.True(code == 0, output + error);
    }

    [RequiresTheory(Requirement.Helm)]
    [MemberData(nameof(Files))]
    public void Every_object_has_only_fields_of_its_kind(string file)
    {
        foreach (Manifest manifest in ValueFiles.Render(file))
        {
            if (OperatorKinds.Contains(manifest.Kind)) continue;
            Assert.True(Kinds.TryGetValue(manifest.Kind, out Type? type), $"{manifest.Kind} is not in the table of this test");
            Exception? fault = Record.Exception(() => Read(manifest.Text, type));
            Assert.True(fault is null, $"{manifest}: {fault?.InnerException?.Message ?? fault?.Message}");
        }
    }

    [RequiresTheory(Requirement.DeployTools)]
    [MemberData(nameof(Files))]
    public void Every_object_matches_the_published_schema_of_its_kind(string file)
    {
        string json = new JsonArray([.. ValueFiles.Render(file).Select(manifest => manifest.Json.DeepClone())]).ToJsonString();
        string script = Repository.At("tests", "VaeCluster.Deploy.Tests", "Tools", "manifests.mjs");
        (int code, string output, string error) = Tool.Run("node", json, script, Requirements.Find(Requirement.DeployTools)!);
        Assert.True(code == 0, output + error);
    }

    [RequiresFact(Requirement.Helm)]
    public void An_unknown_field_is_found()
    {
        string text = ValueFiles.Render(ValueFiles.Defaults).Single(manifest => manifest.Kind == "StatefulSet").Text;
        Assert.ThrowsAny<Exception>(() => Read(text.Replace("serviceName:", "serviceNam:", StringComparison.Ordinal),
            typeof(V1StatefulSet)));
        Assert.ThrowsAny<Exception>(() => Read(text.Replace("containerPort:", "containerport:", StringComparison.Ordinal),
            typeof(V1StatefulSet)));
    }

    [RequiresFact(Requirement.Helm)]
    public void The_notes_explain_the_next_steps()
    {
        string production = Notes("production"), cpu = Notes("cpu"), defaults = Notes(ValueFiles.Defaults);
        Assert.Contains($"kubectl -n {HelmChart.Namespace} get secret vaecluster-token -o jsonpath='{{.data.token}}'", production,
            StringComparison.Ordinal);
        Assert.Contains("--server https://vaecluster.example.com", production, StringComparison.Ordinal);
        Assert.DoesNotContain("NOTE: PostgreSQL", production, StringComparison.Ordinal);
        Assert.Contains("2 worker(s) on CPUs", cpu, StringComparison.Ordinal);
        Assert.Contains("port-forward service/trainer-vaecluster 5080:80", cpu, StringComparison.Ordinal);
        Assert.Contains("Without GPUs: --set worker.gpu.count=0", defaults, StringComparison.Ordinal);
        Assert.Contains(@"{.data.api\.token}", Notes("everything"), StringComparison.Ordinal);
    }

    private static void Read(string text, Type type)
    {
        System.Reflection.MethodInfo read = typeof(KubernetesYaml).GetMethods()
            .Single(method => method.Name == nameof(KubernetesYaml.Deserialize)
                && method.GetParameters()[0].ParameterType == typeof(string));
        read.MakeGenericMethod(type).Invoke(null, [text, true]);
    }

    // `helm template` does not print the notes, so a copy of the chart contains them as an object.
    private static string Notes(string file)
    {
        string copy = Directory.CreateTempSubdirectory("vaecluster-chart-").FullName;
        try
        {
            foreach (string source in Directory.GetFiles(Repository.Chart, "*", SearchOption.AllDirectories))
            {
                string target = Path.Combine(copy, Path.GetRelativePath(Repository.Chart, source));
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.Copy(source, target);
            }

            File.Move(Path.Combine(copy, "templates", "NOTES.txt"), Path.Combine(copy, "files", "notes"));
            File.WriteAllText(Path.Combine(copy, "templates", "notes.yaml"), "notes: {{ tpl (.Files.Get \"files/notes\") . | toJson }}\n");
            string[] values = file == ValueFiles.Defaults ? [] : ["--values", ValueFiles.PathOf(file)];
            (int code, string output, string error) =
                HelmChart.Run([.. HelmChart.Template(copy, "--show-only", "templates/notes.yaml"), .. values]);
            Assert.True(code == 0, error);
            return Yaml.Read(output).Text("notes");
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }
}

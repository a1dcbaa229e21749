using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using VaeCluster.Deploy.Tests.Fixtures;

namespace VaeCluster.Deploy.Tests.Chart;

/// <summary>Rules for every pod of the chart, whatever the values.</summary>
public sealed partial class PodTests
{
    public static TheoryData<string> Files => ValueFiles.All;

    [RequiresTheory(Requirement.Helm)]
    [MemberData(nameof(Files))]
    public void Pods_run_unprivileged_with_read_only_file_systems_and_no_permissions(string file)
    {
        foreach (Manifest manifest in Pods(file))
        {
            JsonNode spec = manifest.Pod.At("spec")!;
            Assert.True(spec.At("securityContext.runAsNonRoot")!.GetValue<bool>(), $"{manifest} may run as root");
            Assert.True(long.Parse(spec.Text("securityContext.runAsUser"), CultureInfo.InvariantCulture) > 0, $"{manifest} runs as root");
            Assert.Equal("RuntimeDefault", spec.Text("securityContext.seccompProfile.type"));
            Assert.False(spec.At("automountServiceAccountToken")!.GetValue<bool>(), $"{manifest} gets a token of Kubernetes");
            Assert.False(spec.At("enableServiceLinks")!.GetValue<bool>(), $"{manifest} gets variables of Services");
            Assert.Null(spec["hostNetwork"] ?? spec["hostPID"] ?? spec["hostIPC"]);
            foreach (JsonNode container in manifest.Containers)
            {
                Assert.True(container.At("securityContext.readOnlyRootFilesystem")!.GetValue<bool>());
                Assert.False(container.At("securityContext.allowPrivilegeEscalation")!.GetValue<bool>());
                Assert.Equal(["ALL"], container.At("securityContext.capabilities.drop").Items().Select(item => item.ToString()));
                Assert.Null(container.At("securityContext.capabilities.add") ?? container.At("securityContext.privileged"));
            }
        }
    }

    [RequiresTheory(Requirement.Helm)]
    [MemberData(nameof(Files))]
    public void Containers_have_requests_and_only_memory_is_limited(string file)
    {
        foreach (Manifest manifest in Pods(file))
        {
            foreach (JsonNode container in manifest.Containers)
            {
                JsonNode resources = container.At("resources")!;
                Assert.NotEmpty(resources.Text("requests.cpu"));
                Assert.NotEmpty(resources.Text("requests.memory"));
                Assert.NotEmpty(resources.Text("limits.memory"));
                Assert.True(resources.At("limits.cpu") is null, $"{manifest}: a throttled silo is declared dead");
                Assert.Matches(TaggedImage(), container.Text("image"));
            }
        }
    }

    [RequiresTheory(Requirement.Helm)]
    [MemberData(nameof(Files))]
    public void Long_running_containers_have_three_probes_on_ports_that_they_open(string file)
    {
        foreach (Manifest manifest in Pods(file).Where(manifest => manifest.Kind is "Deployment" or "StatefulSet"))
        {
            JsonNode container = Assert.Single(manifest.Pod.At("spec.containers").Items());
            string[] ports = [.. container.At("ports").Items().Select(port => port.Text("name"))];
            Assert.Equal(ports.Length, container.At("ports").Items().Select(port => port.Text("containerPort")).Distinct().Count());
            foreach (string probe in new[] { "startupProbe", "livenessProbe", "readinessProbe" })
            {
                Assert.NotNull(container[probe]);
                if (manifest.IsSilos) Assert.Contains(container.Text($"{probe}.httpGet.port"), ports);
            }
        }

        foreach (JsonNode silo in Pods(file).Where(manifest => manifest.IsSilos).Select(manifest => manifest.Containers.Last()))
        {
            Assert.Equal("/health/live", silo.Text("livenessProbe.httpGet.path"));
            Assert.Equal("/health/ready", silo.Text("readinessProbe.httpGet.path"));
        }
    }

    [RequiresTheory(Requirement.Helm)]
    [MemberData(nameof(Files))]
    public void Mounted_volumes_exist_and_are_writable_where_needed(string file)
    {
        foreach (Manifest manifest in Pods(file))
        {
            string[] volumes = [.. manifest.Pod.At("spec.volumes").Items()
                .Concat(manifest.Json.At("spec.volumeClaimTemplates").Items().Select(claim => claim["metadata"]!))
                .Select(volume => volume.Text("name"))];
            Assert.Equal(volumes.Distinct(), volumes);
            foreach (JsonNode container in manifest.Containers)
            {
                JsonNode[] mounts = [.. container.At("volumeMounts").Items()];
                foreach (JsonNode mount in mounts) Assert.Contains(mount.Text("name"), volumes);
                Assert.Equal(mounts.Length, mounts.Select(mount => mount.Text("mountPath")).Distinct().Count());
                Assert.Contains(mounts, mount => mount.Text("mountPath") == "/tmp" && mount["readOnly"] is null);
                string[] names = [.. container.At("env").Items().Select(variable => variable.Text("name"))];
                Assert.Equal(names.Distinct(), names);
            }
        }
    }

    [RequiresTheory(Requirement.Helm)]
    [MemberData(nameof(Files))]
    public void Every_variable_of_a_silo_is_one_that_the_silo_reads(string file)
    {
        string reader = File.ReadAllText(Repository.At("src", "VaeCluster.Silo", "CommandLine", "SiloSettingsReader.cs"));
        HashSet<string> known =
        [
            .. OptionName().Matches(reader).Select(match => "VAECLUSTER_" + match.Groups[1].Value.Replace('-', '_').ToUpperInvariant()),
            .. OtherVariable().Matches(reader).Select(match => match.Groups[1].Value),
        ];
        Assert.Contains("VAECLUSTER_SILO_PORT", known);
        Assert.Contains("POD_IP", known);
        Assert.Contains("DOTNET_SHUTDOWNTIMEOUTSECONDS", known);

        // Variables of libraries, variables used in other variables' values, and those set by users.
        string[] others = ["CUBLAS_WORKSPACE_CONFIG", "NVIDIA_VISIBLE_DEVICES", "POSTGRES_PASSWORD", "POD_NAMESPACE"];
        foreach (JsonNode silo in Pods(file).Where(manifest => manifest.IsSilos).Select(manifest => manifest.Containers.Last()))
            foreach (string name in silo.At("env").Items().Select(variable => variable.Text("name")))
                Assert.True(known.Contains(name) || others.Contains(name), $"no silo reads {name}");
    }

    [RequiresTheory(Requirement.Helm)]
    [MemberData(nameof(Files))]
    public void Silos_have_time_to_leave_before_they_are_killed(string file)
    {
        foreach (Manifest manifest in Pods(file).Where(manifest => manifest.IsSilos))
        {
            string grace = manifest.Containers.Last().At("env").Items()
                .Single(variable => variable.Text("name") == "DOTNET_SHUTDOWNTIMEOUTSECONDS").Text("value");
            long killed = long.Parse(manifest.Pod.Text("spec.terminationGracePeriodSeconds"), CultureInfo.InvariantCulture);
            Assert.True(killed >= long.Parse(grace, CultureInfo.InvariantCulture) + 60, $"{manifest} is killed after {killed} s");
        }
    }

    [RequiresFact(Requirement.Helm)]
    public void Workers_have_a_GPU_each_by_default_and_none_if_none_is_wanted()
    {
        Manifest gpu = Workers(ValueFiles.Defaults), cpu = Workers("cpu"), four = Workers("everything");
        JsonNode container = gpu.Containers.Last();
        Assert.Equal("1", container.At("resources.limits")!["nvidia.com/gpu"]!.ToString());
        Assert.EndsWith("-cuda", container.Text("image"), StringComparison.Ordinal);
        Assert.Equal("cuda:0", Variable(gpu, "VAECLUSTER_DEVICES"));
        Assert.Equal(":4096:8", Variable(gpu, "CUBLAS_WORKSPACE_CONFIG"));
        JsonNode toleration = Assert.Single(gpu.Pod.At("spec.tolerations").Items());
        Assert.Equal(("nvidia.com/gpu", "Exists", "NoSchedule"),
            (toleration.Text("key"), toleration.Text("operator"), toleration.Text("effect")));

        // A surge pod would wait for a GPU that no other pod releases.
        Assert.Equal("0", gpu.Json.Text("spec.strategy.rollingUpdate.maxSurge"));
        Assert.Equal("1", gpu.Json.Text("spec.strategy.rollingUpdate.maxUnavailable"));

        Assert.Equal("cpu:0", Variable(cpu, "VAECLUSTER_DEVICES"));
        Assert.DoesNotContain("cuda", cpu.Containers.Last().Text("image"), StringComparison.Ordinal);
        Assert.Equal(["memory"], cpu.Containers.Last().At("resources.limits")!.AsObject().Select(limit => limit.Key));
        Assert.Null(cpu.Pod.At("spec.tolerations"));

        Assert.Equal("cuda:0,cuda:1,cuda:2,cuda:3", Variable(four, "VAECLUSTER_DEVICES"));
        Assert.Equal("4", four.Containers.Last().At("resources.limits")!["nvidia.com/mig-1g.10gb"]!.ToString());
        Assert.Equal("nvidia", four.Pod.Text("spec.runtimeClassName"));
        Assert.Equal("cpu:0,cpu:1,cpu:2,cpu:3", Variable(Workers("scaled-cpu"), "VAECLUSTER_DEVICES"));
    }

    [RequiresFact(Requirement.Helm)]
    public void Autoscaled_workers_have_no_fixed_count()
    {
        Assert.Null(Workers("production").Json.At("spec.replicas"));
        Assert.Null(Workers("scaled-cpu").Json.At("spec.replicas"));
        Assert.Equal("2", Workers(ValueFiles.Defaults).Json.Text("spec.replicas"));
        JsonNode scaler = ValueFiles.Render("scaled-cpu").Single(manifest => manifest.Kind == "HorizontalPodAutoscaler").Json;
        Assert.Equal(Workers("scaled-cpu").Name, scaler.Text("spec.scaleTargetRef.name"));
        Assert.Equal("70", Assert.Single(scaler.At("spec.metrics").Items()).Text("resource.target.averageUtilization"));
    }

    [RequiresFact(Requirement.Helm)]
    public void Servers_surge_only_if_their_volume_can_be_mounted_on_all_nodes()
    {
        static string Surge(string file) =>
            ValueFiles.Render(file).Single(manifest => manifest.IsSilos && manifest.Labels["app.kubernetes.io/component"] == "server")
                .Json.Text("spec.strategy.rollingUpdate.maxSurge");
        Assert.Equal("0", Surge(ValueFiles.Defaults));
        Assert.Equal("1", Surge("production"));
    }

    private static IEnumerable<Manifest> Pods(string file)
    {
        Manifest[] pods = [.. ValueFiles.Render(file).Where(manifest => manifest.Pod is not null)];
        Assert.Equal(2, pods.Count(manifest => manifest.IsSilos));
        return pods;
    }

    private static Manifest Workers(string file) =>
        ValueFiles.Render(file).Single(manifest => manifest.IsSilos && manifest.Labels["app.kubernetes.io/component"] == "worker");

    private static string Variable(Manifest manifest, string name) =>
        manifest.Containers.Last().At("env").Items().Single(variable => variable.Text("name") == name).Text("value");

    [GeneratedRegex(@"^[^:]+(:\d+/[^:]+)?:(?!latest$)[\w.-]+(@sha256:[0-9a-f]{64})?$")]
    private static partial Regex TaggedImage();

    [GeneratedRegex("\"--([a-z][a-z-]*)\"")]
    private static partial Regex OptionName();

    [GeneratedRegex("\"((?:POD|ORLEANS|DOTNET)_[A-Z_]+)\"")]
    private static partial Regex OtherVariable();
}

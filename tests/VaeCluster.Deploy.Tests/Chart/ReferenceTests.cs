using System.Text.Json.Nodes;
using VaeCluster.Deploy.Tests.Fixtures;

namespace VaeCluster.Deploy.Tests.Chart;

/// <summary>References between objects name existing objects.</summary>
public sealed class ReferenceTests
{
    public static TheoryData<string> Files => ValueFiles.All;

    [RequiresTheory(Requirement.Helm)]
    [MemberData(nameof(Files))]
    public void Names_are_unique_and_short_enough(string file)
    {
        IReadOnlyList<Manifest> all = ValueFiles.Render(file);
        Assert.Equal(all.Count, all.Select(manifest => manifest.ToString()).Distinct().Count());
        foreach (Manifest manifest in all)
        {
            Assert.True(manifest.Name.Length <= 63, $"{manifest} has a name that is too long");
            Assert.Equal(HelmChart.Release, manifest.Labels["app.kubernetes.io/instance"]);
        }
    }

    [RequiresTheory(Requirement.Helm)]
    [MemberData(nameof(Files))]
    public void Every_Secret_claim_and_ConfigMap_is_created_by_the_chart_or_named_by_the_user(string file)
    {
        IReadOnlyList<Manifest> all = ValueFiles.Render(file);
        JsonNode? values = file == ValueFiles.Defaults ? null : Yaml.Read(File.ReadAllText(ValueFiles.PathOf(file)));
        HashSet<string> users = [.. new[]
        {
            "database.existingSecret", "postgresql.existingSecret", "auth.existingSecret", "tls.existingSecret",
                "storage.runs.existingClaim",
            "storage.data.existingClaim", "ingress.tlsSecret",
        }.Select(path => values.At(path)?.ToString()).OfType<string>(),
        .. values.At("image.pullSecrets").Items().Select(name => name.ToString())];

        foreach (Manifest manifest in all.Where(manifest => manifest.Pod is not null))
        {
            foreach (JsonNode node in manifest.Pod.Everything().Where(node => node is JsonObject))
            {
                if (node["secretKeyRef"] is { } key) Demand("Secret", key.Text("name"), key.Text("key"));
                if (node["secret"]?["secretName"] is { } secret) Demand("Secret", secret.ToString());
                if (node["configMap"]?["name"] is { } map) Demand("ConfigMap", map.ToString());
                if (node["persistentVolumeClaim"]?["claimName"] is { } claim) Demand("PersistentVolumeClaim", claim.ToString());
                if (node["imagePullSecrets"] is JsonArray pulls)
                    foreach (JsonNode pull in pulls.Items()) Demand("Secret", pull.Text("name"));
            }

            string? account = manifest.Pod.At("spec.serviceAccountName")?.ToString();
            if (account is not (null or "default")) Demand("ServiceAccount", account);

            void Demand(string kind, string name, string? key = null)
            {
                if (users.Contains(name)) return;
                Manifest? found = all.SingleOrDefault(other => other.Kind == kind && other.Name == name);
                Assert.True(found is not null, $"{manifest} needs the {kind} {name}, which nobody provides");
                if (key is not null) Assert.NotNull((found.Json["data"] ?? found.Json["stringData"])?[key]);

                // A pre-install hook cannot use objects of the release.
                if (manifest.Hooks.Contains("pre-", StringComparison.Ordinal)) Assert.Equal(manifest.Hooks, found.Hooks);
            }
        }
    }

    [RequiresTheory(Requirement.Helm)]
    [MemberData(nameof(Files))]
    public void Selectors_match_the_intended_pods_and_no_others(string file)
    {
        IReadOnlyList<Manifest> all = ValueFiles.Render(file);
        Manifest[] pods = [.. all.Where(manifest => manifest.Pod is not null)];
        foreach (Manifest workload in all.Where(manifest => manifest.Kind is "Deployment" or "StatefulSet"))
        {
            IReadOnlyDictionary<string, string> selector = workload.Json.At("spec.selector.matchLabels").Map();
            Assert.Equal([workload.Name], Picked(selector));
            Assert.DoesNotContain(selector.Keys, key => key.Contains("clusterId", StringComparison.OrdinalIgnoreCase)
                || key.Contains("version", StringComparison.Ordinal) || key.Contains("chart", StringComparison.Ordinal));
        }

        string[] silos = [.. pods.Where(manifest => manifest.IsSilos).Select(manifest => manifest.Name).Order(StringComparer.Ordinal)];
        foreach (Manifest service in all.Where(manifest => manifest.Kind == "Service"))
        {
            string component = service.Labels["app.kubernetes.io/component"];
            string[] picked = Picked(service.Json.At("spec.selector").Map());
            Assert.Equal(component == "silos" ? silos
                : [.. pods.Where(pod => pod.Kind is "Deployment" or "StatefulSet"
                && pod.Labels["app.kubernetes.io/component"] == (component == "api" ? "server" : component))
                .Select(pod => pod.Name)], picked);
            foreach (JsonNode port in service.Json.At("spec.ports").Items())
                foreach (Manifest pod in pods.Where(pod => picked.Contains(pod.Name)))
                    Assert.Contains(port.Text("targetPort"),
                        pod.Pod.At("spec.containers").Items().Single().At("ports").Items().Select(open => open.Text("name")));
        }

        foreach (Manifest budget in all.Where(manifest => manifest.Kind == "PodDisruptionBudget"))
            Assert.Equal([budget.Name], Picked(budget.Json.At("spec.selector.matchLabels").Map()));
        foreach (Manifest pod in pods)
            foreach (JsonNode constraint in pod.Pod.At("spec.topologySpreadConstraints").Items())
                Assert.Equal([pod.Name], Picked(constraint.At("labelSelector.matchLabels").Map()));
        foreach (Manifest monitor in all.Where(manifest => manifest.Kind == "ServiceMonitor"))
        {
            IReadOnlyDictionary<string, string> selector = monitor.Json.At("spec.selector.matchLabels").Map();
            Manifest service = Assert.Single(all, other => other.Kind == "Service" && Matches(other.Labels, selector));
            Assert.Equal(silos, Picked(service.Json.At("spec.selector").Map()));
            Assert.Equal("http", Assert.Single(monitor.Json.At("spec.endpoints").Items()).Text("port"));
        }

        string[] Picked(IReadOnlyDictionary<string, string> selector) =>
            [.. pods.Where(pod => Matches(pod.Pod.At("metadata.labels").Map(), selector)).Select(pod => pod.Name)
                .Order(StringComparer.Ordinal)];
    }

    [RequiresTheory(Requirement.Helm)]
    [MemberData(nameof(Files))]
    public void All_silos_have_the_same_Orleans_labels_which_agree_with_its_variables(string file)
    {
        Manifest[] silos = [.. ValueFiles.Render(file).Where(manifest => manifest.IsSilos)];
        string[] labels = [.. silos.Select(Orleans).Distinct()];
        Assert.Single(labels);
        foreach (Manifest silo in silos)
        {
            IReadOnlyDictionary<string, string> pod = silo.Pod.At("metadata.labels").Map();
            Assert.Equal(pod["orleans/clusterId"], Variable(silo, "ORLEANS_CLUSTER_ID").Text("value"));
            Assert.Equal(pod["orleans/serviceId"], Variable(silo, "ORLEANS_SERVICE_ID").Text("value"));
            Assert.Equal("metadata.name", Variable(silo, "POD_NAME").Text("valueFrom.fieldRef.fieldPath"));
            Assert.Equal("status.podIP", Variable(silo, "POD_IP").Text("valueFrom.fieldRef.fieldPath"));
        }

        static string Orleans(Manifest silo) =>
            string.Join(',', silo.Pod.At("metadata.labels").Map().Where(label => label.Key.StartsWith("orleans/", StringComparison.Ordinal))
                .Select(label => $"{label.Key}={label.Value}"));
        static JsonNode Variable(Manifest silo, string name) =>
            silo.Containers.Last().At("env").Items().Single(variable => variable.Text("name") == name);
    }

    [RequiresTheory(Requirement.Helm)]
    [MemberData(nameof(Files))]
    public void The_ports_between_silos_are_closed_to_all_other_pods(string file)
    {
        IReadOnlyList<Manifest> all = ValueFiles.Render(file);
        if (file == "bare") return;
        Manifest policy = all.Single(manifest => manifest.Kind == "NetworkPolicy"
            && manifest.Name.EndsWith("-silos", StringComparison.Ordinal));
        IReadOnlyDictionary<string, string> selector = policy.Json.At("spec.podSelector.matchLabels").Map();
        foreach (Manifest pod in all.Where(manifest => manifest.Pod is not null))
            Assert.Equal(pod.IsSilos, Matches(pod.Pod.At("metadata.labels").Map(), selector));
        foreach (JsonNode rule in policy.Json.At("spec.ingress").Items())
        {
            string[] ports = [.. rule.At("ports").Items().Select(port => port.Text("port"))];
            Assert.NotEmpty(ports);
            if (ports.Contains("silo") || ports.Contains("tensor"))
                Assert.Equal(selector, Assert.Single(rule.At("from").Items()).At("podSelector.matchLabels").Map());
            else if (!ports.Contains("http")) Assert.NotEmpty(rule.At("from").Items());
        }
    }

    [RequiresFact(Requirement.Helm)]
    public void The_migration_is_a_hook_before_the_release_or_runs_first_in_every_silo()
    {
        Manifest hook = ValueFiles.Render("production").Single(manifest => manifest.Name.EndsWith("-migrate", StringComparison.Ordinal));
        Assert.Equal("pre-install,pre-upgrade", hook.Hooks);
        Assert.Equal(["migrate", "--wait", "120"], hook.Containers.Single().At("args").Items().Select(word => word.ToString()));
        Assert.DoesNotContain(ValueFiles.Render("production"), manifest => manifest.Pod.At("spec.initContainers") is not null);

        IReadOnlyList<Manifest> own = ValueFiles.Render(ValueFiles.Defaults);
        Assert.DoesNotContain(own, manifest => manifest.Hooks.Contains("pre-", StringComparison.Ordinal));
        foreach (Manifest silo in own.Where(manifest => manifest.IsSilos))
            Assert.Equal("migrate", silo.Containers.First().At("args").Items().First().ToString());
    }

    [RequiresFact(Requirement.Helm)]
    public void A_run_is_a_Job_with_its_file_and_a_changed_run_is_a_new_Job()
    {
        IReadOnlyList<Manifest> all = ValueFiles.Render("runs");
        Manifest[] jobs = [.. all.Where(manifest => manifest.Kind == "Job")];
        Assert.Equal(2, jobs.Length);
        Manifest job = jobs.Single(manifest => manifest.Name.StartsWith("trainer-vaecluster-run-sprites-", StringComparison.Ordinal)
            && !manifest.Name.Contains("-sprites-in", StringComparison.Ordinal));
        string[] words = [.. job.Containers.Single().At("args").Items().Select(word => word.ToString())];
        Assert.Equal(["submit", "/submit/run.yaml", "--server", "http://trainer-vaecluster:80"], words[..4]);
        Assert.Equal(["--set", "objective.beta=4", "--workers", "4"], words[^4..]);
        Assert.Equal($"{HelmChart.Namespace}/{EntryOf(job)}", words[Array.IndexOf(words, "--key") + 1]);
        Assert.Equal("--detach", jobs.Single(other => other != job).Containers.Single().At("args").Items().Last().ToString());
        string text = all.Single(manifest => manifest.Kind == "ConfigMap" && manifest.Name == EntryOf(job))
            .Json.At("data")!["run.yaml"]!.ToString();
        Assert.StartsWith("\nname: sprites\n", "\n" + text.TrimStart(), StringComparison.Ordinal);

        (int code, string output, string error) = HelmChart.Run(
            [.. HelmChart.Template(Repository.Chart, "--values", ValueFiles.PathOf("runs"), "--set", "runs.sprites.workers=3")]);
        Assert.True(code == 0, error);
        Assert.DoesNotContain(EntryOf(job), output, StringComparison.Ordinal);
        Assert.Contains(jobs.Single(other => other != job).Name, output, StringComparison.Ordinal);

        // Jobs are immutable: an upgrade creates new Jobs, which find the runs of the old ones by their keys.
        (code, output, error) =
            HelmChart.Run([.. HelmChart.Template(Repository.Chart, "--values", ValueFiles.PathOf("runs"), "--set", "image.tag=next")]);
        Assert.True(code == 0, error);
        foreach (Manifest before in jobs)
        {
            Assert.DoesNotContain(before.Name, output, StringComparison.Ordinal);
            Assert.Contains($"- {HelmChart.Namespace}/{EntryOf(before)}\n", output, StringComparison.Ordinal);
        }
    }

    [RequiresFact(Requirement.Helm)]
    public void The_Job_of_a_sweep_has_both_files_and_only_arguments_that_a_sweep_accepts()
    {
        IReadOnlyList<Manifest> all = ValueFiles.Render("everything");
        Manifest job = all.Single(manifest => manifest.Kind == "Job" && manifest.Name.Contains("-sweep-b-", StringComparison.Ordinal));
        string[] words = [.. job.Containers.Single().At("args").Items().Select(word => word.ToString())];
        string[] common = ["submit", "/submit/sweep.yaml", "--server", "http://full:8000", "--token-file", "/token/api.token",
            "--wait", "5"];
        Assert.Equal([.. common, "--key", $"{HelmChart.Namespace}/{EntryOf(job)}", "--detach"], words);
        Manifest followed = all.Single(manifest => manifest.Kind == "Job"
            && manifest.Name.Contains("-sweep-watched-", StringComparison.Ordinal));
        string[] others = [.. followed.Containers.Single().At("args").Items().Select(word => word.ToString())];
        Assert.Equal([.. common, "--key", $"{HelmChart.Namespace}/{EntryOf(followed)}"], others);
        JsonNode files = all.Single(manifest => manifest.Kind == "ConfigMap" && manifest.Name == EntryOf(job)).Json["data"]!;
        Assert.Equal(["run.yaml", "sweep.yaml"], files.AsObject().Select(file => file.Key).Order(StringComparer.Ordinal));
    }

    // The name of an entry's ConfigMap, with which its key ends too; the Job's name also contains a hash of the Job.
    private static string EntryOf(Manifest job) =>
        job.Json.At("spec.template.spec.volumes").Items().Select(volume => volume.At("configMap.name")?.ToString()).OfType<string>()
            .Single();

    private static bool Matches(IReadOnlyDictionary<string, string> labels, IReadOnlyDictionary<string, string> selector) =>
        selector.Count > 0 && selector.All(wanted => labels.TryGetValue(wanted.Key, out string? value) && value == wanted.Value);
}

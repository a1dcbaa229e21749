using System.Text.Json.Nodes;
using VaeCluster.Deploy.Tests.Fixtures;

namespace VaeCluster.Deploy.Tests.Containers;

/// <summary>Checks the compose file against its published schema, the silo's options and the image.</summary>
public sealed class ComposeTests
{
    private static JsonNode Compose => Merged(Yaml.Read(File.ReadAllText(Repository.At("deploy", "compose.yaml"))));

    [RequiresTheory(Requirement.DeployTools)]
    [InlineData("compose.yaml")]
    [InlineData("compose.cuda.yaml")]
    public void It_passes_the_linter(string file)
    {
        (int code, string output) = Lint(Repository.At("deploy", file));
        Assert.True(code == 0, output);
    }

    [RequiresFact(Requirement.DeployTools)]
    public void The_linter_finds_an_unknown_field()
    {
        string folder = Directory.CreateTempSubdirectory("vaecluster-compose-").FullName;
        string text = File.ReadAllText(Repository.At("deploy", "compose.yaml"))
            .Replace("healthcheck:", "healthchek:", StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(folder, "compose.yaml"), text);
        (int code, string output) = Lint(Path.Combine(folder, "compose.yaml"));
        Directory.Delete(folder, recursive: true);
        Assert.NotEqual(0, code);
        Assert.Contains("invalid-schema", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_long_running_service_has_a_health_check_and_a_pinned_image()
    {
        JsonObject services = Compose["services"]!.AsObject();
        Assert.Equal(["postgres", "migrate", "server", "worker", "prometheus", "grafana"], services.Select(service => service.Key));
        foreach ((string name, JsonNode? service) in services)
        {
            if (name != "migrate") Assert.Equal("CMD", service.At("healthcheck.test")!.AsArray()[0]!.ToString());
            string image = service.Text("image");
            Assert.False(image.EndsWith(":latest", StringComparison.Ordinal) || !image.Contains(':', StringComparison.Ordinal), image);
        }

        Assert.Equal("2", services.At("worker.deploy.replicas")!.ToString());
    }

    [Fact]
    public void Every_referenced_service_volume_and_secret_exists()
    {
        JsonObject services = Compose["services"]!.AsObject();
        foreach ((string name, JsonNode? service) in services)
        {
            foreach ((string other, JsonNode? how) in service!["depends_on"]?.AsObject() ?? [])
            {
                Assert.True(services.ContainsKey(other), $"{name} waits for {other}");
                if (how.Text("condition") == "service_healthy") Assert.NotNull(services[other]!["healthcheck"]);
            }

            foreach (string source in service["volumes"].Items().Select(volume => volume.ToString().Split(':')[0]))
            {
                if (source.StartsWith('$')) continue;
                if (source.StartsWith('.'))
                    Assert.True(Path.Exists(Path.GetFullPath(source, Repository.At("deploy"))), $"{name} mounts {source}");
                else Assert.True(Compose["volumes"]!.AsObject().ContainsKey(source), $"{name} mounts {source}");
            }
        }
    }

    [Fact]
    public void Silos_have_no_privileges_and_read_only_file_systems()
    {
        foreach (string name in new[] { "migrate", "server", "worker" })
        {
            JsonNode service = Compose["services"]![name]!;
            Assert.True(service["read_only"]!.GetValue<bool>());
            Assert.Equal("ALL", Assert.Single(service["cap_drop"].Items()).ToString());
            Assert.Equal($"{new ImageFile("Dockerfile").User}:{new ImageFile("Dockerfile").User}", service.Text("user"));
        }
    }

    [Fact]
    public void Every_secret_has_a_line_in_the_example_and_no_default()
    {
        string example = File.ReadAllText(Repository.At("deploy", ".env.example"));
        string compose = File.ReadAllText(Repository.At("deploy", "compose.yaml"));
        foreach (string name in new[] { "POSTGRES_PASSWORD", "VAECLUSTER_TOKEN", "GRAFANA_PASSWORD" })
        {
            Assert.Contains($"\n{name}=\n", example, StringComparison.Ordinal);
            Assert.Contains($"${{{name}:?", compose, StringComparison.Ordinal);
            Assert.DoesNotContain($"${{{name}:-", compose, StringComparison.Ordinal);
        }
    }

    private static (int Code, string Output) Lint(string file)
    {
        // Ignore its style rules, and allow an image that is both built and named.
        string linter = Path.Combine(Requirements.Find(Requirement.DeployTools)!, "node_modules", ".bin", "dclint");
        (int code, string output, string error) = Tool.Run("node", null, linter, file, "--quiet", "--disable-rule", "no-build-and-image");
        return (code, output + error);
    }

    // Merges the keys `<<`, as compose does.
    private static JsonNode Merged(JsonNode node)
    {
        foreach (JsonObject map in node.Everything().OfType<JsonObject>().Where(map => map.ContainsKey("<<")).ToArray())
        {
            JsonNode basis = map["<<"]!;
            map.Remove("<<");
            foreach ((string key, JsonNode? value) in basis.AsObject()) if (!map.ContainsKey(key)) map[key] = value?.DeepClone();
        }

        return node;
    }
}

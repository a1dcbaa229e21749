using System.Text.RegularExpressions;
using VaeCluster.Deploy.Tests.Fixtures;

namespace VaeCluster.Deploy.Tests.Containers;

/// <summary>Checks the Dockerfiles without building them; the cluster's tests run what they publish and start.</summary>
public sealed partial class ImageFileTests
{
    public static TheoryData<string> Files { get; } = ["Dockerfile", "Dockerfile.cuda"];

    [RequiresTheory(Requirement.DeployTools)]
    [MemberData(nameof(Files))]
    public void They_pass_the_linter(string file)
    {
        string script = Repository.At("tests", "VaeCluster.Deploy.Tests", "Tools", "dockerfile.js");
        (int code, string output, string error) = Tool.Run("node", null, script, Requirements.Find(Requirement.DeployTools)!,
            Repository.At("deploy", file));
        Assert.True(code == 0, output + error);
    }

    [RequiresFact(Requirement.DeployTools)]
    public void The_linter_finds_a_fault()
    {
        string broken = Path.GetTempFileName();
        File.WriteAllText(broken, "FROM a:1\nRUNN x\nEXPOSE many\n");
        string script = Repository.At("tests", "VaeCluster.Deploy.Tests", "Tools", "dockerfile.js");
        (int code, string output, _) = Tool.Run("node", null, script, Requirements.Find(Requirement.DeployTools)!, broken);
        File.Delete(broken);
        Assert.Equal(1, code);
        Assert.Contains("RUNN", output, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Images_are_pinned_built_in_stages_and_run_unprivileged(string file)
    {
        var image = new ImageFile(file);
        Assert.Equal(2, image.Bases.Count);
        foreach (string name in image.Bases) Assert.Matches(Tagged(), name);
        Assert.EndsWith("-chiseled", image.Bases[^1], StringComparison.Ordinal);
        Assert.Equal("1654", image.User);
        Assert.Equal(2, image.PublishCommands.Count);
        Assert.Contains(file.EndsWith("cuda", StringComparison.Ordinal)
            ? "-p:Libtorch=cuda"
            : "-p:Libtorch=none", image.PublishCommands[0], StringComparison.Ordinal);
        Assert.Equal(["dotnet", "/app/silo/vaecluster-silo.dll"], image.Entrypoint);
    }

    [Fact]
    public void The_two_files_differ_only_in_the_engine()
    {
        ImageFile cpu = new("Dockerfile"), cuda = new("Dockerfile.cuda");
        Assert.Equal(cpu.Entrypoint, cuda.Entrypoint);
        Assert.Equal(cpu.Bases, cuda.Bases);
        Assert.Equal(cpu.PublishCommands.Select(line => line.Replace("=none", "=cuda", StringComparison.Ordinal)), cuda.PublishCommands);
        foreach (KeyValuePair<string, string> variable in cpu.Environment) Assert.Equal(variable.Value, cuda.Environment[variable.Key]);
    }

    [Fact]
    public void Everything_needed_for_the_build_is_sent_to_the_builder()
    {
        string[] sent = [.. File.ReadLines(Repository.At(".dockerignore")).Where(line => line.StartsWith('!')).Select(line => line[1..])];
        foreach (string name in sent) Assert.True(Path.Exists(Repository.At(name)), $"there is no {name}");
        foreach (string needed in new[] { "src", "Directory.Build.props", "Directory.Packages.props", "global.json", "LICENSE" })
            Assert.Contains(needed, sent);
    }

    [Fact]
    public void User_and_folders_match_the_chart()
    {
        string helpers = File.ReadAllText(Path.Combine(Repository.Chart, "templates", "_helpers.tpl"));
        var image = new ImageFile("Dockerfile");
        Assert.Contains($"runAsUser: {image.User}", helpers, StringComparison.Ordinal);
        Assert.Contains($"value: {image.Environment["VAECLUSTER_DATA"]}", helpers, StringComparison.Ordinal);
        foreach (string folder in new[] { "/runs", "/data" })
            Assert.Contains(image.Of("COPY"), line => line.EndsWith($"/empty {folder}", StringComparison.Ordinal)
                && line.Contains($"--chown={image.User}:", StringComparison.Ordinal));
    }

    [GeneratedRegex(@"^[\w./-]+:(?!latest)[\w.${}-]+( AS \w+)?$")]
    private static partial Regex Tagged();
}

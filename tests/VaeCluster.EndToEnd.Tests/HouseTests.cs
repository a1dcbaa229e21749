using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace VaeCluster.EndToEnd.Tests;

/// <summary>The house is as the design draws it: which project may use which, and what lies where.</summary>
public sealed partial class HouseTests
{
    // Direct references; what they bring along comes with them.
    private static readonly Dictionary<string, string[]> MayReference = new()
    {
        ["Core"] = [],
        ["Data"] = ["Core"],
        ["Models"] = ["Core"],
        ["Engine.Managed"] = ["Models"],
        ["Engine.Torch"] = ["Models"],
        ["Training"] = ["Data", "Models"],
        ["Evaluation"] = ["Training"],
        ["Sweeps"] = ["Evaluation"],
        ["Server"] = ["Sweeps", "Evaluation"],
        ["Cli"] = ["Server", "Evaluation", "Engine.Managed"],
        ["Grains"] = ["Sweeps", "Evaluation"],
        ["Client"] = ["Grains"],
        ["Silo"] = ["Grains", "Client", "Server", "Engine.Managed", "Engine.Torch"],
    };

    private static readonly string[] ClusterOnly = ["Engine.Torch", "Grains", "Client", "Silo"];

    // Tests and benchmarks of the cluster edition; the packages they need are not everywhere.
    private static readonly string[] ClusterOnlyTests = ["Cluster.Tests", "Engine.Torch.Tests", "Torch.Benchmarks"];

    private static string Root { get; } = FindRoot();

    [Fact]
    public void Projects_reference_only_what_the_design_allows()
    {
        string[] projects = [.. Directory.GetFiles(Path.Combine(Root, "src"), "*.csproj", SearchOption.AllDirectories)];
        Assert.NotEmpty(projects);
        foreach (string project in projects)
        {
            string name = NameOf(project);
            Assert.True(MayReference.ContainsKey(name), $"{name} is not in the design's table");
            foreach (string reference in ReferencesOf(project)) Assert.True(MayReference[name].Contains(reference), $"{name} must not reference {reference}");
        }
    }

    [Fact]
    public void The_embedded_edition_uses_no_package_of_the_cluster()
    {
        foreach (string project in Directory.GetFiles(Path.Combine(Root, "src"), "*.csproj", SearchOption.AllDirectories).Where(path => !ClusterOnly.Contains(NameOf(path))))
        {
            foreach (XElement package in XDocument.Load(project).Descendants("PackageReference"))
            {
                string name = package.Attribute("Include")!.Value;
                Assert.False(
                    name.StartsWith("Microsoft.Orleans", StringComparison.Ordinal) || name.Contains("orch", StringComparison.OrdinalIgnoreCase) || name.Contains("Prometheus", StringComparison.Ordinal),
                    $"{NameOf(project)} uses {name}");
            }
        }
    }

    [Fact]
    public void No_project_switches_files_or_references_by_condition_but_the_libtorch_of_the_silo()
    {
        // Which libtorch a silo ships is chosen when it is built; none is a choice, too.
        const string Libtorch = "Silo: PackageReference $(LibtorchPackage) if '$(Libtorch)' != 'none'";
        IEnumerable<string> conditions =
            from project in Projects()
            from item in XDocument.Load(project).Descendants("ItemGroup").SelectMany(items => items.DescendantsAndSelf())
            where item.Attribute("Condition") is not null
            select $"{NameOf(project)}: {item.Name} {item.Attribute("Include")?.Value} if {item.Attribute("Condition")!.Value}";
        Assert.Equal([Libtorch], conditions);
    }

    [Fact]
    public void Every_project_is_in_the_solution_and_every_embedded_one_in_the_filter()
    {
        string solution = File.ReadAllText(Path.Combine(Root, "VaeCluster.sln")).Replace('\\', '/');
        using JsonDocument filter = JsonDocument.Parse(File.ReadAllText(Path.Combine(Root, "VaeCluster.Embedded.slnf")));
        string[] filtered = [.. filter.RootElement.GetProperty("solution").GetProperty("projects").EnumerateArray().Select(path => path.GetString()!.Replace('\\', '/'))];
        foreach (string project in Projects())
        {
            string path = Path.GetRelativePath(Root, project).Replace('\\', '/');
            Assert.Contains(path, solution, StringComparison.Ordinal);
            bool cluster = ClusterOnly.Contains(NameOf(project)) || ClusterOnlyTests.Contains(NameOf(project));
            Assert.True(filtered.Contains(path) == !cluster, $"{path} and the filter for the embedded edition disagree");
        }
    }

    [Fact]
    public void Every_public_type_has_a_file_of_its_name()
    {
        foreach (string file in Directory.EnumerateFiles(Path.Combine(Root, "src"), "*.cs", SearchOption.AllDirectories).Where(path => !IsBuilt(path)))
        {
            string[] types = [.. PublicType().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value)];
            Assert.True(types.Length <= 1, $"{file} has {string.Join(", ", types)}");
            if (types.Length == 1) Assert.StartsWith(types[0], Path.GetFileName(file), StringComparison.Ordinal);
        }
    }

    [GeneratedRegex(@"^public (?:(?:static|sealed|abstract|readonly|partial|unsafe) )*(?:class|record struct|record|struct|enum|interface) (\w+)", RegexOptions.Multiline)]
    private static partial Regex PublicType();

    private static IEnumerable<string> Projects() => new[] { "src", "tests" }
        .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Root, folder), "*.csproj", SearchOption.AllDirectories)).Where(path => !IsBuilt(path));

    private static bool IsBuilt(string path) => path.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin");

    private static string NameOf(string project) => Path.GetFileNameWithoutExtension(project)["VaeCluster.".Length..];

    private static IEnumerable<string> ReferencesOf(string project) =>
        XDocument.Load(project).Descendants("ProjectReference").Select(reference => NameOf(reference.Attribute("Include")!.Value.Replace('\\', '/')));

    private static string FindRoot()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "VaeCluster.sln"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}

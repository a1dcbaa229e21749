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
        ["Exchange"] = ["Training"],
        ["Distributed"] = ["Training", "Exchange"],
        ["Evaluation"] = ["Training"],
        ["Sweeps"] = ["Evaluation"],
        ["Service"] = ["Sweeps"],
        ["Server"] = ["Service"],
        ["CommandLine"] = ["Core"],
        ["Cli"] = ["CommandLine", "Server", "Engine.Managed"],
        ["Grains"] = ["Service", "Distributed"],
        ["Client"] = ["Grains"],
        ["Silo"] = ["CommandLine", "Grains", "Client", "Server", "Engine.Managed", "Engine.Torch"],
    };

    private static readonly string[] MayUseOrleans = ["Grains", "Client", "Silo"];

    // Attributes of Orleans' serialiser: a few kilobytes without a runtime.
    private const string SerializationAttributes = "Microsoft.Orleans.Serialization.Abstractions";

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
    public void Only_grains_and_what_stands_on_them_use_Orleans_and_only_the_Torch_engine_uses_TorchSharp()
    {
        foreach (string project in Directory.GetFiles(Path.Combine(Root, "src"), "*.csproj", SearchOption.AllDirectories))
        {
            string name = NameOf(project);
            foreach (XElement package in XDocument.Load(project).Descendants("PackageReference"))
            {
                string used = package.Attribute("Include")!.Value;
                bool orleans = used.StartsWith("Microsoft.Orleans", StringComparison.Ordinal);
                bool allowed = MayUseOrleans.Contains(name) || (name == "Distributed" && used == SerializationAttributes);
                Assert.False(orleans && !allowed, $"{name} uses {used}");
                Assert.False(used == "TorchSharp" && name != "Engine.Torch", $"{name} uses {used}");
                Assert.False(used.Contains("Prometheus", StringComparison.Ordinal) && name != "Silo", $"{name} uses {used}");
            }
        }
    }

    [Fact]
    public void The_program_vaecluster_needs_no_cluster_and_no_native_library()
    {
        string[] built = [.. ClosureOf("Cli")];
        Assert.Contains("Service", built);
        Assert.DoesNotContain(built, name => MayUseOrleans.Contains(name) || name is "Engine.Torch" or "Distributed" or "Exchange");
    }

    [Fact]
    public void No_project_switches_files_or_references_by_condition()
    {
        foreach (string project in Projects())
        {
            foreach (XElement item in XDocument.Load(project).Descendants("ItemGroup").SelectMany(group => group.DescendantsAndSelf()))
                Assert.True(item.Attribute("Condition") is null, $"{project}: {item.Name} has a condition");
        }
    }

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        string solution = File.ReadAllText(Path.Combine(Root, "VaeCluster.sln")).Replace('\\', '/');
        foreach (string project in Projects())
            Assert.Contains(Path.GetRelativePath(Root, project).Replace('\\', '/'), solution, StringComparison.Ordinal);
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

    // A project with everything that it references, also through others.
    private static HashSet<string> ClosureOf(string name)
    {
        var found = new HashSet<string>();
        var open = new Queue<string>([name]);
        while (open.TryDequeue(out string? next))
        {
            if (!found.Add(next)) continue;
            foreach (string reference in ReferencesOf(Path.Combine(Root, "src", $"VaeCluster.{next}", $"VaeCluster.{next}.csproj"))) open.Enqueue(reference);
        }

        return found;
    }

    private static string FindRoot()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "VaeCluster.sln"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}

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

    // Within a project: each folder and those that it may use. A folder stands below all that use it, so the order has no circle.
    private static readonly Dictionary<string, Dictionary<string, string[]>> FoldersMayUse = new()
    {
        ["Training"] = new()
        {
            ["Steps"] = [],
            ["Files"] = [],
            ["Instruments"] = ["Steps"],
            ["Coordination"] = ["Steps", "Instruments"],
            ["Workers"] = ["Steps", "Instruments"],
            ["ParameterServers"] = ["Steps", "Instruments"],
            ["InProcess"] = ["Steps", "Instruments", "Coordination", "Workers", "ParameterServers"],
            ["Checkpoints"] = ["Steps", "Files", "Instruments"],
            ["Metrics.Curves"] = [],
            ["Metrics"] = ["Steps", "Files", "Metrics.Curves"],
            ["Runs"] = ["Steps", "Files", "Instruments", "Coordination", "InProcess", "Checkpoints", "Metrics"],
            ["Measuring"] = ["Steps", "Coordination", "InProcess", "Runs"],
        },
        ["Distributed"] = new()
        {
            ["Membership"] = [],
            ["Messages"] = ["Membership"],
            ["Pieces"] = [],
            ["Workers"] = ["Messages", "Pieces"],
            ["ParameterServers"] = ["Membership", "Messages", "Pieces"],
            ["Silos"] = ["Membership", "Messages", "Pieces", "Workers", "ParameterServers"],
            ["Coordination"] = ["Membership", "Messages", "Silos"],
        },
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
            foreach (string reference in ReferencesOf(project))
                Assert.True(MayReference[name].Contains(reference), $"{name} must not reference {reference}");
        }
    }

    public static TheoryData<string> ProjectsWithFolders => [.. FoldersMayUse.Keys];

    [Theory]
    [MemberData(nameof(ProjectsWithFolders))]
    public void The_folders_of_a_project_use_only_those_below_them(string project)
    {
        Dictionary<string, string[]> table = FoldersMayUse[project];
        var below = new HashSet<string>();
        foreach ((string folder, string[] mayUse) in table)
        {
            Assert.All(mayUse, used => Assert.True(below.Contains(used), $"the table lists {folder} before {used}, which it may use"));
            below.Add(folder);
        }

        string root = Path.Combine(Root, "src", $"VaeCluster.{project}");
        var files = SourceFiles(root).Select(path => (Path: path, Folder: FolderOf(root, path), Text: File.ReadAllText(path))).ToArray();
        Assert.NotEmpty(files);
        ILookup<string, string> types = files.SelectMany(file => AnyType().Matches(file.Text)
            .Select(match => (file.Folder, Type: match.Groups[1].Value)))
            .ToLookup(type => type.Folder, type => type.Type);
        foreach ((string path, string folder, string text) in files)
        {
            Assert.True(table.ContainsKey(folder), $"{path}: the table has no folder {folder}");
            Assert.Contains($"namespace VaeCluster.{project}.{folder};", text, StringComparison.Ordinal);
            foreach (string used in UsedFolders(text, project, folder, table.Keys, types))
                Assert.True(table[folder].Contains(used), $"{path}: {folder} must not use {used}");
        }
    }

    // Finds using directives and qualified names, whole or from the project's namespace on, also in comments' references. What stands
    // around a folder is seen without either, so there the names of the types are looked for.
    private static IEnumerable<string> UsedFolders(
        string text, string project, string folder, IEnumerable<string> folders, ILookup<string, string> types) =>
        from used in folders
        where used != folder
        let name = Regex.Escape(used)
        let nested = string.Join('|', folders.Where(other => other.StartsWith(used + ".", StringComparison.Ordinal)).Select(other =>
            other[(used.Length + 1)..]))
        let end = nested.Length == 0 ? @"\b" : $@"\b(?!\.(?:{nested})\b)"
        let qualified = $@"\bVaeCluster\.{Regex.Escape(project)}\.{name}{end}|(?<![\w.])(?:{Regex.Escape(project)}\.)?{name}{end}\.[A-Z]"
        let around = folder.StartsWith(used + ".", StringComparison.Ordinal) ? string.Join('|', types[used]) : string.Empty
        where Regex.IsMatch(text.Replace($"namespace VaeCluster.{project}.{folder};", string.Empty, StringComparison.Ordinal), qualified)
            || (around.Length > 0 && Regex.IsMatch(text, $@"\b(?:{around})\b"))
        select used;

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
    public void Only_Data_uses_the_libraries_that_read_files()
    {
        string[] readers = ["SixLabors.ImageSharp", "Parquet.Net", "PureHDF", "Sep"];
        foreach (string project in Directory.GetFiles(Path.Combine(Root, "src"), "*.csproj", SearchOption.AllDirectories))
        {
            string[] used = [.. XDocument.Load(project).Descendants("PackageReference").Select(package => package.Attribute("Include")!.Value)
                .Intersect(readers)];
            Assert.Equal(NameOf(project) == "Data" ? readers.Order() : [], used.Order());
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
    public void Every_project_is_in_the_solution()
    {
        string solution = File.ReadAllText(Path.Combine(Root, "VaeCluster.sln")).Replace('\\', '/');
        foreach (string project in Projects())
            Assert.Contains(Path.GetRelativePath(Root, project).Replace('\\', '/'), solution, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_public_type_has_a_file_of_its_name()
    {
        foreach (string file in SourceFiles(Path.Combine(Root, "src")))
        {
            string[] types = [.. PublicType().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value)];
            Assert.True(types.Length <= 1, $"{file} has {string.Join(", ", types)}");
            if (types.Length == 1) Assert.StartsWith(types[0], Path.GetFileName(file), StringComparison.Ordinal);
        }
    }

    [GeneratedRegex(@"^public (?:(?:static|sealed|abstract|readonly|partial|unsafe) )*(?:class|record struct|record|struct|enum|interface) (\w+)", RegexOptions.Multiline)]
    private static partial Regex PublicType();

    [GeneratedRegex(@"^(?:public|internal) (?:(?:static|sealed|abstract|readonly|partial|unsafe|ref) )*(?:class|record struct|record|struct|enum|interface) (\w+)", RegexOptions.Multiline)]
    private static partial Regex AnyType();

    private static IEnumerable<string> SourceFiles(string folder) =>
        Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories).Where(path => !IsBuilt(path));

    private static string FolderOf(string root, string path) =>
        Path.GetRelativePath(root, Path.GetDirectoryName(path)!).Replace(Path.DirectorySeparatorChar, '.');

    private static IEnumerable<string> Projects() => new[] { "src", "tests" }
        .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Root, folder), "*.csproj", SearchOption.AllDirectories))
            .Where(path => !IsBuilt(path));

    private static bool IsBuilt(string path) => path.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin");

    private static string NameOf(string project) => Path.GetFileNameWithoutExtension(project)["VaeCluster.".Length..];

    private static IEnumerable<string> ReferencesOf(string project) =>
        XDocument.Load(project).Descendants("ProjectReference")
            .Select(reference => NameOf(reference.Attribute("Include")!.Value.Replace('\\', '/')));

    // A project with everything that it references, also through others.
    private static HashSet<string> ClosureOf(string name)
    {
        var found = new HashSet<string>();
        var open = new Queue<string>([name]);
        while (open.TryDequeue(out string? next))
        {
            if (!found.Add(next)) continue;
            foreach (string reference in ReferencesOf(Path.Combine(Root, "src", $"VaeCluster.{next}", $"VaeCluster.{next}.csproj")))
                open.Enqueue(reference);
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

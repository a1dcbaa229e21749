using System.Globalization;
using System.Text.RegularExpressions;
using VaeCluster.Core.Specs;
using VaeCluster.Models.Architectures;
using VaeCluster.Models.Objectives;
using VaeCluster.Models.Zoo;
using VaeCluster.Training.Runs;

namespace VaeCluster.Cli.Tests;

/// <summary>
/// The documentation agrees with the code. VAECLUSTER_WRITE_DOCS=1 writes what is generated: the table of fields and the line numbers of
/// links.
/// </summary>
public sealed partial class DocumentationTests
{
    private const int LongestReadme = 160;

    private static readonly string Root = FindRoot();

    private static readonly bool Writes = Environment.GetEnvironmentVariable("VAECLUSTER_WRITE_DOCS") == "1";

    [Fact]
    public void The_table_of_fields_is_that_of_the_parser()
    {
        string text = Read("docs/run-file.md"), table = RunFileReference.ToMarkdown(RunVocabulary.All);
        if (Writes) Write("docs/run-file.md", text = TableOfFields().Replace(text, table.Replace("$", "$$", StringComparison.Ordinal)));
        Assert.Contains(table, text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_of_models_is_that_of_the_zoo()
    {
        const string Page = "docs/models.md";
        string table = string.Join("\n\n", ModelZoo.All.Select(model => $"""
            ## {model.Name}

            {model.Summary} {model.Paper}.

            - Minimises {model.Formula}.
            - Field `objective.kind: {model.Kind}`{Fields(ObjectiveFamily.Members, model.Kind)}{Network(model)}{Distribution(model)}.
            - In its report: {model.Shows}.
            - `./vaecluster train --ready {model.Name}`
            """));
        string page = $"""
            # Models

            Every model trains with the same run file, workers, checkpoints, sweeps and reports, and to the same bits at any number of workers.
            `./vaecluster models` lists them, `train --ready NAME --print` prints a run file, and `--data DIR` trains on MNIST's files. All formulas are in
            nats per example, averaged over the batch. This page is generated: `VAECLUSTER_WRITE_DOCS=1 dotnet test tests/VaeCluster.Cli.Tests --filter
            FullyQualifiedName~DocumentationTests`.

            {table}

            """;
        if (Writes) Write(Page, page);
        Assert.Equal(page, Read(Page));

        static string Network(ZooModel model)
        {
            RunSpec spec = RunFile.Parse(model.RunFile, "run.yaml", Path.GetTempPath(), [], Path.GetTempPath(), RunVocabulary.All);
            string name = spec.Model.Architecture.Name;
            return name == "mlp" ? string.Empty : $"; `model.architecture: {name}`{Fields(ArchitectureFamily.Members, name)}";
        }

        static string Distribution(ZooModel model) => model.ModelField is { } field ? $"; `model.{field}`" : string.Empty;

        static string Fields(IReadOnlyList<Member> family, string kind)
        {
            string[] names = [.. family.Single(member => member.Name == kind).Fields.Select(field => $"`{field.Name}`")];
            return names.Length == 0 ? string.Empty : $", with {string.Join(", ", names)}";
        }
    }

    [Fact]
    public void The_readme_is_short() => Assert.InRange(File.ReadLines(Path.Combine(Root, "README.md")).Count(), 40, LongestReadme);

    [Fact]
    public void Every_link_leads_to_a_file_of_the_repository()
    {
        int links = 0;
        foreach (string page in Pages())
        {
            string folder = Path.GetDirectoryName(Path.Combine(Root, page))!;
            foreach (string target in Link().Matches(Read(page)).Select(match => match.Groups["target"].Value))
            {
                if (target.StartsWith("https://", StringComparison.Ordinal)) continue;
                string path = target.Split('#')[0];
                Assert.True(path.Length == 0 || Path.Exists(Path.Combine(folder, path)), $"{page} links to {target}");
                links++;
            }
        }

        Assert.True(links > 20, "there are links");
    }

    [Fact]
    public void Every_place_on_the_map_exists()
    {
        string[] lines = [.. Read("docs/architecture.md").Split('\n')
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal) && line.Contains("| `src/", StringComparison.Ordinal))];
        Assert.NotEmpty(lines);
        foreach (string line in lines)
        {
            // Names after the first are beside it, or beside its folder.
            string? first = null;
            foreach (string place in line.Split('|')[2].Split('`').Where((_, i) => i % 2 == 1))
            {
                string[] candidates = first is null || place.StartsWith("src/", StringComparison.Ordinal)
                    ? [place]
                    : [.. Ancestors(first).Select(folder => Path.Combine(folder, place))];
                Assert.True(candidates.Any(candidate => Path.Exists(Path.Combine(Root, candidate))), $"{place} of {line}");
                first ??= place;
            }
        }
    }

    [Fact]
    public void Every_line_that_a_page_points_to_holds_the_name_that_it_gives()
    {
        foreach (string page in Pages())
        {
            string text = Read(page), folder = Path.GetDirectoryName(Path.Combine(Root, page))!;
            string renumbered = LineLink().Replace(text, match =>
            {
                string target = match.Groups["target"].Value, name = match.Groups["name"].Value;
                int line = File.ReadLines(Path.Combine(folder, target)).Index()
                    .First(each => each.Item.Contains(name, StringComparison.Ordinal)).Index + 1;
                string number = line.ToString(CultureInfo.InvariantCulture);
                return $"[{Path.GetFileName(target)}:{number}]({target}#L{number}) `{name}`";
            });
            if (Writes) Write(page, renumbered);
            else Assert.Equal(renumbered, text);
        }

        Assert.Equal(8, LineLink().Count(Read("docs/architecture.md")));
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("docs/run-file.md")]
    public void The_run_files_can_be_read(string page)
    {
        string text = Yaml().Matches(Read(page)).Select(match => match.Groups[1].Value)
            .First(yaml => yaml.Contains("objective:", StringComparison.Ordinal));
        RunSpec spec = RunFile.Parse(text, "run.yaml", Root, [], Root, RunVocabulary.All);
        Assert.Equal(("mnist-vae", 10), (spec.Name, spec.Training.Epochs));
    }

    private static IEnumerable<string> Pages() => new[] { ".", "docs", "deploy" }
        .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Root, folder), "*.md")).Select(path => Path.GetRelativePath(Root, path))
            .Order();

    private static IEnumerable<string> Ancestors(string path)
    {
        for (string? folder = Path.GetDirectoryName(path); !string.IsNullOrEmpty(folder); folder = Path.GetDirectoryName(folder))
            yield return folder;
    }

    private static string Read(string page) => File.ReadAllText(Path.Combine(Root, page)).ReplaceLineEndings("\n");

    private static void Write(string page, string text) => File.WriteAllText(Path.Combine(Root, page), text);

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"\[[\w.]+\.cs:\d+\]\((?<target>[^)#]+)#L\d+\) `(?<name>[^`]+)`")]
    private static partial Regex LineLink();

    [GeneratedRegex(@"^\| field \| default \|.*?\n(?=\n)", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex TableOfFields();

    [GeneratedRegex("```yaml\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Yaml();

    private static string FindRoot()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "VaeCluster.sln"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}

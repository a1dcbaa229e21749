using VaeCluster.Core.Specs;
using VaeCluster.Training.Runs;

namespace VaeCluster.Cli.Tests;

/// <summary>The README tells the truth where a machine can check it.</summary>
public sealed class ReadmeTests
{
    [Fact]
    public void The_table_of_fields_is_that_of_the_parser()
    {
        string readme = File.ReadAllText(Path.Combine(Root(), "README.md")).ReplaceLineEndings("\n");
        Assert.Contains(RunFileReference.ToMarkdown(RunVocabulary.All), readme, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_place_that_it_points_to_exists()
    {
        string[] lines = [.. File.ReadLines(Path.Combine(Root(), "README.md")).Where(line => line.StartsWith("| ", StringComparison.Ordinal) && line.Contains("`src/", StringComparison.Ordinal))];
        Assert.NotEmpty(lines);
        foreach (string line in lines)
        {
            // Names after the first are beside it, or beside its folder.
            string? first = null;
            foreach (string place in line.Split('|')[2].Split('`').Where((_, i) => i % 2 == 1))
            {
                string[] candidates = first is null ? [place] : [.. Ancestors(first).Select(folder => Path.Combine(folder, place))];
                Assert.Contains(candidates, candidate => Path.Exists(Path.Combine(Root(), candidate)));
                first ??= place;
            }
        }
    }

    private static IEnumerable<string> Ancestors(string path)
    {
        for (string? folder = Path.GetDirectoryName(path); !string.IsNullOrEmpty(folder); folder = Path.GetDirectoryName(folder)) yield return folder;
    }

    private static string Root()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "VaeCluster.sln"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}

using System.CommandLine;
using VaeCluster.Silo.CommandLine;

namespace VaeCluster.Cluster.Tests.Silos;

/// <summary>Every option of a silo that takes a number, so that a new one is covered without a line here.</summary>
public sealed class NumberSettingTests
{
    private static readonly string[] Words = ["N", "PORT", "SECONDS"];

    public static TheoryData<string, string> Options
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (Command verb in SiloApp.CreateRoot().Subcommands)
                foreach (Option option in verb.Options.Where(option => Words.Contains(option.HelpName))) data.Add(verb.Name, option.Name);
            return data;
        }
    }

    [Fact]
    public void The_options_are_found()
    {
        string[] found = [.. Options.Select(row => string.Join(' ', row))];
        foreach (string known in (string[])["run --silo-port", "run --lease", "run --ranges", "migrate --wait"]) Assert.Contains(known, found);
    }

    [Theory]
    [MemberData(nameof(Options))]
    public async Task What_is_no_number_is_refused_in_one_line(string verb, string option)
    {
        string[] line = verb == "migrate" ? [verb, "--database", "Host=x;Database=x;Username=x"] : [verb, "--standalone"];
        foreach (string text in (string[])["1,5", "1,000", "(3)", "NaN", "Infinity", "1e400", "0x10", " 3", "3 ", "٣", "three"])
        {
            using StringWriter output = new(), error = new();
            Assert.Equal(2, await SiloApp.RunAsync([.. line, option, text], output, error));
            Assert.StartsWith($"error: {option} is '{text}': ", error.ToString(), StringComparison.Ordinal);
            Assert.Matches("(a whole number|seconds) from [0-9.]+ to [0-9]+", error.ToString());
            Assert.Single(error.ToString().TrimEnd().Split('\n'));
        }
    }
}

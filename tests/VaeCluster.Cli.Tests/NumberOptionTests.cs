using System.CommandLine;
using System.Globalization;
using System.Text.RegularExpressions;
using VaeCluster.Cli.CommandLine;
using VaeCluster.Cli.Tests.Fixtures;

namespace VaeCluster.Cli.Tests;

/// <summary>Every option that takes a number, so that a new one is covered without a line here.</summary>
public sealed class NumberOptionTests
{
    private static readonly Type[] Numbers = [typeof(int), typeof(long), typeof(float), typeof(double), typeof(decimal), typeof(TimeSpan)];

    /// <summary>What no option may take: the forms of other cultures, programs and scripts.</summary>
    private static readonly string[] NoNumbers =
    [
        "-2,5", "1,000", "1 000", "1'000", "(3)", "NaN", "nan", "Infinity", "-Infinity", "∞", "1e400", "-1e400", "0x10", "1_000", "٣", "½",
        " 3", "3 ", "\t3", "3%", "$3", "3-", "--3", "", "three", "3;4", "−3",
    ];

    public static TheoryData<string, string> Options
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach ((string verb, Option option) in Find(VaeClusterApp.CreateRoot(), string.Empty)) data.Add(verb, option.Name);
            return data;
        }
    }

    [Fact]
    public void The_options_are_found()
    {
        // Were the search broken, the theories would have nothing to test.
        string[] found = [.. Find(VaeClusterApp.CreateRoot(), string.Empty).Select(pair => $"{pair.Verb} {pair.Option.Name}")];
        foreach (string known in (string[])["train --workers", "traverse --from", "sample --seed", "sweep --trial", "data render --count"])
            Assert.Contains(known, found);
        Assert.True(found.Length >= 34, $"{found.Length} found");
    }

    [Theory]
    [MemberData(nameof(Options))]
    public void What_is_no_number_is_refused_with_the_range(string verb, string option)
    {
        foreach (string text in NoNumbers)
        {
            string message = Refusal(verb, option, text);
            Assert.StartsWith($"{option} is '{text}': a ", message, StringComparison.Ordinal);
            Assert.Matches("(whole )?number from -?[0-9]+ to [0-9]+", message);
        }
    }

    [Theory]
    [MemberData(nameof(Options))]
    public void The_ends_of_the_range_are_taken_and_what_lies_beyond_is_refused(string verb, string option)
    {
        Match range = Regex.Match(Refusal(verb, option, "x"), "number from (?<least>-?[0-9]+) to (?<most>[0-9]+)");
        foreach ((string end, int beyond) in new[] { (range.Groups["least"].Value, -1), (range.Groups["most"].Value, 1) })
        {
            Assert.DoesNotContain(Parse(verb, option, end).Errors, error => error.Message.StartsWith(option, StringComparison.Ordinal));
            Int128 outside = Int128.Parse(end, CultureInfo.InvariantCulture) + beyond;
            Refusal(verb, option, outside.ToString(CultureInfo.InvariantCulture));
        }
    }

    [Theory]
    [MemberData(nameof(Options))]
    public void A_whole_number_is_written_as_one(string verb, string option)
    {
        if (!Refusal(verb, option, "x").Contains("a whole number", StringComparison.Ordinal)) return;
        foreach (string text in (string[])["3.0", "3.", "3e0", "1.5", ".5"]) Refusal(verb, option, text);
    }

    [Theory]
    [InlineData("-2.5", -2.5f)]
    [InlineData("+1", 1f)]
    [InlineData("25e-1", 2.5f)]
    [InlineData(".5", 0.5f)]
    [InlineData("-1E2", -100f)]
    public void A_number_is_read_as_in_a_run_file(string text, float value)
    {
        ParseResult parsed = Parse("traverse", "--from", text);
        Assert.DoesNotContain(parsed.Errors, error => error.Message.Contains("--from", StringComparison.Ordinal));
        Assert.Equal(value, parsed.GetValue<float>("--from"));
    }

    [Fact]
    public void What_the_help_calls_a_number_is_one()
    {
        string[] letters = ["N", "K", "T", "S", "Z", "SEED", "INDEX", "SECONDS", "PORT"];
        foreach ((string verb, Option option) in All(VaeClusterApp.CreateRoot(), string.Empty))
            if (letters.Contains(option.HelpName)) Assert.True(IsNumber(option), $"{verb} {option.Name} takes {option.ValueType}");
    }

    [Theory]
    [InlineData("traverse run --from -2,5",
        "--from is '-2,5': a number from -1000 to 1000, with a decimal point; see 'vaecluster traverse")]
    [InlineData("traverse run --to NaN", "--to is 'NaN': a number from -1000 to 1000")]
    [InlineData("traverse run --to 1e400", "--to is '1e400': a number from -1000 to 1000")]
    [InlineData("sample run --seed (3)", "--seed is '(3)': a whole number from -9223372036854775808 to 9223372036854775807")]
    [InlineData("traverse run --example -1", "--example is '-1': a whole number from 0 to 2147483647")]
    [InlineData("sweep s.yaml --print --trial 1,0", "--trial is '1,0': a whole number from 0 to 2147483647")]
    [InlineData("sample run --rows 1,000", "--rows is '1,000': a whole number from 1 to 100")]
    [InlineData("traverse run --from", "Required argument missing for option: '--from'")]
    [InlineData("sample run --rows 2 --rows 3", "Option '--rows' expects a single argument but 2 were provided")]
    public async Task A_refusal_is_one_line_and_code_2(string line, string message)
    {
        Terminal result = await Terminal.RunAsync(line.Split(' '));
        Assert.Equal(2, result.Code);
        Assert.StartsWith($"error: {message}", result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.TrimEnd().Split('\n'));
    }

    private static string Refusal(string verb, string option, string text) =>
        Assert.Single(Parse(verb, option, text).Errors, error => error.Message.Contains(option, StringComparison.Ordinal)).Message;

    private static ParseResult Parse(string verb, string option, string text) =>
        VaeClusterApp.CreateRoot().Parse([.. verb.Split(' '), .. Complete(verb), option, text]);

    // What a verb demands of its options together is checked first.
    private static string[] Complete(string verb) => verb switch
    {
        "sweep" => ["--ready", "beta-latent", "--print"],
        "train" => ["--ready", "vae"],
        _ => [],
    };

    private static IEnumerable<(string Verb, Option Option)> Find(Command command, string path) =>
        All(command, path).Where(pair => IsNumber(pair.Option));

    private static IEnumerable<(string Verb, Option Option)> All(Command command, string path) =>
        command.Options.Select(option => (path, option)).Concat(
            command.Subcommands.SelectMany(verb => All(verb, path.Length == 0 ? verb.Name : $"{path} {verb.Name}")));

    private static bool IsNumber(Option option) => Numbers.Contains(Nullable.GetUnderlyingType(option.ValueType) ?? option.ValueType);
}

namespace VaeCluster.Fuzz.Tests;

/// <summary>
/// Every parser of foreign bytes, with inputs of a fixed seed: each is read or refused, in at most a second and 256 MB. More inputs by hand:
/// tests/fuzz/run.sh.
/// </summary>
public sealed class FuzzTests
{
    private const long Seed = 1;

    public static TheoryData<string> Targets => [.. FuzzTarget.All.Keys];

    [Theory]
    [MemberData(nameof(Targets))]
    public void Inputs_that_nobody_wrote_are_read_or_refused(string target)
    {
        Func<FuzzTarget> make = FuzzTarget.All[target];
        int inputs;
        using (FuzzTarget one = make()) inputs = one.Inputs;
        IReadOnlyList<Finding> findings = FuzzRun.Execute(make, inputs, Seed, Environment.ProcessorCount);
        Assert.True(findings.Count == 0, string.Join('\n', findings.Select(finding =>
            $"input {finding.Index} of seed {Seed}: {finding.Rule}\n{finding.Detail}\n{Convert.ToBase64String([.. finding.Input.Take(2000)])}")));
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void The_seeds_themselves_break_no_rule(string target)
    {
        using FuzzTarget one = FuzzTarget.All[target]();
        foreach (byte[] seed in one.Seeds) Assert.Null(FuzzRun.Judge(one, 0, seed));
    }

    [Fact]
    public void An_input_is_a_function_of_its_seed_target_and_number()
    {
        byte[][] seeds = ["{ \"a\": 12 }"u8.ToArray(), new byte[40]];
        string[] Inputs(string target, long seed) =>
            [.. Enumerable.Range(0, 50).Select(i => Convert.ToHexString(new Mutator(target, seeds, ["[", "{"], seed).Make(i)))];
        Assert.Equal(Inputs("a", 1), Inputs("a", 1));
        Assert.NotEqual(Inputs("a", 1)[2..], Inputs("b", 1)[2..]);
        Assert.NotEqual(Inputs("a", 1)[2..], Inputs("a", 2)[2..]);
        Assert.True(Inputs("a", 1).Distinct().Count() > 40);
    }

    [Fact]
    public void A_parser_that_breaks_a_rule_is_found()
    {
        using var target = new Broken();
        Assert.StartsWith("FormatException", FuzzRun.Judge(target, 0, "x"u8.ToArray())!.Rule, StringComparison.Ordinal);
        Assert.Equal("memory", FuzzRun.Judge(target, 0, "m"u8.ToArray())!.Rule);
        Assert.Null(FuzzRun.Judge(target, 0, "r"u8.ToArray()));
        Assert.Null(FuzzRun.Judge(target, 0, []));
    }

    private sealed class Broken : FuzzTarget
    {
        public override string Name => "broken";

        public override IReadOnlyList<byte[]> Seeds => [[1]];

        public override void Run(byte[] input)
        {
            switch (input)
            {
                case [(byte)'x']: throw new FormatException();
                case [(byte)'m']: GC.KeepAlive(new byte[300 << 20]); break;
                case [(byte)'r']: throw new Core.BadInputException("a", null, null, "b");
            }
        }
    }
}

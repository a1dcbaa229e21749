using System.Diagnostics;
using System.Globalization;
using SharpFuzz;
using VaeCluster.Fuzz;

const string Findings = ".build/fuzz";
const string Usage = """
    usage: run.sh TARGET|all [--inputs N] [--seed S] [--threads T]   mutated inputs of a seed (1,000,000, 1, all cores)
           run.sh TARGET --file FILE                                 one input, such as one of .build/fuzz
           run.sh TARGET --write N [--seed S]                        writes input N of a seed to .build/fuzz, such as one that never ends
           run.sh TARGET --write-seeds DIR                           the whole inputs that all others are made from
           run.sh TARGET --afl                                       inputs from AFL++; see coverage.sh
    targets:
    """;
string? Option(string name) => Array.IndexOf(args, name) is >= 0 and var place && place + 1 < args.Length ? args[place + 1] : null;
string wanted = args.FirstOrDefault() ?? "--help";
string[] names = wanted == "all" ? [.. FuzzTarget.All.Keys] : [wanted];
if (!names.All(FuzzTarget.All.ContainsKey))
{
    Console.Error.WriteLine($"{Usage} {string.Join(' ', FuzzTarget.All.Keys)}");
    return 2;
}

if (args.Contains("--afl"))
{
    using FuzzTarget target = FuzzTarget.All[wanted]();
    Fuzzer.OutOfProcess.Run(stream =>
    {
        using var all = new MemoryStream();
        stream.CopyTo(all);
        try
        {
            target.Run(all.ToArray());
        }
        catch (Exception fault) when (target.IsRefusal(fault))
        {
            // As it should be.
        }
    });
    return 0;
}

if (Option("--file") is { } file)
{
    using FuzzTarget target = FuzzTarget.All[wanted]();
    Finding? one = FuzzRun.Judge(target, 0, File.ReadAllBytes(file));
    Console.WriteLine(one is null ? "no rule is broken" : $"{one.Rule}\n{one.Detail}");
    return one is null ? 0 : 1;
}

if (Option("--write") is { } written)
{
    using FuzzTarget target = FuzzTarget.All[wanted]();
    byte[] bytes = FuzzRun.InputOf(
        target, long.Parse(written, CultureInfo.InvariantCulture), long.Parse(Option("--seed") ?? "1", CultureInfo.InvariantCulture));
    Directory.CreateDirectory(Findings);
    File.WriteAllBytes(Path.Combine(Findings, $"{wanted}-{written}"), bytes);
    return 0;
}

if (Option("--write-seeds") is { } folder)
{
    using FuzzTarget target = FuzzTarget.All[wanted]();
    Directory.CreateDirectory(folder);
    foreach ((int i, byte[] bytes) in target.Seeds.Index()) File.WriteAllBytes(Path.Combine(folder, $"{i:000}"), bytes);
    return 0;
}

long inputs = long.Parse(Option("--inputs") ?? "1000000", CultureInfo.InvariantCulture), seed = long.Parse(Option("--seed") ?? "1", CultureInfo.InvariantCulture);
int threads = int.Parse(Option("--threads") ?? $"{Environment.ProcessorCount}", CultureInfo.InvariantCulture);
int broken = 0;
foreach (string name in names)
{
    long started = Stopwatch.GetTimestamp();
    IReadOnlyList<Finding> findings = FuzzRun.Execute(FuzzTarget.All[name], inputs, seed, threads);
    double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {inputs:#,0} inputs of seed {seed} in {seconds:0.0} s, {findings.Count} findings"));
    foreach (Finding finding in findings)
    {
        Directory.CreateDirectory(Findings);
        string path = Path.Combine(Findings, string.Create(CultureInfo.InvariantCulture, $"{name}-{seed}-{finding.Index}"));
        File.WriteAllBytes(path, [.. finding.Input]);
        Console.WriteLine($"  input {finding.Index} ({path}): {finding.Rule}\n    {finding.Detail.ReplaceLineEndings("\n    ")}");
    }

    broken += findings.Count;
}

return broken == 0 ? 0 : 1;

using System.Collections.Concurrent;
using System.Globalization;

namespace VaeCluster.Fuzz;

/// <summary>
/// Gives a parser many inputs and holds it to the rules: an input is read or refused, in at most a second of a core, with at most 256 MB allocated.
/// </summary>
public static class FuzzRun
{
    private const int MostFindings = 20;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1), Hanging = TimeSpan.FromSeconds(60);

    /// <summary>Runs inputs in order of their numbers, divided among threads.</summary>
    /// <param name="make">Makes the target.</param>
    /// <param name="inputs">How many.</param>
    /// <param name="seed">Chooses them.</param>
    /// <param name="threads">Threads.</param>
    /// <returns>What broke a rule, one for each place in the code.</returns>
    public static IReadOnlyList<Finding> Execute(Func<FuzzTarget> make, long inputs, long seed, int threads)
    {
        var findings = new ConcurrentDictionary<string, Finding>(StringComparer.Ordinal);
        var workers = new List<Thread>();
        for (int thread = 0; thread < threads; thread++)
        {
            int first = thread;
            workers.Add(new Thread(() => Work(make, inputs, seed, first, threads, findings)));
        }

        foreach (Thread worker in workers) worker.Start();
        foreach (Thread worker in workers) worker.Join();
        return [.. findings.Values.OrderBy(finding => finding.Index)];
    }

    private static void Work(
        Func<FuzzTarget> make, long inputs, long seed, int first, int step, ConcurrentDictionary<string, Finding> findings)
    {
        using FuzzTarget target = make();
        var mutator = new Mutator(target.Name, target.Seeds, target.Words, seed, target.Longest);
        long current = -1;
        using var watch = new Timer(
            _ => Stop(target.Name, Interlocked.Read(ref current), seed), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        for (long index = first; index < inputs && findings.Count < MostFindings; index += step)
        {
            Interlocked.Exchange(ref current, index);
            watch.Change(Hanging, Timeout.InfiniteTimeSpan);
            byte[] input = InputOf(target, mutator, index);
            if (Judge(target, index, input) is { } finding) findings.TryAdd(finding.Rule, finding);
        }
    }

    /// <summary>One input of a seed.</summary>
    /// <param name="target">The parser.</param>
    /// <param name="index">The input's number.</param>
    /// <param name="seed">Chooses the inputs.</param>
    public static byte[] InputOf(FuzzTarget target, long index, long seed) =>
        InputOf(target, new Mutator(target.Name, target.Seeds, target.Words, seed, target.Longest), index);

    private static byte[] InputOf(FuzzTarget target, Mutator mutator, long index)
    {
        byte[] input = mutator.Make(index);
        return mutator.Repairs(index) ? target.Repair(input) : input;
    }

    /// <summary>Reads one input and tells which rule it breaks; null: none.</summary>
    /// <param name="target">The parser.</param>
    /// <param name="index">The input's number.</param>
    /// <param name="input">The bytes.</param>
    public static Finding? Judge(FuzzTarget target, long index, byte[] input)
    {
        // What is slow once may have been compiled or collected garbage; what is slow three times is slow.
        TimeSpan fastest = TimeSpan.MaxValue;
        for (int attempt = 0; attempt < 3 && fastest > Longest; attempt++)
        {
            long allocated = GC.GetAllocatedBytesForCurrentThread();
            TimeSpan started = ThreadTime.Now;
            try
            {
                target.Run(input);
            }
            catch (Exception fault) when (!target.IsRefusal(fault))
            {
                return new Finding(target.Name, index, $"{fault.GetType().Name} {PlaceOf(fault)}", input, fault.ToString());
            }
            catch (Exception)
            {
                // Refused, as it should be.
            }

            TimeSpan taken = ThreadTime.Now - started;
            fastest = taken < fastest ? taken : fastest;
            allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
            if (allocated > target.MostBytes)
            {
                return new Finding(
                    target.Name, index, "memory", input, string.Create(CultureInfo.InvariantCulture, $"{allocated >> 20} MB for one input"));
            }
        }

        return fastest <= Longest ? null : new Finding(
            target.Name, index, "time", input, string.Create(CultureInfo.InvariantCulture, $"{fastest.TotalSeconds:0.0} s for one input"));
    }

    private static string PlaceOf(Exception fault) =>
        fault.StackTrace?.Split('\n').Select(line => line.Trim()).FirstOrDefault(line => line.Contains("VaeCluster", StringComparison.Ordinal))
            ?.Split(" in ")[0] ?? string.Empty;

    // A parser that never returns cannot be stopped from here; which input it was must be told all the same.
    private static void Stop(string target, long index, long seed)
    {
        Console.Error.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{target}: input {index} of seed {seed} has not ended after {Hanging.TotalSeconds} s"));
        Environment.Exit(1);
    }
}

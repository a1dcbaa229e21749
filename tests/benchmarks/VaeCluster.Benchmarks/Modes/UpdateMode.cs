using System.CommandLine;
using System.Globalization;
using VaeCluster.Benchmarks.Micro;
using VaeCluster.Training.Measuring;

namespace VaeCluster.Benchmarks.Modes;

/// <summary><c>update</c>: the tree and Adam against a copy that moves as many bytes through the same level of cache.</summary>
internal static class UpdateMode
{
    internal static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "one JSON object a line" };
        var command = new Command("update", "Time tree and Adam against a copy of as many bytes.") { json };
        command.SetAction(parsed =>
        {
            foreach (string level in (string[])["block", "layer", "model"])
            {
                var piece = new UpdateBenchmarks { Elements = UpdateBenchmarks.ElementsOf(level) };
                piece.Setup();
                Measure(piece, level, parsed.GetValue(json));
            }
        });
        return command;
    }

    private static void Measure(UpdateBenchmarks piece, string level, bool json)
    {
        TimeSpan time = TimeSpan.FromSeconds(0.3);
        foreach ((string what, Action work, Action copy) in
            (ReadOnlySpan<(string, Action, Action)>)[("tree", piece.TreeAdd, piece.CopyOfTreeAdd), ("adam", piece.Adam, piece.CopyOfAdam)])
        {
            double ours = Repetition.Seconds(work, time).Median, copied = Repetition.Seconds(copy, time).Median;
            if (json) Json.Print(new { What = what, Level = level, piece.Elements, Microseconds = 1e6 * ours, CopyMicroseconds = 1e6 * copied, Share = copied / ours });
            else
            {
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{what} on {piece.Elements,7} elements ({level}): {1e6 * ours,8:0.00} µs, a copy of as many bytes {1e6 * copied,8:0.00} µs: {copied / ours:P0} of its speed"));
            }
        }
    }
}

using System.CommandLine;
using System.Globalization;
using VaeCluster.Benchmarks.Micro;
using VaeCluster.Training.Measuring;

namespace VaeCluster.Benchmarks.Modes;

/// <summary><c>update</c>: gradient summation and Adam compared with a copy of as many bytes in the same cache level.</summary>
internal static class UpdateMode
{
    internal static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "print one JSON object per line" };
        var command =
            new Command("update", "Time gradient summation and Adam and compare them with a copy of the same number of bytes.") { json };
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
            if (json)
            {
                Json.Print(new
                {
                    What = what,
                    Level = level,
                    piece.Elements,
                    Microseconds = 1e6 * ours,
                    CopyMicroseconds = 1e6 * copied,
                    Share = copied / ours,
                });
            }
            else
            {
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{what} on {piece.Elements,7} elements ({level}): {1e6 * ours,8:0.00} µs, copy of the same number of bytes "
                    + $"{1e6 * copied,8:0.00} µs: {copied / ours:P0} of the copy's speed"));
            }
        }
    }
}

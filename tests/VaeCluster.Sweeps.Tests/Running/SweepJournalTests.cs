using VaeCluster.Core;
using VaeCluster.Sweeps.Running;
using VaeCluster.Sweeps.Tests.Fixtures;
using VaeCluster.Sweeps.Trials;

namespace VaeCluster.Sweeps.Tests.Running;

public sealed class SweepJournalTests
{
    private const string Space = "space: { objective.beta: [1, 2] }";

    [Fact]
    public void A_truncated_last_line_is_dropped_and_the_next_one_is_intact()
    {
        using var folder = new TemporaryFolder();
        using (SweepJournal journal = SweepJournal.Create(
            SweepTexts.Parse(Space), folder["sweep"], TimeProvider.System)) journal.End(Record(0));
        var files = new SweepFolder(folder["sweep"]);
        File.AppendAllText(files.TrialsPath, "{\"index\":1,\"par");
        using (SweepJournal journal = SweepJournal.Open(folder["sweep"], TimeProvider.System))
        {
            Assert.Equal([0], journal.Ended.Select(record => record.Index));
            journal.End(Record(1));
        }

        Assert.Equal([0, 1], SweepJournal.ReadEnded(files).Select(record => record.Index));
        Assert.Equal(2, File.ReadAllLines(files.TrialsPath).Length);
    }

    [Fact]
    public void Zeros_from_a_power_failure_are_dropped_and_damage_in_the_middle_is_an_error()
    {
        using var folder = new TemporaryFolder();
        using (SweepJournal journal = SweepJournal.Create(
            SweepTexts.Parse(Space), folder["sweep"], TimeProvider.System)) journal.End(Record(0));
        var files = new SweepFolder(folder["sweep"]);
        string whole = File.ReadAllText(files.TrialsPath);
        File.WriteAllText(files.TrialsPath, whole + "\0\0\0\0\n\0\0");
        using (SweepJournal journal = SweepJournal.Open(folder["sweep"], TimeProvider.System)) Assert.Single(journal.Ended);
        Assert.Equal(whole, File.ReadAllText(files.TrialsPath));

        File.WriteAllText(files.TrialsPath, "nonsense\n" + whole);
        BadInputException fault = Assert.Throws<BadInputException>(() => SweepJournal.Open(folder["sweep"], TimeProvider.System));
        Assert.Contains("trials.jsonl:1 is 'nonsense': a JSON object on one line", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_processes_cannot_open_a_sweep_and_no_sweep_is_overwritten()
    {
        using var folder = new TemporaryFolder();
        using (SweepJournal.Create(SweepTexts.Parse(Space), folder["sweep"], TimeProvider.System))
            Assert.Contains("in use by another process", Assert.Throws<BadInputException>(
                () => SweepJournal.Open(folder["sweep"], TimeProvider.System)).Message, StringComparison.Ordinal);
        Assert.Contains("--out", Assert.Throws<BadInputException>(
            () => SweepJournal.Create(SweepTexts.Parse(Space), folder["sweep"], TimeProvider.System)).Message, StringComparison.Ordinal);
        Assert.Contains("not a sweep folder", Assert.Throws<BadInputException>(
            () => SweepJournal.Open(folder["other"], TimeProvider.System)).Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["other"]));
    }

    [Fact]
    public void A_superseded_process_writes_nothing()
    {
        using var folder = new TemporaryFolder();
        SweepJournal.Create(SweepTexts.Parse(Space), folder["sweep"], TimeProvider.System).Dispose();
        bool isInCharge = true;
        using SweepJournal old = SweepJournal.Open(folder["sweep"], TimeProvider.System, () =>
        {
            if (!isInCharge) throw new Training.Checkpoints.StaleGenerationException(1, 2);
        });
        old.End(Record(0));
        using SweepJournal successor = SweepJournal.Open(folder["sweep"], TimeProvider.System, () => { });
        isInCharge = false;
        Assert.Throws<Training.Checkpoints.StaleGenerationException>(() => old.End(Record(1)));
        Assert.Single(SweepJournal.ReadEnded(successor.Folder));
    }

    private static TrialRecord Record(int index) => new()
    {
        Index = index,
        Parameters = new Dictionary<string, System.Text.Json.JsonElement>(),
        Seed = 1,
        Status = TrialStatus.Finished,
        Folder = $"trials/{index}",
    };
}

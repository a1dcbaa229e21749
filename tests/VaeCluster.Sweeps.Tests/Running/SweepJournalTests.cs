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
    public void Zeros_from_a_power_failure_are_dropped_and_told_to_nobody()
    {
        using var folder = new TemporaryFolder();
        using (SweepJournal journal = SweepJournal.Create(
            SweepTexts.Parse(Space), folder["sweep"], TimeProvider.System)) journal.End(Record(0));
        var files = new SweepFolder(folder["sweep"]);
        string whole = File.ReadAllText(files.TrialsPath);
        File.WriteAllText(files.TrialsPath, whole + "\0\0\0\0\n\0\0");
        using (SweepJournal journal = SweepJournal.Open(folder["sweep"], TimeProvider.System)) Assert.Single(journal.Ended);
        Assert.Equal(whole, File.ReadAllText(files.TrialsPath));
        using SweepJournal again = SweepJournal.Open(folder["sweep"], TimeProvider.System);
        Assert.Empty(again.Notes);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("{\"\\ud800\":1}")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("{\"index\":-5,\"parameters\":{},\"seed\":1,\"status\":\"finished\",\"folder\":\"x\"}")]
    [InlineData("{\"index\":0,\"parameters\":{},\"seed\":1,\"status\":\"finished\",\"folder\":\"../../x\"}")]
    public void Damage_in_the_middle_costs_that_line_and_is_told(string damage)
    {
        using var folder = new TemporaryFolder();
        using (SweepJournal journal = SweepJournal.Create(SweepTexts.Parse(Space), folder["sweep"], TimeProvider.System))
        {
            journal.End(Record(0));
            journal.End(Record(1));
        }

        var files = new SweepFolder(folder["sweep"]);
        string[] lines = File.ReadAllLines(files.TrialsPath);
        File.WriteAllLines(files.TrialsPath, [lines[0], damage, lines[1], lines[1]]);
        using SweepJournal opened = SweepJournal.Open(folder["sweep"], TimeProvider.System);
        Assert.Equal([0, 1], opened.Ended.Select(record => record.Index));
        Assert.Equal(
            "trials.jsonl is damaged: 1 line cannot be read and 1 line is there twice; the sweep goes on with the others",
            Assert.Single(opened.Notes));
        Assert.Equal([0, 1], SweepJournal.ReadEnded(files).Select(record => record.Index));
    }

    [Fact]
    public void Trials_that_only_the_log_knows_are_restored()
    {
        using var folder = new TemporaryFolder();
        using (SweepJournal journal = SweepJournal.Create(SweepTexts.Parse(Space), folder["sweep"], TimeProvider.System))
        {
            journal.End(Record(0));
            journal.End(Record(1));
        }

        var files = new SweepFolder(folder["sweep"]);
        string[] lines = File.ReadAllLines(files.TrialsPath);
        File.WriteAllLines(files.TrialsPath, ["rotten", lines[1]]);
        using (SweepJournal opened = SweepJournal.Open(folder["sweep"], TimeProvider.System))
            Assert.Equal([1, 0], opened.Ended.Select(record => record.Index));
        Assert.Equal(["rotten", lines[1], lines[0]], File.ReadAllLines(files.TrialsPath));
    }

    [Fact]
    public void Damaged_lines_of_the_log_cost_no_other()
    {
        using var folder = new TemporaryFolder();
        using (SweepJournal journal = SweepJournal.Create(SweepTexts.Parse(Space), folder["sweep"], TimeProvider.System)) journal.End(Record(0));
        var files = new SweepFolder(folder["sweep"]);
        string[] lines = File.ReadAllLines(files.LogPath);
        File.WriteAllLines(files.LogPath, ["{\"\\ud800\":1}", "{\"kind\":\"score\",\"trial\":1}", .. lines, "{\"kind\":\"begin\",\"trial\":2147483647}"]);
        using SweepJournal opened = SweepJournal.Open(folder["sweep"], TimeProvider.System);
        Assert.Equal(lines.Length, opened.Log.Count);
        Assert.StartsWith("sweep.jsonl is damaged: 3 lines cannot be read", Assert.Single(opened.Notes), StringComparison.Ordinal);
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

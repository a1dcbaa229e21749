using VaeCluster.Sweeps.Reports;

namespace VaeCluster.Sweeps.Tests.Reports;

public sealed class TrialCourseTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vaecluster-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Evaluations_are_preferred_to_epochs_unless_there_is_only_one()
    {
        string epochs = string.Concat(Enumerable.Range(1, 3).Select(i =>
            $$"""{"kind":"epoch","step":{{i * 10}},"epoch":{{i}},"elbo":-{{i}}}""" + "\n"));
        const string Test = """{"kind":"evaluation","split":"test","step":30,"epoch":3,"elbo":-9}""" + "\n";
        Assert.Equal(("epoch mean", 3), Read(epochs + Test));
        Assert.Equal(("test", 2), Read(epochs + Test + Test.Replace("30", "40", StringComparison.Ordinal)));
        Assert.Null(TrialCourse.Read(Path.Combine(_folder, "missing.jsonl"), 10));
    }

    [Fact]
    public void Long_courses_are_thinned_keeping_both_ends()
    {
        string path = Path.Combine(_folder, "metrics.jsonl");
        File.WriteAllText(path, string.Concat(Enumerable.Range(1, 1000).Select(i =>
            $$"""{"kind":"step","step":{{i}},"epoch":1,"elbo":-{{i}}}""" + "\n")));
        TrialCourse course = TrialCourse.Read(path, 24)!;
        Assert.Equal(24, course.Points.Count);
        Assert.Equal((1, 1000), (course.Points[0].Step, course.Points[^1].Step));
        Assert.Equal(course.Points.Select(point => point.Step).Distinct().Order(), course.Points.Select(point => point.Step));
    }

    private (string, int)? Read(string text)
    {
        string path = Path.Combine(_folder, "metrics.jsonl");
        File.WriteAllText(path, text);
        return TrialCourse.Read(path, 10) is { } course ? (course.Source, course.Points.Count) : null;
    }
}

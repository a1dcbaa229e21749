using System.Globalization;
using VaeCluster.Training.Metrics.Curves;

namespace VaeCluster.Training.Tests.Metrics.Curves;

public sealed class RunCurvesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vaecluster-").FullName;
    private readonly RunCurves _curves = new();

    private string File => Path.Combine(_folder, "metrics.jsonl");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_file_that_does_not_exist_yet_is_an_empty_curve()
    {
        RunCurve curve = _curves.Read(File, 100);
        Assert.Equal(0, curve.Step);
        Assert.Empty(curve.Steps["elbo"]);
        Assert.Empty(curve.Latest);
        Assert.Null(curve.KlPerDimension);
    }

    [Fact]
    public void What_is_added_is_read_once_and_torn_lines_when_they_are_whole()
    {
        Append(Step(1, -5), Step(2, -4));
        Assert.Equal(2, _curves.Read(File, 100).Step);
        System.IO.File.AppendAllText(File, Step(3, -3)[..20]);
        Assert.Equal(2, _curves.Read(File, 100).Step);
        System.IO.File.AppendAllText(File, Step(3, -3)[20..] + "\n");
        Append("""{"kind":"evaluation","step":3,"epoch":1,"split":"validation","elbo":-3.5,"reconstruction":3,"kl":0.5,"activeUnits":1,"klPerDimension":[0.4,null],"examples":9}""");
        RunCurve curve = _curves.Read(File, 100);
        Assert.Equal([[1, -5], [2, -4], [3, -3]], curve.Steps["elbo"]);
        Assert.Equal(-3, curve.Latest["elbo"]);
        Assert.Equal([[3, -3.5]], curve.Validation["elbo"]);
        Assert.Empty(curve.Test["elbo"]);
        Assert.Equal([0.4, double.NaN], curve.KlPerDimension!);
    }

    [Fact]
    public void A_file_that_was_cut_back_and_written_anew_is_read_anew()
    {
        Append(Step(1, -5), Step(2, -4), Step(3, 1000));
        Assert.Equal(1000, _curves.Read(File, 100).Steps["elbo"].Max(point => point[1]));
        System.IO.File.Delete(File);
        Append(Step(1, -5), Step(2, -4), Step(3, -2), Step(4, -1));
        Assert.Equal([[1, -5], [2, -4], [3, -2], [4, -1]], _curves.Read(File, 100).Steps["elbo"]);
    }

    [Fact]
    public void A_large_file_that_cores_share_gives_the_same_curve_as_one_read_as_it_grew()
    {
        const int Steps = 90_000; // some 15 MB: more than one core reads alone
        string grown = File + "2";
        var followed = new RunCurves();
        using (StreamWriter whole = System.IO.File.CreateText(File))
        {
            for (int first = 1; first <= Steps; first += 10_000)
            {
                string[] lines = [.. Enumerable.Range(first, 10_000).Select(step => Step(step, Math.Sin(step) * step))];
                foreach (string line in lines) whole.Write(line + "\n");
                System.IO.File.AppendAllLines(grown, lines);
                followed.Read(grown, 100);
            }
        }

        RunCurve once = _curves.Read(File, 400), often = followed.Read(grown, 400);
        Assert.Equal(Steps, once.Step);
        foreach (string name in once.Steps.Keys) Assert.Equal(often.Steps[name], once.Steps[name]);
    }

    private void Append(params string[] lines) => System.IO.File.AppendAllLines(File, lines);

    private static string Step(int step, double elbo) => string.Create(
        CultureInfo.InvariantCulture,
        $"{{\"kind\":\"step\",\"step\":{step},\"epoch\":1,\"loss\":{-elbo},\"elbo\":{elbo},\"reconstruction\":{-elbo},\"kl\":0.25,\"beta\":1,\"learningRate\":0.001,\"gradientNorm\":12.5,\"samplesPerSecond\":1000.5}}");
}

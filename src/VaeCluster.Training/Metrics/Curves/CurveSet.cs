namespace VaeCluster.Training.Metrics.Curves;

/// <summary>All curves of a run, or of a part of its lines.</summary>
internal sealed class CurveSet
{
    // Evaluations have these three: the names from 1 to 3.
    private const int FirstTerm = 1, Terms = 3;

    private readonly CurveSketch[] _steps = [.. Enumerable.Range(0, CurveLine.Values).Select(_ => new CurveSketch())];
    private readonly CurveSketch[] _validation = [.. Enumerable.Range(0, Terms).Select(_ => new CurveSketch())];
    private readonly CurveSketch[] _test = [.. Enumerable.Range(0, Terms).Select(_ => new CurveSketch())];
    private readonly double[] _latest = new double[CurveLine.Values];
    private int _step;
    private double[]? _kl;

    /// <summary>Adds a line.</summary>
    internal void Add(ref CurveLine line)
    {
        switch (line.Kind)
        {
            case 's':
                _step = line.Step;
                for (int i = 0; i < CurveLine.Values; i++) _steps[i].Add(line.Step, _latest[i] = line.Numbers[i]);
                break;
            case 'v' or 't':
                for (int i = 0; i < Terms; i++) (line.Kind == 'v' ? _validation : _test)[i].Add(line.Step, line.Numbers[FirstTerm + i]);
                _kl = line.KlPerDimension ?? _kl;
                break;
        }
    }

    /// <summary>Adds the curves of the lines that follow.</summary>
    /// <param name="next">It is used up.</param>
    internal void Add(CurveSet next)
    {
        for (int i = 0; i < CurveLine.Values; i++) _steps[i].Add(next._steps[i]);
        for (int i = 0; i < Terms; i++)
        {
            _validation[i].Add(next._validation[i]);
            _test[i].Add(next._test[i]);
        }

        _kl = next._kl ?? _kl;
        if (next._step == 0) return;
        _step = next._step;
        next._latest.CopyTo(_latest, 0);
    }

    /// <summary>The curves in few points.</summary>
    /// <param name="points">At most so many a curve.</param>
    internal RunCurve Thin(int points) => new(
        _step,
        Thin(_steps, 0, points), Thin(_validation, FirstTerm, points), Thin(_test, FirstTerm, points),
        Enumerable.Range(0, _step == 0 ? 0 : CurveLine.Values).ToDictionary(i => CurveLine.Names[i], i => _latest[i]),
        _kl);

    private static Dictionary<string, double[][]> Thin(CurveSketch[] curves, int firstName, int points) =>
        Enumerable.Range(0, curves.Length).ToDictionary(i => CurveLine.Names[firstName + i], i => curves[i].Thin(points));
}

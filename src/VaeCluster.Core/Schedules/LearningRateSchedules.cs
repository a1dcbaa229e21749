using VaeCluster.Core.Numerics;
using VaeCluster.Core.Specs;

namespace VaeCluster.Core.Schedules;

/// <summary>
/// The choices of <c>training.schedule</c>: factors on the learning rate. Each starts with a warm-up, (step + 1)/warmupSteps, and then
/// proceeds as if the run began after it.
/// </summary>
public static class LearningRateSchedules
{
    /// <summary>The schedules with their fields in the run file.</summary>
    public static IReadOnlyList<Member> Members { get; } =
    [
        new("constant", "constant learning rate", [Warmup]),
        new(
            "step",
            "step decay: multiplied by gamma at regular intervals",
            [
                new("every", FieldKind.Integer, "steps between two decays") { Required = true, Min = 1, Max = int.MaxValue },
                new("gamma", FieldKind.Number, "the factor of one decay") { Default = 0.1, Min = 0, AboveMin = true, Max = 1 },
                Warmup,
            ]),
        new(
            "cosine",
            "cosine decay over the run",
            [
                new("final", FieldKind.Number, "the final learning rate as a fraction of learningRate") { Default = 0.0, Min = 0, Max = 1 },
                Warmup,
            ]),
    ];

    private static FieldRule Warmup => new("warmupSteps", FieldKind.Integer, "length in steps of the linear warm-up of the learning rate")
    {
        Default = 0L,
        Min = 0,
        Max = int.MaxValue,
    };

    /// <summary>Creates a schedule; missing fields take their defaults.</summary>
    /// <param name="schedule">One of <see cref="Members"/> with its fields.</param>
    /// <exception cref="ArgumentException">There is no such schedule.</exception>
    public static ISchedule Create(MemberSpec schedule)
    {
        MemberSpec complete = Member.Complete(Members, schedule);
        Func<int, int, double> body = complete.Name switch
        {
            "step" => Steps(complete.Integer("every"), complete.Number("gamma")),
            "cosine" => Cosine(complete.Number("final")),
            _ => (_, _) => 1,
        };
        int warmup = complete.Integer("warmupSteps");
        return new Schedule((step, total) => step < warmup ? (step + 1.0) / warmup : body(step - warmup, Math.Max(1, total - warmup)));
    }

    private static Func<int, int, double> Steps(int every, double gamma) => (step, _) => ScalarMath.Power(gamma, step / every);

    // Loshchilov, Hutter: SGDR, stochastic gradient descent with warm restarts. ICLR 2017, without restarts.
    private static Func<int, int, double> Cosine(double final) =>
        (step, total) => final + (1 - final) * 0.5 * (1 + ScalarMath.Cos(Math.PI * Math.Min(1.0, (double)step / total)));
}

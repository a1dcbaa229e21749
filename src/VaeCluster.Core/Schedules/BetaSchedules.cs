using VaeCluster.Core.Specs;

namespace VaeCluster.Core.Schedules;

/// <summary>The choices of <c>objective.schedule</c>: factors in [0, 1] on the weight of the KL term.</summary>
public static class BetaSchedules
{
    /// <summary>The schedules with their fields in the run file.</summary>
    public static IReadOnlyList<Member> Members { get; } =
    [
        new("constant", "the full weight from the first step", []),
        new(
            "linear",
            "rises linearly from 0 to the full weight, then stays there",
            [new("steps", FieldKind.Integer, "length of the rise in steps; default: the whole run") { Min = 1, Max = int.MaxValue }]),
        new(
            "cyclical",
            "cyclical annealing: rises from 0 repeatedly (Fu et al. 2019)",
            [
                new("cycles", FieldKind.Integer, "number of cycles in the run") { Default = 4L, Min = 1, Max = int.MaxValue },
                new("ratio", FieldKind.Number, "fraction of a cycle that rises; the rest has the full weight")
                {
                    Default = 0.5,
                    Min = 0,
                    AboveMin = true,
                    Max = 1,
                },
            ]),
    ];

    /// <summary>Creates a schedule; missing fields take their defaults.</summary>
    /// <param name="schedule">One of <see cref="Members"/> with its fields.</param>
    /// <exception cref="ArgumentException">There is no such schedule.</exception>
    public static ISchedule Create(MemberSpec schedule)
    {
        MemberSpec complete = Member.Complete(Members, schedule);
        return new Schedule(complete.Name switch
        {
            "linear" => Linear(complete.Has("steps") ? complete.Integer("steps") : null),
            "cyclical" => Cyclical(complete.Integer("cycles"), complete.Number("ratio")),
            _ => (_, _) => 1,
        });
    }

    private static Func<int, int, double> Linear(int? steps) => (step, total) => Math.Min(1, (double)step / (steps ?? total));

    // Fu, Li, Liu, Gao, Celikyilmaz, Carin: Cyclical annealing schedule. NAACL 2019, equations 6 and 7:
    // τ = mod(t − 1, ⌈T/M⌉) / (T/M), β = min(1, τ/R), with steps t from 1.
    private static Func<int, int, double> Cyclical(int cycles, double ratio) => (step, total) =>
    {
        double period = (double)total / cycles;
        double position = step % Math.Ceiling(period) / period;
        return Math.Min(1, position / ratio);
    };
}

namespace VaeCluster.Core.Specs;

/// <summary>A field that a member of a family declares: its type, its default and what is allowed.</summary>
/// <param name="Name">The name in the run file.</param>
/// <param name="Kind">The type of its value.</param>
/// <param name="Summary">What it means, with its unit.</param>
public sealed record FieldRule(string Name, FieldKind Kind, string Summary)
{
    private readonly object? _default;

    /// <summary>
    /// The value where the file leaves it out; null: there is none, and unless <see cref="Required"/> the member does without.
    /// Integers and lists of <see cref="int"/> are widened to the types of <see cref="FieldKind"/>.
    /// </summary>
    public object? Default
    {
        get => _default;
        init => _default = value switch
        {
            int integer when Kind == FieldKind.Number => (double)integer,
            int integer => (long)integer,
            IReadOnlyList<int> list => list.Select(element => (long)element).ToArray(),
            _ => value,
        };
    }

    /// <summary>Whether a file that leaves it out is refused.</summary>
    public bool Required { get; init; }

    /// <summary>Smallest value allowed (of every element of a list).</summary>
    public double Min { get; init; } = double.NegativeInfinity;

    /// <summary>Largest value allowed (of every element of a list).</summary>
    public double Max { get; init; } = double.PositiveInfinity;

    /// <summary>Whether <see cref="Min"/> itself is refused: for values that must be above zero.</summary>
    public bool AboveMin { get; init; }

    /// <summary>Whether <see cref="Max"/> itself is refused.</summary>
    public bool BelowMax { get; init; }

    /// <summary>For <see cref="FieldKind.Text"/>: the words allowed; for <see cref="FieldKind.Layers"/> and <see cref="FieldKind.IntegerMap"/>: the keys. Null: any.</summary>
    public IReadOnlyList<string>? Words { get; init; }

    /// <summary>What is allowed, in words, for example <c>a whole number of at least 1</c>.</summary>
    public string Allowed => FieldRuleText.Allowed(this);
}
